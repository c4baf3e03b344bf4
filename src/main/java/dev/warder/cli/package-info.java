/**
 * The command line of the standalone form. {@link dev.warder.cli.CommandLine} parses it with picocli into a {@link
 * dev.warder.cli.Command}, which is then run. {@link dev.warder.cli.Entries}
 * turns settings into the JNDI entries that the application reads. The server itself is in {@code dev.warder.standalone}.
 *
 * <p>A new command is a subcommand in {@code Grammar}, a record of {@code Command}, and a branch in {@code CommandLine}.
 */
@NullMarked
package dev.warder.cli;

import org.jspecify.annotations.NullMarked;
