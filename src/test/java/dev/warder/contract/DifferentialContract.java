package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random documents through the whole line, cut at random: what comes upstream is what a reference parser and a few lines of
 * the rule say, and byte-identical outside {@code system}. The seeds are fixed, so that a failure comes again.
 */
class DifferentialContract extends SharedContract {
    private static final String TEXT = "Answer in the house style.";
    private static final int DOCUMENTS = 150;
    /** Documents on one connection; Tomcat closes behind a hundred requests. */
    private static final int ROUND = 50;

    @ParameterizedTest
    @ValueSource(longs = 20261120)
    void leavesEveryDocumentAlone(long seed) throws Exception {
        var random = new Random(seed);
        for (int i = 0; i < DOCUMENTS; i += ROUND) {
            try (var client = connect(gateway())) {
                for (int j = 0; j < ROUND; j++) {
                    var document = RandomDocument.of(random);
                    assertThat(send(client, document.text(), random)).isEqualTo(document.text());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = 20261121)
    void changesNothingButTheSystem(long seed) throws Exception {
        var random = new Random(seed);
        for (int i = 0; i < DOCUMENTS; i += ROUND) {
            try (var client = RawClient.connect(gateway("prompt.text", TEXT).baseUri())) {
                for (int j = 0; j < ROUND; j++) {
                    check(i + j, RandomDocument.of(random), client, random);
                }
            }
        }
    }

    private void check(int number, RandomDocument document, RawClient client, Random random) throws Exception {
        var sent = send(client, document.text(), random);
        var about = "document " + number + ": " + document + " became " + sent;
        assertThat(sent).as(about).startsWith(document.before()).endsWith(document.after());
        var before = Answers.json(document.text());
        var expected = Json.createObjectBuilder(before);
        expected.add("system", expected(before.getOrDefault("system", JsonValue.NULL)));
        assertThat(Answers.json(sent)).as(about).isEqualTo(expected.build());
        if (expected(before.getOrDefault("system", JsonValue.NULL)).equals(before.get("system"))) {
            assertThat(sent).as(about).isEqualTo(document.text());
        }
    }

    /** Rule "The operator's prompt" in a few lines, on trees. */
    private static JsonValue expected(JsonValue system) {
        var blocks = Json.createArrayBuilder();
        if (system.equals(JsonValue.NULL) || isText(system, "")) {
            return blocks.add(block(TEXT)).build();
        } else if (system instanceof JsonString text) {
            return text.getString().equals(TEXT) ? system : inserted(List.of(block(text.getString())), blocks);
        } else if (system.getValueType() != JsonValue.ValueType.ARRAY
                || system.asJsonArray().contains(block(TEXT))) {
            return system;
        }
        return inserted(system.asJsonArray(), blocks);
    }

    private static JsonValue inserted(List<? extends JsonValue> found, JsonArrayBuilder blocks) {
        var attributed = !found.isEmpty()
                && found.get(0) instanceof JsonObject first
                && first.getString("text", "").startsWith("x-anthropic-billing-header")
                && first.getString("type", "").equals("text");
        var at = attributed ? 1 : 0;
        found.subList(0, at).forEach(blocks::add);
        blocks.add(block(TEXT));
        found.subList(at, found.size()).forEach(blocks::add);
        return blocks.build();
    }

    private static boolean isText(JsonValue value, String text) {
        return value instanceof JsonString string && string.getString().equals(text);
    }

    private static JsonObject block(String text) {
        return Json.createObjectBuilder().add("type", "text").add("text", text).build();
    }

    private String send(RawClient client, String document, Random random) throws Exception {
        var bytes = utf8(document);
        var chunked = random.nextBoolean();
        client.send(
                chunked
                        ? post("/v1/messages")
                                .field("Transfer-Encoding", "chunked")
                                .head()
                        : post("/v1/messages")
                                .field("Content-Length", Integer.toString(bytes.length))
                                .head());
        var longest = 1 + random.nextInt(random.nextBoolean() ? 8 : 4096);
        for (int at = 0, end; at < bytes.length; at = end) {
            end = Math.min(bytes.length, at + 1 + random.nextInt(longest));
            sendPiece(client, Arrays.copyOfRange(bytes, at, end), chunked);
        }
        if (chunked) {
            client.sendChunk(new byte[0]);
        }
        assertStatus(200, client.readResponse());
        return upstream.take().text();
    }

    private static void sendPiece(RawClient client, byte[] piece, boolean chunked) throws IOException {
        if (chunked) {
            client.sendChunk(piece);
        } else {
            client.send(piece);
        }
    }
}
