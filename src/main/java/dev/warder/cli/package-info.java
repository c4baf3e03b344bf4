/**
 * The command line of the standalone form. {@link dev.warder.cli.CommandLine} parses it with picocli into a {@link
 * dev.warder.cli.Command}. {@link dev.warder.cli.OneShots} runs the commands that end by themselves: {@code --help}, {@code
 * --version}, {@code token}, {@code price}, {@code auth}, and those for administrators of a running gateway. {@link
 * dev.warder.cli.Entries} turns settings into the JNDI entries that the application reads. The server itself is in {@code
 * dev.warder.standalone}.
 *
 * <p>A new command is a subcommand in {@code Grammar}, a record of {@code Command}, and a branch in {@code CommandLine}. Commands
 * for administrators are forms in {@code AdminForm}, which have the words and options of each. {@code AdminCommand} runs them
 * over HTTP: the process that serves is the only one that may open an embedded database, and it checks and audits each change.
 */
@NullMarked
package dev.warder.cli;

import org.jspecify.annotations.NullMarked;
