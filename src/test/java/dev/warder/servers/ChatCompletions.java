package dev.warder.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.RawResponse;
import java.io.IOException;

/** Chat completions, whose translation reads and writes JSON with the library that the server brings. */
final class ChatCompletions {
    static final String ALIAS = "gpt-test";

    /** More than any limit of a parser's own that is not set otherwise. */
    private static final int LARGE = 16 << 20;

    /** Numbers keep their form, and other letters than those of ASCII do. */
    private static final String TOOL =
            "{\"type\":\"function\",\"function\":{\"name\":\"rain\",\"parameters\":{\"type\":\"object\","
                    + "\"properties\":{\"mm\":{\"type\":\"number\",\"maximum\":12345678901234567890.50,\"multipleOf\":1e-7},"
                    + "\"ort\":{\"type\":\"string\",\"default\":\"Zürich 🌧\"}}}}}";

    private final ServerGround ground;

    ChatCompletions(ServerGround ground) {
        this.ground = ground;
    }

    void areTold() throws Exception {
        tellsAWholeOne();
        tellsAStream();
        refusesAMemberThatStandsTwice();
        sendsALargePicture();
    }

    private void tellsAWholeOne() throws Exception {
        ground.upstream()
                .next((request, reply) -> reply.json(
                        200,
                        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-5-5\","
                                + "\"content\":[{\"type\":\"text\",\"text\":\"Grüß dich 🌍\"},{\"type\":\"tool_use\","
                                + "\"id\":\"toolu_1\",\"name\":\"rain\",\"input\":{\"mm\":1.50,\"n\":1E+2,\"ort\":\"Zürich\"}}],"
                                + "\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":3,\"output_tokens\":5}}"));
        var answer = chat("\"tools\":[" + TOOL + "],\"messages\":[" + user("\"Grüß dich 🌍\"") + "]");
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.text())
                .contains("\"content\":\"Grüß dich 🌍\"", "\"model\":\"gpt-test\"", "\"finish_reason\":\"tool_calls\"")
                .contains("\"arguments\":\"{\\\"mm\\\":1.50,\\\"n\\\":1E+2,\\\"ort\\\":\\\"Zürich\\\"}\"")
                .contains("\"prompt_tokens\":3", "\"completion_tokens\":5");
        String sent = ground.upstream().take().text();
        assertThat(sent)
                .contains("\"system\":[{\"type\":\"text\",\"text\":" + Messages.quoted(ServerGround.PROMPT))
                .contains("\"text\":\"Grüß dich 🌍\"", "\"default\":\"Zürich 🌧\"")
                .containsPattern("\"maximum\":12345678901234567890\\.50")
                .containsPattern("\"multipleOf\":(1e-7|1E-7|0\\.0000001)");
    }

    private void tellsAStream() throws Exception {
        ground.upstream().next((request, reply) -> reply.messageStream("Grüß", " dich 🌍"));
        try (var client = ground.client()) {
            client.send(ground.authenticated("POST", "/v1/chat/completions")
                            .json("{\"model\":\"" + ALIAS + "\",\"stream\":true,\"messages\":[" + user("\"Hello\"")
                                    + "]}"))
                    .readHead();
            var events = ServerGround.rest(client);
            assertThat(events).extracting(RawEvent::data).endsWith("[DONE]");
            assertThat(events.get(1).data()).contains("\"content\":\"Grüß\"", "\"model\":\"gpt-test\"");
            assertThat(events.get(2).data()).contains("\"content\":\" dich 🌍\"");
        }
        assertThat(ground.upstream().take().text()).contains("\"stream\":true");
    }

    private void refusesAMemberThatStandsTwice() throws Exception {
        int before = ground.upstream().requests().size();
        var answer = chat("\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"content\":\"b\"}]");
        assertThat(answer.status()).as("%s", answer).isEqualTo(400);
        assertThat(answer.text()).contains("\"type\":\"invalid_request_error\",\"param\":null");
        assertThat(ground.upstream().requests()).hasSize(before);
    }

    private void sendsALargePicture() throws Exception {
        String data = "iVBORw0KGgoA" + "QUJD".repeat(LARGE / 4);
        var answer = chat("\"messages\":["
                + user("[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + data + "\"}}]")
                + "]");
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(ground.upstream().take().text().contains("\"data\":\"" + data + "\""))
                .isTrue();
    }

    private RawResponse chat(String members) throws IOException {
        return ground.exchange(ground.authenticated("POST", "/v1/chat/completions")
                .json("{\"model\":\"" + ALIAS + "\"," + members + "}"));
    }

    private static String user(String content) {
        return "{\"role\":\"user\",\"content\":" + content + "}";
    }
}
