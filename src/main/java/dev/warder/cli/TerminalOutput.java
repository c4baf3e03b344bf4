package dev.warder.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Text for a terminal. The ellipsis of masked tokens becomes {@code ...} where the terminal's character set has none, as in the
 * POSIX locale.
 */
final class TerminalOutput {
    private static final String ELLIPSIS = "\u2026";

    private TerminalOutput() {}

    static PrintStream standard() {
        return to(
                System.out,
                Stream.of("stdout.encoding", "sun.stdout.encoding", "native.encoding")
                        .map(System::getProperty)
                        .filter(Objects::nonNull)
                        .filter(Charset::isSupported)
                        .findFirst()
                        .map(Charset::forName)
                        .orElse(StandardCharsets.US_ASCII));
    }

    static PrintStream to(OutputStream out, Charset charset) {
        return new PrintStream(out, true, charset) {
            @Override
            public void print(@Nullable String text) {
                String whole = String.valueOf(text);
                super.print(charset.newEncoder().canEncode(whole) ? whole : whole.replace(ELLIPSIS, "..."));
            }
        };
    }
}
