package dev.warder.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of the 256 bytes in each place where Warder writes a field or an event of its own. */
@OnEachContainer
class ByteContract extends SharedContract {
    private static final String BODY = "{\"model\":\"claude-x\"}";
    private static final String CHAT =
            "{\"model\":\"claude-sonnet-5-5\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]%s}";

    /** The byte goes up as it is, within one field, or the request is refused. */
    @Test
    void passesEachByteOfAFieldWithinItsFieldOrRefusesIt() throws Exception {
        for (int value = 0; value < 256; value++) {
            upstream.clear();
            var answer = sendWith(value);
            if (answer.status() == 200) {
                var head = upstream.take().rawHead();
                assertThat(head.lines()
                                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("x-test:")))
                        .hasSize(1);
                assertThat(head.replace("\r\n", "")).as("byte %d", value).doesNotContain("\r", "\n", "\u0000");
                if (value != '\n') { // RFC 9112, section 2.2: a recipient may take a lone LF as the end of a line.
                    assertThat(head.lines().filter(line -> line.toLowerCase(Locale.ROOT)
                                    .startsWith("x-more")))
                            .isEmpty();
                }

            } else {
                assertStatus(400, answer);
                assertThat(upstream.requests()).isEmpty();
            }
        }
    }

    /** The byte comes down within one field, or the response is replaced by an error. */
    @Test
    void relaysEachByteOfAFieldWithinItsField() throws Exception {
        for (int value = 0; value < 256; value++) {
            byte[] field = bytes("X-Test: a", value, "X-More: b");
            upstream.clear();
            upstream.next((request, reply) -> {
                reply.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n");
                reply.send(field);
                reply.send("\r\n\r\n{}");
            });
            try (var client = connect(gateway())) {
                var answer = client.exchange(authenticated("GET", "/v1/files"));
                assertThat(answer.status()).as("byte %d: %s", value, answer).isIn(200, 502);
                if (value != '\n') { // A lone LF may end the upstream's line; then X-More is a field of the upstream.
                    assertThat(answer.fields().has("X-More"))
                            .as("byte %d", value)
                            .isFalse();
                }
                assertThat(answer.fields().values("X-Test"))
                        .as("byte %d", value)
                        .allMatch(ByteContract::isOneLine);
            }
        }
    }

    /** X-Warder-Ignored is the field whose value holds names that a client chose. */
    @Test
    void listsIgnoredMembersWithoutBreakingTheField() throws Exception {
        upstream.script(json(200, Messages.message("a")));
        for (int value = 0; value < 256; value++) {
            var body = CHAT.formatted("," + Messages.quoted("a" + (char) value + "X-More: b") + ":1");
            var answer = exchange(gateway(), post("/v1/chat/completions").json(body));
            assertThat(answer.status()).as("character %d: %s", value, answer).isIn(200, 400);
            assertThat(answer.fields().has("X-More")).as("character %d", value).isFalse();
            assertThat(answer.fields().values("X-Warder-Ignored"))
                    .as("character %d", value)
                    .hasSizeLessThan(2)
                    .allMatch(ByteContract::isOneLine);
        }
    }

    /** Text, tool names, stop sequences and errors of the upstream become members of frames that Warder builds. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void framesEachCharacterOfATranslatedEvent(boolean error) throws Exception {
        var all = IntStream.range(0, 256).mapToObj(Character::toString).collect(Collectors.joining()) + "\u2028\u2029"
                + "\n\ndata: forged\n\nevent: error\r\rid: 1\r\n\r\n";
        upstream.next(Script.events(
                Messages.start(),
                error
                        ? Messages.event("error", Messages.error("api_error", all))
                        : Messages.delta(all) + Messages.end()));
        var request = post("/v1/chat/completions").json(CHAT.formatted(",\"stream\":true"));
        var text = exchange(gateway(), request).text();
        assertThat(Stream.of(text.split("\r\n|\r|\n")))
                .allMatch(line -> line.isEmpty()
                        || line.startsWith("data: {")
                        || line.equals(error ? "event: error" : "data: [DONE]"))
                .noneMatch(line -> line.startsWith("data: forged"));
        var told = Completions.frames(text).stream()
                .map(frame -> error ? errorOf(frame) : contentOf(frame))
                .collect(Collectors.joining());
        assertThat(told).isEqualTo(all);
    }

    private static String errorOf(JsonObject frame) {
        var error = frame.getJsonObject("error");
        return error == null ? "" : error.getString("message");
    }

    private static String contentOf(JsonObject frame) {
        var delta = frame.getJsonArray("choices").isEmpty()
                ? null
                : frame.getJsonArray("choices").getJsonObject(0).getJsonObject("delta");
        return delta == null ? "" : delta.getString("content", "");
    }

    private RawResponse sendWith(int value) throws Exception {
        var head = post("/v1/messages").json(BODY).head();
        try (var client = connect(gateway())) {
            client.send(head.substring(0, head.length() - 2).getBytes(ISO_8859_1));
            client.send(bytes("X-Test: a", value, "X-More: b"));
            return client.send(("\r\n\r\n" + BODY).getBytes(ISO_8859_1)).readResponse();
        }
    }

    private static byte[] bytes(String before, int value, String after) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(before.getBytes(ISO_8859_1));
        bytes.write(value);
        bytes.write(after.getBytes(ISO_8859_1));
        return bytes.toByteArray();
    }

    private static boolean isOneLine(String value) {
        return value.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
    }
}
