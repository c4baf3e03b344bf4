/**
 * How settings are read: {@link dev.warder.config.SettingReader} looks every {@link dev.warder.config.Setting} up in JNDI,
 * init-params, context-params and the defaults. The features read their own records with it, and it throws one
 * {@link dev.warder.config.ConfigException} with all problems. Look-ups arrive as functions, so
 * nothing here depends on a container. This package knows the names of all settings and the syntax of their values, but no
 * feature; {@code dev.warder} describes how to add a setting.
 *
 * <p>No problem, warning or log line repeats a value: an operator who mixes two settings up would find a secret in the
 * log. They name the setting, where it was found and what was expected. A blank value counts as unset in every source,
 * since {@code web.xml} may declare an entry that an operator left empty.
 */
@NullMarked
package dev.warder.config;

import org.jspecify.annotations.NullMarked;
