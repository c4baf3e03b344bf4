package dev.warder.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    private static final String ELLIPSIS = "\u2026";

    public static Console system() {
        var charset = Stream.of("stdout.encoding", "sun.stdout.encoding", "native.encoding")
                .map(System::getProperty)
                .filter(Objects::nonNull)
                .filter(Charset::isSupported)
                .findFirst()
                .map(Charset::forName)
                .orElse(StandardCharsets.US_ASCII);
        return new Console(
                System.in, terminal(System.out, charset), System.err, name -> Optional.ofNullable(System.getenv(name)));
    }

    /**
     * Text for a terminal. The ellipsis of masked tokens becomes {@code ...} where the terminal's character set has none, as in
     * the POSIX locale.
     */
    static PrintStream terminal(OutputStream out, Charset charset) {
        return new PrintStream(out, true, charset) {
            @Override
            public void print(@Nullable String text) {
                String whole = String.valueOf(text);
                super.print(charset.newEncoder().canEncode(whole) ? whole : whole.replace(ELLIPSIS, "..."));
            }
        };
    }
}
