package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private static final String MASKED = "token: sk-plant\u2026t9Kw";

    @Test
    void writesDotsWhereTheCharacterSetHasNoEllipsis() {
        assertThat(printed(StandardCharsets.US_ASCII)).isEqualTo("token: sk-plant...t9Kw" + System.lineSeparator());
    }

    @Test
    void writesTheEllipsisWhereThereIsOne() {
        assertThat(printed(StandardCharsets.UTF_8)).isEqualTo(MASKED + System.lineSeparator());
    }

    private static String printed(Charset charset) {
        var bytes = new ByteArrayOutputStream();
        try (var out = Console.terminal(bytes, charset)) {
            out.println(MASKED);
        }
        return bytes.toString(charset);
    }
}
