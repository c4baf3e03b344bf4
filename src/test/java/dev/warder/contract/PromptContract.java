package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Digested;
import dev.warder.testkit.EachRow;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The operator's text in {@code system}, byte for byte (rule "The operator's prompt").
 *
 * <p>Which requests get the operator's text and which are left byte for byte as they came.
 */
class PromptContract extends SharedContract {
    private static final String TEXT = "Answer in the house style.";
    private static final String I = "{\"type\":\"text\",\"text\":\"Answer in the house style.\"}";

    private static final String BILLING =
            "{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: cc_version=2.1;\",\"cache_control\":null}";

    private static final String X = "{\"type\":\"text\",\"text\":\"Be brief.\"}";

    private static final String BODY =
            "{ \"model\":\"claude-haiku-4-5\",\"n\":[1.0,1e3,-0,123456789012345678901234567890],\"a\":1,\"a\":2 }";

    /** In the columns, I is the block of the operator, X and B are other blocks. Behind the name: before, after. */
    @EachRow({
        "P02 empty string      | \"\"                             | [I]",
        "P03 string            | \"Be brief.\"                    | [I,X]",
        "P03 escapes stay      | \"\\u0041\\/\\n\\ud83d\\ude00\"  "
                + "| [I,{\"type\":\"text\",\"text\":\"\\u0041\\/\\n\\ud83d\\ude00\"}]",
        "P04 the text itself   | \"Answer in the house style.\"   | \"Answer in the house style.\"",
        "P04 with escapes      | \"\\u0041nswer in the house style.\" | \"\\u0041nswer in the house style.\"",
        "P05 list              | [X]                              | [I,X]",
        "P05 white space       | [ X , X ]                        | [I, X , X ]",
        "P05 empty list        | []                               | [I]",
        "P05 blank list        | [ ]                              | [I ]",
        "P06 first of a list   | [I,X]                            | [I,X]",
        "P06 other key order   | [{\"text\":\"Answer in the house style.\",\"type\":\"text\"},X] "
                + "| [{\"text\":\"Answer in the house style.\",\"type\":\"text\"},X]",
        "P07 last of a list    | [X,I]                            | [X,I]",
        "P08 lower case        | [{\"type\":\"text\",\"text\":\"answer in the house style.\"}] "
                + "| [I,{\"type\":\"text\",\"text\":\"answer in the house style.\"}]",
        "P08 no full stop      | \"Answer in the house style\" "
                + "| [I,{\"type\":\"text\",\"text\":\"Answer in the house style\"}]",
        "P08 longer text       | \"Answer in the house style. Always.\" "
                + "| [I,{\"type\":\"text\",\"text\":\"Answer in the house style. Always.\"}]",
        "P09 first is no text  | [{\"type\":\"image\",\"text\":\"Answer in the house style.\"},X] "
                + "| [I,{\"type\":\"image\",\"text\":\"Answer in the house style.\"},X]",
        "P09 first is a number | [1,X]                            | [I,1,X]",
        "P10 null              | null                             | [I]",
        "P11 five marks        | [M,M,M,M,M]                      | [I,M,M,M,M,M]",
        "P12 attribution       | [B,X]                            | [B,I,X]",
        "P12 with the text     | [B,I,X]                          | [B,I,X]",
        "P12 text further down | [B,X,I]                          | [B,X,I]",
        "P12 alone             | [B]                              | [B,I]",
        "P12 not at the front  | [X,B]                            | [I,X,B]",
        "P12 a string          | \"x-anthropic-billing-header: a\" "
                + "| [{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: a\"},I]",
        "another type: number  | 7                                | 7",
        "another type: object  | {\"type\":\"text\"}              | {\"type\":\"text\"}",
        "another type: true    | true                             | true"
    })
    void splices(String name, String before, String after) throws Exception {
        assertThat(name).isNotEmpty();
        var start = "{\"model\":\"claude-x\" , \"system\" :\t";
        var end = "\n,\"max_tokens\":1.0,\"big\":12345678901234567890123,\"stream\":true}\n";
        var sent = send(start + blocks(before) + end);
        assertThat(sent.text()).isEqualTo(start + blocks(after) + end);
        assertFramed(sent);
    }

