package dev.warder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's names for models in the responses to messages (rule "Aliases of models"). */
class AliasResponseContract extends AliasGround {
    private static final String UPSTREAM = "\"model\":\"claude-test\"";
    private static final String STREAM = String.join("", Messages.stream("grüß dich", "\"model\":\"claude-test\""));

    @Override
    Deployment configured(Deployment aliases) {
        return aliases.with("stream.keepAlive", "0s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "fast[1m]"})
    void namesTheAliasInAWholeMessage(String alias) throws Exception {
        var message = Messages.message("the \"model\":\"claude-test\"");
        ground.upstream().next((request, reply) -> reply.field("ETag", "\"1\"")
                .field("Content-Digest", "sha-256=:AAAA:")
                .field("request-id", "req_1")
                .json(200, message));
        var answer = send(post(MESSAGES).json(body(alias)));
        assertThat(answer.text()).isEqualTo(message.replace(UPSTREAM, "\"model\":\"" + alias + "\""));
        assertThat(answer.truncated()).isFalse();
        assertThat(answer.fields().has("etag")).isFalse();
        assertThat(answer.fields().has("content-digest")).isFalse();
        assertThat(answer.fields().values("request-id")).containsExactly("req_1");
        assertThat(line(answer)).contains("model=claude-haiku-4-5", "status=200", "end=ok");
    }

    @Test
    void namesTheAliasInALargeMessage() throws Exception {
        var message = Messages.message("grüß dich ".repeat(50_000));
        ground.upstream().next((request, reply) -> reply.json(200, message));
        var answer = send(post(MESSAGES).json(body("fast")));
        assertThat(answer.text().equals(message.replace(UPSTREAM, "\"model\":\"fast\"")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"one piece", "single bytes", "a length"})
    void namesTheAliasInAStream(String form) throws Exception {
        var bytes = STREAM.getBytes(UTF_8);
        ground.upstream().next((request, reply) -> {
            reply.field("Content-Type", "text/event-stream; charset=utf-8");
            if (form.equals("a length")) {
                reply.length(bytes.length);
                reply.content(bytes);
                return;
            }
            reply.chunked();
            if (form.equals("one piece")) {
                reply.chunk(bytes);
            } else {
                reply.dribbleChunks(bytes);
            }
            reply.lastChunk();
        });
        var answer = send(post(MESSAGES).json(streaming("review[1m]")));
        assertThat(answer.text()).isEqualTo(STREAM.replaceFirst(UPSTREAM, "\"model\":\"review\\[1m]\""));
        assertThat(answer.truncated()).isFalse();
        assertThat(line(answer)).contains("model=claude-opus-5-5[1m]", "status=200", "end=ok");
    }

    @Test
    void passesAMessageAsItIsWhereNoAliasWasNamed() throws Exception {
        for (var model : List.of("claude-x", "plain")) {
            ground.upstream()
                    .next((request, reply) -> reply.field("ETag", "\"1\"").json(200, Messages.message("Hi.")));
            var answer = send(post(MESSAGES).json(body(model)));
            assertThat(answer.text()).isEqualTo(Messages.message("Hi."));
            assertThat(answer.fields().values("etag")).containsExactly("\"1\"");
            ground.upstream().next((request, reply) -> reply.messageStream("a", "b"));
            assertThat(send(post(MESSAGES).json(streaming(model))).text())
                    .isEqualTo(String.join("", Messages.stream("a", "b")));
        }
    }

    @Test
    void passesResponsesThatAreNoMessages() throws Exception {
        var odd = "{" + UPSTREAM + ",]";
        unchanged(400, "application/json", Messages.error("invalid_request_error", "{" + UPSTREAM + "}"));
        unchanged(404, "application/json", "{" + UPSTREAM + "}");
        unchanged(200, "application/json", odd);
        unchanged(200, "text/html", "{" + UPSTREAM + "}");
        unchanged(200, "text/event-stream", Messages.event("error", Messages.error("api_error", "No.")));
        var coded = GzipBytes.gzip(Messages.message("Hi.").getBytes(UTF_8));
        ground.upstream().next((request, reply) -> {
            reply.field("Content-Type", "application/json").field("Content-Encoding", "gzip");
            reply.length(coded.length);
            reply.content(coded);
        });
        assertThat(send(post(MESSAGES).json(body("fast"))).body()).isEqualTo(coded);
    }

    @Test
    void passesTheCountOfTokensAsItIs() throws Exception {
        var count = "{\"input_tokens\":3," + UPSTREAM + "}";
        ground.upstream().next((request, reply) -> reply.json(200, count));
        var answer = send(post("/v1/messages/count_tokens").json(body("fast")));
        assertThat(answer.text()).isEqualTo(count);
        assertThat(answer.fields().values("content-length")).containsExactly(Integer.toString(count.length()));
    }

    @Test
    void endsAStreamThatBreaksInsideItsFirstEvent() throws Exception {
        ground.upstream()
                .next(Script.cutEvents(Messages.ping() + Messages.start().substring(0, 60)));
        var answer = send(post(MESSAGES).json(streaming("fast")));
        assertThat(answer.text())
                .startsWith(Messages.ping() + "event: error\ndata: {")
                .endsWith("}\n\n")
                .doesNotContain("message_start");
        assertThat(line(answer)).contains("end=upstream-lost");
    }

    private void unchanged(int status, String type, String text) throws Exception {
        var bytes = text.getBytes(UTF_8);
        ground.upstream().next((request, reply) -> {
            reply.status(status).field("Content-Type", type).length(bytes.length);
            reply.content(bytes);
        });
        var answer = send(post(MESSAGES).json(body("fast")));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).isEqualTo(text);
    }
}
