package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator's text in {@code system}, byte for byte (rule "The operator's prompt"). */
class PromptContract extends SharedContract {
    private static final String TEXT = "Answer in the house style.";
    private static final String I = "{\"type\":\"text\",\"text\":\"Answer in the house style.\"}";
    private static final String BILLING =
            "{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: cc_version=2.1;\",\"cache_control\":null}";
    private static final String X = "{\"type\":\"text\",\"text\":\"Be brief.\"}";

    /** In the columns, I is the block of the operator, X and B are other blocks. Behind the name: before, after. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
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

    @ParameterizedTest(name = "P01 {0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
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
        var content = randomText(5 << 20);
        var start = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}],\"system\":";
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
                assertThat(client.sendChunk(new byte[0]).readResponse().status())
                        .isEqualTo(200);
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

    private static RawRequest message(String body) {
        return post("/v1/messages").json(body);
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
}
