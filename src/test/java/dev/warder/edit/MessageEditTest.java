package dev.warder.edit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The model of a whole message and of {@code message_start} is replaced, and no other byte. */
class MessageEditTest {
    private static final String MODEL = "\"model\":\"claude-test\"";
    private static final String ALIAS = "\"model\":\"fast\"";
    private static final List<Integer> SIZES = List.of(1, 2, 3, 7, 50, 5000, 1_000_000);
    private static final String ALIAS_OF_START = "\"model\":\"fast[1m]\"";
    private static final String STREAM = String.join("", Messages.stream("grüß dich", "the \"model\":\"claude-test\""));

    private static final String SPLIT =
            "event: message_start\ndata: {\"type\": \"message_start\",\ndata:  \"message\":\n"
                    + ": a comment {\ndata:{\"id\":7,\ndata:" + MODEL + "}}\n\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{%s}",
                " { \"a\" : [1.0,{\"model\":\"claude-test\"}] , %s , \"n\":-0 }\n",
                "{\"content\":[{\"text\":\"a \\\"model\\\":\\\"claude-test\\\"\"}],\"usage\":{\"model\":\"claude-test\"},%s}",
                "{\"model\":7,%s,\"model\":{\"model\":\"x\"},\"models\":\"m\"}",
                "{%1$s,\"b\":\"model\",%1$s}"
            })
    void replacesTheModelHoweverTheDocumentIsCut(String form) {
        for (int size : SIZES) {
            assertThat(Pieces.edited(edit(), form.formatted(MODEL), size)).isEqualTo(form.formatted(ALIAS));
        }
    }

    @Test
    void replacesTheModelOfALargeDocumentWhereverItIs() {
        var text = Messages.quoted("grüß \"model\" dich ".repeat(20_000));
        for (var form : List.of("{%s,\"text\":" + text + "}", "{\"text\":" + text + ",%s ,\"x\":" + text + "}\n")) {
            for (int size : List.of(1009, 8192, 65_536, 1_000_000)) {
                assertThat(Pieces.edited(edit(), form.formatted(MODEL), size).equals(form.formatted(ALIAS)))
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[{\"model\":\"claude-test\"}]",
                "\"model\"",
                "{\"input_tokens\":3}",
                "{\"model\":null}",
                "{\"model\":[\"claude-test\"]}",
                "{\"m\\u006fdel\":\"claude-test\"}",
                "<html>{\"model\":\"claude-test\"}</html>",
                "{\"model\":\"claude-test\"",
                "{\"model\":\"claude-test\"}}",
                "{\"model\":\"claude-test\",}",
                "{\"model\":\"claude-test\",\"a\":\"\u0001\"}"
            })
    void passesWhatHasNoModelOrIsNoJson(String document) {
        for (int size : SIZES) {
            assertThat(Pieces.edited(edit(), document, size)).isEqualTo(document);
        }
    }

    @Test
    void passesALargeDocumentFromTheByteOnThatIsNoJson() {
        var text = Messages.quoted("t".repeat(100_000));
        var broken = "{%s,\"text\":" + text + ",]\"model\":\"claude-test\"}" + text;
        for (int size : List.of(100, 4096)) {
            assertThat(Pieces.edited(edit(), broken.formatted(MODEL), size).equals(broken.formatted(ALIAS)))
                    .isTrue();
        }
    }

    /** The upstream may write what a request must not have. */
    @ParameterizedTest
    @ValueSource(strings = {"[300]", "9{300}", "\"\\ud83d\"", "\"\\ude00\\ud83dx\\n\""})
    void replacesTheModelBesideWhatNoRequestMayHave(String value) {
        var odd = value.equals("[300]") ? "[".repeat(300) + "]".repeat(300) : value.replace("9{300}", "9".repeat(300));
        for (int size : SIZES) {
            assertThat(Pieces.edited(edit(), "{\"x\":" + odd + "," + MODEL + "}", size))
                    .isEqualTo("{\"x\":" + odd + "," + ALIAS + "}");
        }
    }

    @Test
    void holdsNoValueThatIsTooLong() {
        var text = Messages.quoted("t".repeat(70_000));
        var edit = edit();
        edit.feed(("{\"text\":" + text + ",\"model\":\"").getBytes(UTF_8));
        int passed = 0;
        for (int i = 0; i < 100; i++) {
            passed += edit.feed("m".repeat(1000).getBytes(UTF_8)).length;
        }
        assertThat(passed).isGreaterThan(90_000);
        assertThat(edit.feed(("\"," + MODEL + "}").getBytes(UTF_8)))
                .asString(UTF_8)
                .contains(ALIAS);
    }

    private static MessageEdit edit() {
        return new MessageEdit("\"fast\"".getBytes(UTF_8));
    }

    static Stream<String> streams() {
        return Stream.of(
                        STREAM,
                        STREAM.replace("\n", "\r\n"),
                        STREAM.replace("\n", "\r"),
                        "\uFEFF" + STREAM,
                        "\n\n" + STREAM,
                        ": comment\n\n" + Messages.ping() + "data\n\nid: 7\n\n" + STREAM,
                        SPLIT + Messages.end(),
                        SPLIT.replace("\n\n", ""),
                        "data: {\"message\":{" + MODEL + ",\"x\":{\"model\":1}},\"type\":\"message_start\"}\n\n")
                .flatMap(stream -> Stream.of(1, 2, 3, 7, 100, 10_000).map(size -> size + ";" + stream));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void replacesTheModelHoweverTheStreamIsCut(String sized) {
        int size = Integer.parseInt(sized.substring(0, sized.indexOf(';')));
        var stream = sized.substring(sized.indexOf(';') + 1);
        assertThat(Pieces.edited(startEdit(), stream, size))
                .isEqualTo(stream.replaceFirst(MODEL, ALIAS_OF_START.replace("[", "\\[")));
    }

    @Test
    void replacesEveryModelOfAMessageThatHasSeveral() {
        var twice = "data: {\"type\":\"message_start\",\"message\":{" + MODEL + ",\"model\":\"other\"}}\n\n";
        assertThat(Pieces.edited(startEdit(), twice, 9))
                .isEqualTo("data: {\"type\":\"message_start\",\"message\":{" + ALIAS_OF_START + "," + ALIAS_OF_START
                        + "}}\n\n");
    }

    @Test
    void passesAnEventThatIsTooLargeToHold() {
        var large = Messages.start().replace("msg_test", "m".repeat(70_000));
        for (int size : List.of(1000, 100_000)) {
            assertThat(Pieces.edited(startEdit(), large + Messages.end(), size)).isEqualTo(large + Messages.end());
        }
    }

    private static MessageStartEdit startEdit() {
        return new MessageStartEdit("\"fast[1m]\"".getBytes(UTF_8));
    }
}
