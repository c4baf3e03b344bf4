package dev.warder.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Chunks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    private static JsonText literal(String literal) {
        Chunks body = Recorder.body("  " + literal + "  ");
        return new JsonText(body, 2, body.length() - 2);
    }

    @Test
    void decodesEveryEscape() {
        assertThat(literal("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00é€😀\"")
                        .value())
                .isEqualTo("a\"\\/\b\f\n\r\té€😀é€😀");
        assertThat(literal("\"\"").value()).isEmpty();
    }

    @Test
    void decodesALiteralBetweenOtherBytes() {
        String odd = "\"\\\b\f\u0001é€😀a\ud83d";
        byte[] literal = JsonText.literal(odd);
        byte[] bytes = new byte[literal.length + 4];
        System.arraycopy(literal, 0, bytes, 2, literal.length);
        assertThat(JsonText.text(bytes, 2, 2 + literal.length)).isEqualTo(odd);
        assertThat(JsonText.text(JsonText.literal(""), 0, 2)).isEmpty();
    }

    @Test
    void comparesByMeaning() {
        assertThat(literal("\"\\u006d\\u006f\\u0064\\u0065\\u006c\"").is("model"))
                .isTrue();
        assertThat(literal("\"model\"").is("model")).isTrue();
        assertThat(literal("\"models\"").is("model")).isFalse();
        assertThat(literal("\"Model\"").is("model")).isFalse();
        assertThat(literal("\"\\ud83d\\ude00\"").is("😀")).isTrue();
        assertThat(literal("\"" + "x".repeat(100_000) + "\"").is("x")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"abc\"",
                "\"abcd\"",
                "\"\\u0061\\u0062\\u0063\"",
                "\"\\u0061\\u0062\\u0063\\u0064\"",
                "\"abc1234567890123\\n\"",
                "\"abc12345678901\\u00e9\"",
                "\"abc12345678901234€\""
            })
    void findsAPrefixWhateverTheEndCutsOff(String literal) {
        assertThat(literal(literal).startsWith("abc")).isTrue();
        assertThat(literal(literal).startsWith("bc")).isFalse();
    }

    @Test
    void findsNoPrefixInAShorterText() {
        assertThat(literal("\"ab\"").startsWith("abc")).isFalse();
        assertThat(literal("\"\"").startsWith("abc")).isFalse();
    }

    @Test
    void quotesSoThatItReadsBackTheSame() throws JsonException {
        StringBuilder text = new StringBuilder("é€😀\u007f\u2028/");
        for (char c = 0; c < 128; c++) {
            text.append(c);
        }
        String quoted = JsonText.quote(text.toString());
        assertThat(literal(quoted).value()).isEqualTo(text.toString());
        assertThat(quoted).contains("é€😀", "\\u0000", "\\n", "\\\"", "\\\\").doesNotContain("\n");
        JsonScanner.scan(Recorder.body(quoted), 0, Recorder.body(quoted).length(), new Recorder(Recorder.body(quoted)));
    }
}