    @EachRow({
        "{}                                | {\"system\":[I]}",
        "{ }                               | { \"system\":[I]}",
        "{\"model\":\"claude-x\"}          | {\"model\":\"claude-x\",\"system\":[I]}",
        "{\"a\":{\"system\":[]}, \"b\":1 } | {\"a\":{\"system\":[]}, \"b\":1 ,\"system\":[I]}",
        "{\"a\":1,\"a\":1e3,\"a\":1.0}     | {\"a\":1,\"a\":1e3,\"a\":1.0,\"system\":[I]}",
        "{\"s\\u0079stem\":\"Be brief.\"}  | {\"s\\u0079stem\":[I,X]}"
    })
    void addsTheMember(String before, String after) throws Exception {
        var sent = send(before);
        assertThat(sent.text()).isEqualTo(blocks(after));
        assertFramed(sent);
    }

    @Test
    void keepsALongUnicodeSystemAndLargeMessages() throws Exception {
        var system = "grüße 🙂 \u2028 漢字 ".repeat(1700);
        var start = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + randomText(5 << 20) + "\"}],\"system\":";
        var sent = send(start + "\"" + system + "\"}");
        assertThat(sent.text().equals(start + "[" + I + ",{\"type\":\"text\",\"text\":\"" + system + "\"}]}"))
                .isTrue();
        assertFramed(sent);
    }

    @Test
    void keepsDeepNestingWithoutLoss() throws Exception {
        var deep = "[".repeat(127) + "]".repeat(127);
        assertThat(send("{\"x\":" + deep + ",\"system\":null}").text())
                .isEqualTo("{\"x\":" + deep + ",\"system\":[" + I + "]}");
    }

    @Test
    void injectsIntoAChunkedBodyHoweverItIsCut() throws Exception {
        var body = "{\"system\":\"Be brief.\",\"model\":\"claude-x\"}";
        for (int size = 1; size < 8; size++) {
            try (var client = RawClient.connect(gateway("prompt.text", TEXT).baseUri())) {
                client.send(post("/v1/messages")
                        .field("Transfer-Encoding", "chunked")
                        .head());
                for (int at = 0; at < body.length(); at += size) {
                    client.sendChunk(utf8(body.substring(at, Math.min(body.length(), at + size))));
                }
                assertStatus(200, client.sendChunk(new byte[0]).readResponse());
            }
            var sent = upstream.take();
            assertThat(sent.text()).isEqualTo(blocks("{\"system\":[I,X],\"model\":\"claude-x\"}"));
            assertFramed(sent);
        }
    }

    @Test
    void quotesTheTextOfTheOperator() throws Exception {
        var text = "Say \"hi\" \\ to\tall:\nüser 🙂 </script> \u0001";
        var body = message("{\"system\":[]}");
        var sent = pass(gateway("prompt.text", text), body).text();
        try (var reader = jakarta.json.Json.createReader(new java.io.StringReader(sent))) {
            var blocks = reader.readObject().getJsonArray("system");
            assertThat(blocks).hasSize(1);
            assertThat(blocks.getJsonObject(0).getString("text")).isEqualTo(text);
        }
        upstream.clear();
        assertThat(pass(gateway("prompt.text", text), message(sent)).text()).isEqualTo(sent);
    }

    private RecordedRequest send(String body) throws Exception {
        return pass(gateway("prompt.text", TEXT), message(body));
    }

    private static String blocks(String text) {
        return text.replaceAll("\\bI\\b", I)
                .replaceAll("\\bX\\b", X)
                .replaceAll("\\bB\\b", BILLING)
                .replaceAll("\\bM\\b", X.replace("}", ",\"cache_control\":{\"type\":\"ephemeral\"}}"));
    }

    private static void assertFramed(RecordedRequest sent) {
        assertThat(sent.fields().values("Content-Length")).containsExactly(Long.toString(sent.length()));
        assertThat(sent.fields().has("Transfer-Encoding")).isFalse();
        assertThat(sent.fields().values("Accept-Encoding")).containsExactly("identity");
    }

