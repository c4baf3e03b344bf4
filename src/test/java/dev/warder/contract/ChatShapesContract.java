package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.Script;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of another shape than a chat completion asks for: told where they can be, else one error in OpenAI's words. */
class ChatShapesContract extends DeployedContract {
    private static final List<String> BOTH = List.of(Completions.WHOLE, Completions.STREAM);

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES).with("stream.keepAlive", "0s");
    }

    @Test
    void tellsAWholeMessageInChunksWhereAStreamWasAskedFor() throws Exception {
        upstream.next((request, reply) -> reply.field("request-id", "req_up").json(200, Messages.message("Grüß dich")));
        var answer = assertStatus(200, exchange(Completions.request(Completions.STREAM)));
        assertThat(answer.fields().first("content-type").orElse("").replace(" ", ""))
                .isEqualTo("text/event-stream;charset=utf-8");
        assertThat(answer.fields().values("x-request-id")).containsExactly("req_up");
        assertThat(Completions.streamedText(answer.text())).isEqualTo("Grüß dich");
        assertThat(answer.text()).contains("\"finish_reason\":\"stop\"").endsWith(Completions.DONE);
        assertThat(accessLine(id(answer))).contains("status=200", "end=ok");
    }

    @Test
    void refusesAStreamWhereNoneWasAskedFor() throws Exception {
        unusable(Completions.WHOLE, (request, reply) -> reply.messageStream("not asked for"));
    }

    @Test
    void refusesAnswersThatAreNoMessages() throws Exception {
        for (String asked : BOTH) {
            unusable(asked, json(200, "<html><body>Welcome</body></html>"));
            unusable(asked, json(200, ""));
            unusable(asked, json(200, "{}"));
            unusable(asked, json(200, "[]"));
            unusable(asked, json(200, Messages.message("x").substring(0, 99)));
            unusable(asked, (request, reply) -> reply.status(204).head());
            unusable(asked, (request, reply) -> reply.status(205).length(0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 304, 307, 308, 300})
    void followsNoRedirect(int status) throws Exception {
        for (String asked : BOTH) {
            upstream.next((request, reply) -> {
                reply.status(status).field("Location", "https://elsewhere.example/v1/messages");
                if (status == 304) {
                    reply.head();
                } else {
                    reply.length(0);
                }
            });
            var answer = exchange(Completions.request(asked));
            Completions.refused(answer, 502, "server_error", "api_error");
            assertThat(answer.fields().has("location")).isFalse();
        }
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void tellsErrorsThatAProxyBetweenMade() throws Exception {
        for (String asked : BOTH) {
            upstream.next((request, reply) -> reply.field("retry-after", "7").json(429, "<html>nginx</html>"));
            var limited = exchange(Completions.request(asked));
            assertThat(Completions.refused(limited, 429, "requests", "rate_limit_exceeded"))
                    .doesNotContain("nginx");
            assertThat(limited.fields().values("retry-after")).containsExactly("7");
            upstream.next(json(404, ""));
            assertThat(Completions.refused(exchange(Completions.request(asked)), 502, "server_error", "api_error"))
                    .contains("404");
        }
    }

    @Test
    void tellsAStreamOfKnownLengthAndOneOfOddlyWrittenType() throws Exception {
        byte[] events = utf8(String.join("", Messages.stream("all", " of it")));
        for (String type : List.of("text/event-stream", "TEXT/Event-Stream ; charset=UTF-8")) {
            upstream.next((request, reply) -> {
                reply.field("Content-Type", type).length(events.length);
                reply.content(events);
            });
            var answer = exchange(Completions.request(Completions.STREAM));
            assertThat(Completions.streamedText(answer.text())).isEqualTo("all of it");
            assertThat(answer.text()).endsWith(Completions.DONE);
        }
    }

    @Test
    void tellsThatAWholeAnswerBrokeOff() throws Exception {
        for (String asked : BOTH) {
            unusable(asked, (request, reply) -> {
                reply.field("Content-Type", "application/json").length(900);
                reply.content(utf8("{\"id\":"));
                reply.reset();
            });
            unusable(
                    asked,
                    (request, reply) -> reply.send("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(20_000) + "\r\n\r\n"));
            unusable(asked, (request, reply) -> reply.closeNow());
        }
    }

    /** An error tells more than the way in which it came. */
    @Test
    void tellsAnErrorThatHasAStatusOfSuccess() throws Exception {
        for (String asked : BOTH) {
            upstream.next(json(200, Messages.error("api_error", "Broken.")));
            var answer = exchange(Completions.request(asked));
            assertThat(Completions.refused(answer, 500, "server_error", "api_error"))
                    .isEqualTo("Broken.");
        }
    }

    @Test
    void tellsAnErrorThatHasTheTypeOfAStream() throws Exception {
        upstream.next((request, reply) -> {
            byte[] error = utf8(Messages.error("overloaded_error", "Busy."));
            reply.status(529).field("Content-Type", "text/event-stream").length(error.length);
            reply.content(error);
        });
        var answer = exchange(Completions.request(Completions.STREAM));
        assertThat(Completions.refused(answer, 503, "server_error", "overloaded"))
                .isEqualTo("Busy.");
    }

    @Test
    void writesNothingBehindDone() throws Exception {
        var read = latch();
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(String.join("", Messages.stream("all")));
            reply.await(read);
            reply.chunk(Messages.delta("late"));
            reply.event("error", Messages.error("overloaded_error", "late"));
            reply.closeNow();
        });
        try (var client = client()) {
            client.send(Completions.request(Completions.STREAM)).readHead();
            var event = client.readEvent().orElseThrow();
            while (!event.data().equals("[DONE]")) {
                event = client.readEvent().orElseThrow();
            }
            read.countDown();
            assertThat(client.readEvent()).isEmpty();
        }
    }

    private void unusable(String asked, Script script) throws Exception {
        upstream.next(script);
        var answer = exchange(Completions.request(asked));
        Completions.refused(answer, 502, "server_error", "api_error");
        assertThat(accessLine(id(answer))).contains("status=502").doesNotContain("end=ok");
    }
}
