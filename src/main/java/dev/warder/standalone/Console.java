package dev.warder.standalone;

import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a program is given by whoever starts it.
 *
 * @param out for what was asked for
 * @param err for problems, one line each
 * @param environment the value of an environment variable
 */
record Console(PrintStream out, PrintStream err, Function<String, Optional<String>> environment) {
    static Console system() {
        return new Console(System.out, System.err, name -> Optional.ofNullable(System.getenv(name)));
    }
}
