package dev.warder.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.body.Chunks;
import dev.warder.testkit.EachRow;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents and literals of JSON, wherever they are cut. */
class JsonScannerTest {
    private static final String MIXED =
            """
             {"a" : [1, -2.50e+10,true ,false,null, 0],
            "\\u00e9\\n\\ud83d\\ude00": {"": {}}, "x":[] ,"ünïcödé €😀": "q\\"\\\\/",
            "n":12345678901234567890123 }
            """;

    private static List<String> events(String document) throws JsonException {
        return Recorder.events(document.getBytes(UTF_8));
    }

    @Test
    void reportsEverythingInOrderByPosition() throws JsonException {
        assertThat(String.join("; ", events(MIXED)))
                .isEqualTo("open {; name a; open [; NUMBER 1; NUMBER -2.50e+10; TRUE true; FALSE false; NULL null; "
                        + "NUMBER 0; close ]; name é\n😀; open {; name ; open {; close }; close }; name x; open [; "
                        + "close ]; name ünïcödé €😀; STRING q\"\\/; name n; NUMBER 12345678901234567890123; close }");
    }

    @Test
    void readsTheSameAtEveryPairOfCuts() throws JsonException {
        byte[] document = MIXED.getBytes(UTF_8);
        List<String> whole = Recorder.events(document);
        for (int first = 0; first <= document.length; first++) {
            for (int second = first; second <= document.length; second++) {
                assertThat(Recorder.events(document, first, second)).isEqualTo(whole);
            }
        }
        int[] everywhere = IntStream.range(0, document.length).toArray();
        assertThat(Recorder.events(document, everywhere)).isEqualTo(whole);
    }

    @Test
    void readsANumberThatOnlyTheEndOfTheDocumentEnds() throws JsonException {
        assertThat(events("-1.5e3")).containsExactly("NUMBER -1.5e3");
    }

    @Test
    void nests128DeepAndNoDeeper() {
        assertThat(Recorder.accepts(("[".repeat(128) + "]".repeat(128)).getBytes(UTF_8)))
                .isTrue();
        String mixed = "{\"a\":[".repeat(64);
        assertThat(Recorder.accepts((mixed + "]}".repeat(64)).getBytes(UTF_8))).isTrue();
        assertThatThrownBy(() -> events("[".repeat(129)))
                .isInstanceOf(JsonException.class)
                .hasMessage("nested more than 128 deep (byte 128)");
        assertThatThrownBy(() -> events(mixed + "{")).hasMessage("nested more than 128 deep (byte 384)");
    }

    @Test
    void countsTheDigitsOfANumber() {
        assertThat(Recorder.accepts("9".repeat(256).getBytes(UTF_8))).isTrue();
        assertThat(Recorder.accepts(
                        ("-" + "9".repeat(100) + "." + "8".repeat(100) + "e+" + "7".repeat(56)).getBytes(UTF_8)))
                .isTrue();
        assertThatThrownBy(() -> events("9".repeat(257))).hasMessage("a number of more than 256 digits (byte 256)");
        assertThatThrownBy(() -> events("0." + "1".repeat(256))).hasMessageContaining("256 digits");
    }

    @EachRow({
        "{\"a\" 1}|a colon must follow the name (byte 5)",
        "{a:1}|a name in quotes is required here (byte 1)",
        "{\"a\":1,}|a name in quotes is required here (byte 7)",
        "[1 2]|a comma or the closing bracket must follow a value (byte 3)",
        "[1}|a comma or the closing bracket must follow a value (byte 2)",
        "{} {}|something follows the document (byte 3)",
        "[tru]|not a value (byte 4)",
        "[1.]|a digit is missing in a number (byte 3)",
        "-|a digit is missing in a number (byte 1)",
        "[1|the document ends early (byte 2)",
        "\"abc|the document ends early (byte 4)",
        "``|the document is empty (byte 0)",
        "` `|the document is empty (byte 1)",
        "\"\\x\"|an unknown escape in a string (byte 2)",
        "\"\\u12g4\"|an escape needs four hexadecimal digits (byte 5)",
        "\"\\ud800x\"|a surrogate without its other half in a string (byte 7)",
        "\"\\ud800\\n\"|a surrogate without its other half in a string (byte 8)",
        "\"\\udc00\"|a surrogate without its other half in a string (byte 6)",
        "\"\\ud800\\ud800\"|a surrogate without its other half in a string (byte 12)",
    })
    void saysWhatIsWrongAndWhere(String document, String message) {
        assertThatThrownBy(() -> events(document))
                .isInstanceOf(JsonException.class)
                .hasMessage(message);
    }

