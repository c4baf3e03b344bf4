package dev.warder.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.function.Function;

/**
 * The streams and the environment that a program receives from its caller.
 *
 * @param in what a person types or pastes
 * @param out for results
 * @param err for problems, one line each
 * @param environment returns the value of an environment variable
 */
public record Console(
        BufferedReader in, PrintStream out, PrintStream err, Function<String, Optional<String>> environment) {
    /** The standard streams and the environment of this process. */
    public static Console system() {
        var in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        return new Console(in, TerminalOutput.standard(), System.err, name -> Optional.ofNullable(System.getenv(name)));
    }
}
