/**
 * The commands for administrators of a running gateway, from a parsed {@link dev.warder.cli.Command.Administer} to lines on the
 * terminal. {@link dev.warder.cli.admin.AdminCommand} runs them over HTTP: the process that serves is the only one that may open
 * an embedded database, and it checks and audits each change. {@code AdminConnection} sends the requests.
 */
@NullMarked
package dev.warder.cli.admin;

import org.jspecify.annotations.NullMarked;
