/**
 * What the operator set: {@link dev.warder.config.ConfigReader} looks every {@link dev.warder.config.Setting} up in JNDI,
 * init-params, context-params and the defaults, and makes one immutable {@link dev.warder.config.WarderConfig} of it or
 * one {@link dev.warder.config.ConfigException} with all problems. Look-ups arrive as functions, so nothing here knows a
 * container.
 *
 * <p>No problem, warning or log line repeats a value: an operator who mixes two settings up would find a secret in the
 * log. They name the setting, where it was found and what was expected. A blank value counts as unset in every source,
 * since {@code web.xml} may declare an entry that an operator left empty.
 */
@NullMarked
package dev.warder.config;

import org.jspecify.annotations.NullMarked;
