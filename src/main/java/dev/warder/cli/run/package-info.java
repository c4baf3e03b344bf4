/**
 * Runs the commands that end by themselves. {@link dev.warder.cli.run.OneShots} takes a parsed {@link
 * dev.warder.cli.Command.OneShot}: {@code --help}, {@code --version}, {@code token}, {@code price} ({@code
 * PriceCommand}) and {@code auth} ({@code AuthCommand}). Those for administrators of a running gateway are in {@link
 * dev.warder.cli.admin}.
 */
@NullMarked
package dev.warder.cli.run;

import org.jspecify.annotations.NullMarked;
