package dev.warder.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Function;

/**
 * The streams and the environment that a program receives from its caller.
 *
 * @param in text that a person types or pastes, in the default character set, or the content of a file
 * @param out for results
 * @param err for problems, one line each
 * @param environment returns the value of an environment variable
 */
public record Console(
        InputStream in, PrintStream out, PrintStream err, Function<String, Optional<String>> environment) {
    public static Console system() {
        return new Console(
                System.in, TerminalOutput.standard(), System.err, name -> Optional.ofNullable(System.getenv(name)));
    }
}
