package dev.warder.openai.responses;

import static dev.warder.openai.Talk.beginTool;
import static dev.warder.openai.Talk.delta;
import static dev.warder.openai.Talk.end;
import static dev.warder.openai.Talk.input;
import static dev.warder.openai.Talk.quoted;
import static dev.warder.openai.Talk.start;
import static dev.warder.openai.Talk.stop;
import static dev.warder.openai.responses.Items.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.openai.shared.CustomText;
import dev.warder.stream.MessageReader.DeltaKind;
import dev.warder.testkit.Turns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("turn-5")
class CustomInputTest {
    private static final String[] TEXTS =
            "a|\u00fc|\u20ac|\ud83d\ude00|\"|\\|/|\n|\t|\b|\u0000|\u001f|\u2028|\uffff|}|\\u".split("[|]");

    @Test
    void findsTheTextWhereverItsJsonIsCut() {
        String text = "a\"\\/\b\n\u0001\u00fc\u20ac\ud83d\ude00\\u00e4\\";
        for (String json : List.of(
                json(text), escaped(text), " {\n\"input\"\t: " + escaped(text).substring(9))) {
            for (int cut = 0; cut <= json.length(); cut++) {
                assertThat(read(List.of(json.substring(0, cut), json.substring(cut))))
                        .isEqualTo(text);
            }
            assertThat(read(json.chars().mapToObj(Character::toString).toList()))
                    .isEqualTo(text);
        }
    }

    @Test
    void findsRandomTextsUnderRandomEscapesInRandomPieces() {
        var random = new Random(1);
        for (int i = 0; i < Turns.of(200, 1000); i++) {
            var text = new StringBuilder();
            random.ints(random.nextInt(30), 0, TEXTS.length).forEach(t -> text.append(TEXTS[t]));
            String json = random.nextBoolean() ? json(text.toString()) : mixed(text.toString(), random);
            var pieces = new ArrayList<String>();
            for (int at = 0; at < json.length(); ) {
                int to = Math.min(json.length(), at + 1 + random.nextInt(8));
                pieces.add(literal(json.substring(at, to), random));
                at = to;
            }
            assertThat(readLiterals(pieces)).isEqualTo(text.toString());
        }
    }

    @Test
    void passesOnWhatIsCompleteAndHoldsTheRest() {
        var reader = new CustomText();
        assertThat(reader.feed("{\"input\":\"a\\")).isEqualTo("a");
        assertThat(reader.feed("u00e4\\ud8")).isEqualTo("\u00e4");
        assertThat(reader.feed("3d")).isEmpty();
        assertThat(reader.feed("\\ude00b")).isEqualTo("\ud83d\ude00b");
        assertThat(reader.end()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "5", "{\"input\":5}", "{\"inputs\":\"a\"}", "{\"in\":\"a\"}"})
    void keepsAJsonOfAnotherShapeAsItIs(String json) {
        for (int cut = 0; cut <= json.length(); cut++) {
            assertThat(read(List.of(json.substring(0, cut), json.substring(cut))))
                    .isEqualTo(json);
        }
    }

    @Test
    void findsTheTextAfterOtherMembers() {
        for (String text : List.of("", "a\"\n\u00fc\ud83d\ude00")) {
            String json = "{\"text\":\"a\",\"more\":{\"input\":1},\"input\":" + quoted(text) + ",\"last\":[]}";
            for (int cut = 0; cut <= json.length(); cut++) {
                assertThat(read(List.of(json.substring(0, cut), json.substring(cut))))
                        .isEqualTo(text);
            }
        }
        assertThat(read(List.of("{\"a\":1,\"input\":\"a\\ud83d\"}"))).isEqualTo("a\ufffd");
    }

    @Test
    void hasNoTextInAnEmptyInput() {
        assertThat(read(List.of("{}"))).isEmpty();
        assertThat(read(List.of(" { ", "} "))).isEmpty();
        assertThat(read(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"input\" \"a\"}", "{\"inp", "not JSON \u00fc"})
    void hasNoTextWithoutJson(String json) {
        assertThat(read(List.of(json))).isEmpty();
    }

    @Test
    void keepsTheTextThatCameBeforeAFault() {
        assertThat(read(List.of("{\"input\":\"ab", "c"))).isEqualTo("abc");
        assertThat(read(List.of("{\"input\":\"abc\",\"more\":1}"))).isEqualTo("abc");
        assertThat(read(List.of("{\"input\":\"abc\\x"))).isEqualTo("abc");
        assertThat(read(List.of("{\"input\":\"abc\\u00g"))).isEqualTo("abc");
        assertThat(read(List.of("{\"input\":\"a\\ud83db\"}"))).isEqualTo("a\ufffdb");
        assertThat(read(List.of("{\"input\":\"a\\ude00b\"}"))).isEqualTo("a\ufffdb");
        assertThat(read(List.of("{\"input\":\"a\\ud83d"))).isEqualTo("a\ufffd");
        assertThat(read(List.of("{\"input\":\"a\nb"))).isEqualTo("a\nb");
    }

    private static String json(String text) {
        return "{\"input\":" + quoted(text) + "}";
    }

    private static String escaped(String text) {
        var json = new StringBuilder("{\"input\":\"");
        text.chars().forEach(c -> json.append(String.format("\\u%04x", c)));
        return json + "\"}";
    }

    private static String mixed(String text, Random random) {
        var json = new StringBuilder("{ \"input\" : \"");
        text.codePoints().forEach(c -> {
            String one = new String(Character.toChars(c));
            String quoted = quoted(one);
            json.append(random.nextBoolean() ? quoted.substring(1, quoted.length() - 1) : units(one));
        });
        return json + "\" }";
    }

    private static String units(String text) {
        var units = new StringBuilder();
        text.chars().forEach(c -> units.append(String.format("\\u%04X", c)));
        return units.toString();
    }

    /** A string literal that escapes some characters that need none; half a surrogate pair always. */
    private static String literal(String piece, Random random) {
        var literal = new StringBuilder("\"");
        for (int i = 0; i < piece.length(); i++) {
            String one = piece.substring(i, i + 1);
            String quoted = quoted(one);
            boolean escape = Character.isSurrogate(one.charAt(0)) || random.nextInt(4) == 0;
            literal.append(escape ? units(one) : quoted.substring(1, quoted.length() - 1));
        }
        return literal + "\"";
    }

    private static String read(List<String> pieces) {
        var never = new Random(2) {
            @Override
            public int nextInt(int bound) {
                return 1;
            }
        };
        return readLiterals(pieces.stream().map(piece -> literal(piece, never)).toList());
    }

    private static String readLiterals(List<String> literals) {
        var events = new StringBuilder(start() + beginTool(0, "t", "grammar") + input(0, ""));
        literals.forEach(literal -> events.append(delta(0, DeltaKind.INPUT, literal)));
        byte[] stream = Items.translated(PLAIN, (events + stop(0) + end("tool_use")).getBytes(StandardCharsets.UTF_8));
        var frames = ItemFrames.framed(stream);
        String input = frames.output().get(0).getString("input");
        assertThat(frames.joined("custom_tool_call_input.delta")).isEqualTo(input);
        assertThat(frames.all("custom_tool_call_input.done"))
                .allMatch(done -> done.getString("input").equals(input));
        return input;
    }
}
