package dev.warder.edit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The model of {@code message_start} is replaced, and no other byte of an event stream. */
class MessageStartEditTest {
    private static final String MODEL = "\"model\":\"claude-test\"";
    private static final String ALIAS = "\"model\":\"fast[1m]\"";
    private static final String STREAM = String.join("", Messages.stream("grüß dich", "the \"model\":\"claude-test\""));
    private static final String SPLIT =
            "event: message_start\ndata: {\"type\": \"message_start\",\ndata:  \"message\":\n"
                    + ": a comment {\ndata:{\"id\":7,\ndata:" + MODEL + "}}\n\n";

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
        assertThat(Pieces.edited(edit(), stream, size))
                .isEqualTo(stream.replaceFirst(MODEL, ALIAS.replace("[", "\\[")));
    }

    static List<String> others() {
        return List.of(
                "",
                Messages.event("error", Messages.error("overloaded_error", "No.")) + STREAM,
                Messages.delta("first") + STREAM,
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"claude-test\"\n\n"
                        + STREAM,
                "data: not JSON\n\n" + STREAM,
                "data: [{\"type\":\"message_start\",\"message\":{" + MODEL + "}}]\n\n",
                "data: {\"type\":\"message_start\",\"message\":{\"model\":null}}\n\n",
                "data: {\"type\":\"message_start\",\"message\":{\"id\":\"msg\"}}\n\n",
                "data: {\"type\":\"message_start\"," + MODEL + ",\"other\":{" + MODEL + "}}\n\n",
                "data: {\"type\":\"message_start\",\"message\":[{" + MODEL + "}]}\n\n",
                "data: {\"type\":\"message_start\",\"message\":{\"usage\":{" + MODEL + "}}}\n\n",
                "event: message_start\ndata: {\"type\":\"other\",\"message\":{" + MODEL + "}}\n\n",
                "data: {\"type\":\"message_start\",\"message\":{" + MODEL);
    }

    @Test
    void replacesEveryModelOfAMessageThatHasSeveral() {
        var twice = "data: {\"type\":\"message_start\",\"message\":{" + MODEL + ",\"model\":\"other\"}}\n\n";
        assertThat(Pieces.edited(edit(), twice, 9))
                .isEqualTo("data: {\"type\":\"message_start\",\"message\":{" + ALIAS + "," + ALIAS + "}}\n\n");
    }

    @Test
    void passesAnEventThatIsTooLargeToHold() {
        var large = Messages.start().replace("msg_test", "m".repeat(70_000));
        for (int size : List.of(1000, 100_000)) {
            assertThat(Pieces.edited(edit(), large + Messages.end(), size)).isEqualTo(large + Messages.end());
        }
    }

    private static MessageStartEdit edit() {
        return new MessageStartEdit("\"fast[1m]\"".getBytes(UTF_8));
    }
}