    @Test
    void refusesEveryControlCharacterInAString() {
        for (char c = 0; c < ' '; c++) {
            String document = "\"ab" + c + "\"";
            assertThatThrownBy(() -> events(document)).hasMessage("a control character in a string (byte 3)");
        }
    }

    @Test
    void knowsOneStringLiteral() {
        for (String is : List.of("\"\"", "\"a\\n\\u00e9\u20ac\"", "\"\\ud83d\\ude00\"")) {
            assertThat(isString(is)).as(is).isTrue();
        }
        for (String not : List.of(
                "",
                "\"",
                "1",
                "\"a",
                "\"a\\\"",
                "\"a\"b\"",
                " \"a\"",
                "\"a\" ",
                "\"\\ud800\"",
                "\"\\u12\"",
                "\"\t\"")) {
            assertThat(isString(not)).as(not).isFalse();
        }
        assertThat(isString("\"\u00ff\"".getBytes(StandardCharsets.ISO_8859_1))).isFalse();
    }

    @Test
    void findsTheEndOfALiteral() {
        byte[] text = "x\"a\\\"b\"\"c\"".getBytes(UTF_8);
        assertThat(JsonScanner.stringEnd(text, 1, text.length)).isEqualTo(7);
        assertThat(JsonScanner.stringEnd(text, 1, 7)).isEqualTo(7);
        assertThat(JsonScanner.stringEnd(text, 1, 6)).isEqualTo(-1);
        assertThat(JsonScanner.stringEnd(text, 0, text.length)).isEqualTo(-1);
        assertThat(JsonScanner.stringEnd(text, text.length, text.length)).isEqualTo(-1);
    }

    private static boolean isString(String text) {
        return isString(text.getBytes(UTF_8));
    }

    private static boolean isString(byte[] text) {
        byte[] bytes = new byte[text.length + 2];
        System.arraycopy(text, 0, bytes, 1, text.length);
        bytes[bytes.length - 1] = '"';
        return JsonScanner.stringEnd(bytes, 1, bytes.length - 1) == bytes.length - 1;
    }

    @Test
    void refusesOtherEncodingsByName() {
        assertThatThrownBy(() -> Recorder.events("{}".getBytes(StandardCharsets.UTF_16BE)))
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> Recorder.events("{}".getBytes(StandardCharsets.UTF_16LE)))
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> Recorder.events("{}".getBytes(StandardCharsets.UTF_16)))
                .hasMessageContaining("byte order mark");
        assertThatThrownBy(() -> events("\uFEFF{}")).hasMessageContaining("byte order mark");
    }

    @Test
    void refusesMalformedUtf8AtEveryCut() {
        var malformed = "80 bf c0af c1bf e08080 e09fbf eda080 edbfbf f08fbfbf f0808080 f4908080 f5808080 ff fe c3 e282 "
                + "f09f98 c328 e28228 f0288cbc f0908c28 c3c3 f8888080";
        for (String hex : malformed.split(" ")) {
            byte[] bytes = HexFormat.of().parseHex("7b2261223a22" + hex + "227d");
            assertThatThrownBy(() -> Recorder.events(bytes)).as(hex).hasMessageContaining("not valid UTF-8");
            for (int cut = 0; cut <= bytes.length; cut++) {
                assertThat(Recorder.accepts(bytes, cut)).isFalse();
            }
        }
    }

    @Test
    void acceptsTheFirstAndLastOfEveryLengthOfUtf8() throws JsonException {
        for (int point : new int[] {0x20, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF}) {
            String text = Character.toString(point);
            assertThat(events("\"" + text + "\"")).containsExactly("STRING " + text);
        }
    }

    @Test
    void scansOneValueInsideABodyWithThePositionsOfTheBody() throws JsonException {
        String document = "{\"a\": [1,\"two\"] }";
        Chunks body = Recorder.body(document);
        Recorder recorder = new Recorder(body);
        JsonScanner.scan(body, 6, 15, recorder);
        assertThat(recorder.events).containsExactly("open [", "NUMBER 1", "STRING two", "close ]");
        assertThatThrownBy(() -> JsonScanner.scan(body, 6, 14, recorder)).isInstanceOf(JsonException.class);
    }

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