    private static String randomText(int length) {
        var bytes = new byte[length];
        var random = new Random(7);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(26));
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest(name = "mode {0}: managed {1}, passed through {2}")
    @CsvSource({"always,true,true", "managed,true,false", "off,false,false"})
    void dependsOnTheMode(String mode, boolean withManaged, boolean withOwn) throws Exception {
        var gateway = gateway(deployment -> deployment.with("prompt.text", TEXT).with("prompt.mode", mode));
        assertInjected(gateway, post("/v1/messages").json(BODY), withManaged);
        assertInjected(gateway, own("x-api-key", OWN_KEY).json(BODY), withOwn);
        assertInjected(gateway, own("Authorization", "Bearer " + OWN_OAUTH).json(BODY), withOwn);
    }

    @Test
    void reachesTokenCountsOnlyWhenAsked() throws Exception {
        var count = post("/v1/messages/count_tokens").json(BODY);
        assertInjected(gateway("prompt.text", TEXT), count, false);
        var counting =
                gateway(deployment -> deployment.with("prompt.text", TEXT).with("prompt.countTokens", "true"));
        assertInjected(counting, count, true);
        assertInjected(counting, post("/v1/messages").json(BODY), true);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-haiku-4-5,false",
        "claude-haiku,false",
        "claude-sonnet-4-5,true",
        "claude-opus-4,false",
        "claude-opus-4[1m],false",
        "claude-opus-4-1,true",
        "CLAUDE-HAIKU-4,true",
        "claude-\\u0068aiku-4,false"
    })
    void leavesModelsAlone(String model, boolean injected) throws Exception {
        var gateway = gateway(deployment ->
                deployment.with("prompt.text", TEXT).with("prompt.skipModels", "claude-haiku*, claude-opus-4"));
        assertInjected(gateway, post("/v1/messages").json("{\"model\":\"" + model + "\"}"), injected);
    }

    @EachItem(
            """
            /anthropic/v1/messages, /anthropic/v1/messages/count_tokens, /v1/messages/batches, /v1/files
            /v1/complete, /v1/something/messages""")
    void neverReachesOtherPaths(String path) throws Exception {
        assertInjected(gateway("prompt.text", TEXT), post(path).json(BODY), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages?beta=true", "/v1/v1/messages"})
    void reachesEverySpellingOfMessages(String target) throws Exception {
        assertInjected(gateway("prompt.text", TEXT), post(target).json(BODY), true);
    }

    @Test
    void leavesEveryByteAloneWithoutAText() throws Exception {
        var body = "\t{ \"z\":1.0,\"b\":1e3,\"a\":-0.0E-0,\"big\":" + "9".repeat(256)
                + ",\r\n\"z\":\"\\u00e9\\/\",\"s\":\"" + "grüße 🙂 漢字 ".repeat(2000) + "\",\"system\":\"x\",\"pad\":\""
                + "p".repeat(5 << 20) + "\" } \n";
        var sent = pass(gateway(), post("/v1/messages").json(body));
        assertThat(sent.crc32c()).isEqualTo(Digested.crc32c(utf8(body)));
        assertThat(sent.fields().values("Content-Length")).containsExactly(Integer.toString(utf8(body).length));
    }

    @Test
    void followsTheFileOfTheText(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("prompt.txt"), "First.\n");
        var gateway = gateway("prompt.text", "file:" + file);
        assertThat(pass(gateway, post("/v1/messages").json("{}")).text()).contains("\"First.\"");
        Files.writeString(file, "Second, and longer.\n");
        eventually(() -> text(gateway).contains("\"Second, and longer.\""));
    }

    private String text(Container gateway) throws Exception {
        return pass(gateway, post("/v1/messages").json("{}")).text();
    }

    private static RawRequest own(String name, String value) {
        return RawRequest.of("POST", "/v1/messages")
                .field("X-Warder-Token", ACCESS_TOKEN)
                .field(name, value);
    }

    private void assertInjected(Container gateway, RawRequest request, boolean injected) throws Exception {
        var sent = pass(gateway, request).text();
        var before = new String(request.bytes(), java.nio.charset.StandardCharsets.UTF_8).split("\r\n\r\n", 2)[1];
        var brace = before.lastIndexOf('}');
        var after = before.substring(0, brace) + ",\"system\":[{\"type\":\"text\",\"text\":\"" + TEXT + "\"}]}";
        assertThat(sent).isEqualTo(injected ? after : before);
    }
}
