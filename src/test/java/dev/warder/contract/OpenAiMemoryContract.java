package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large requests and responses of OpenAI's dialects in little memory: what is kept is charged, whoever finds no room waits, nothing is cut and nothing is left. */
class OpenAiMemoryContract extends DeployedContract {
    private static final int MIB = 1 << 20;

    private final ExecutorService clients = Executors.newCachedThreadPool();

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES)
                .with("limits.body", "30m")
                .with("limits.memory", "32m")
                .with("stream.keepAlive", "0s");
    }

    @AfterAll
    final void dismiss() {
        clients.shutdownNow();
    }

    @Test
    void sendsALargePictureWhole() throws Exception {
        String data = base64(20 * MIB);
        assertThat(Completions.text(exchange(Completions.request(picture(data)))))
                .isEqualTo("Hello.");
        String sent = upstream.take().text();
        int at = sent.indexOf(data.substring(0, 40));
        assertThat(sent.startsWith(data, at)).isTrue();
        assertThat(sent.substring(at + data.length())).startsWith("\"}}");
        assertThat(sent.substring(0, at)).contains("\"type\":\"image\"", "\"media_type\":\"image/png\"", "\"data\":\"");
    }

    @Test
    void tellsALargeAnswerWhole() throws Exception {
        String text = base64(5 * MIB) + "ü";
        for (String asked : List.of(Completions.WHOLE, Completions.STREAM)) {
            upstream.next(json(200, Messages.message(text)));
            var answer = assertStatus(200, exchange(Completions.request(asked)));
            String told = asked.equals(Completions.WHOLE)
                    ? Completions.text(answer)
                    : Completions.streamedText(answer.text());
            assertThat(told.equals(text)).isTrue();
            assertThat(accessLine(id(answer))).contains("end=ok");
        }
    }

    /** Each of them needs all the room there is: requests and answers take turns. */
    @Test
    void tellsManyLargeAnswersOneAfterTheOther() throws Exception {
        String text = base64(2 * MIB);
        upstream.script(json(200, Messages.message(text)));
        try {
            var answers = new ArrayList<Future<RawResponse>>();
            for (int i = 0; i < 12; i++) {
                String question = Completions.WHOLE.replace("Hello", "x".repeat(MIB));
                answers.add(clients.submit(() -> patient(Completions.request(question))));
            }
            for (var answer : answers) {
                assertThat(Completions.text(answer.get(60, TimeUnit.SECONDS)).equals(text))
                        .isTrue();
            }
        } finally {
            upstream.script(json(200, Messages.message("Hello.")));
        }
    }

    @Test
    void refusesAnAnswerThatIsLargerThanWhatIsTakenHere() throws Exception {
        for (String asked : List.of(Completions.WHOLE, Completions.STREAM)) {
            upstream.next(json(200, Messages.message("x".repeat(30 * MIB))));
            var answer = exchange(Completions.request(asked));
            assertThat(Completions.refused(answer, 502, "server_error", "api_error"))
                    .contains("larger");
            upstream.take().awaitPeerClosed(SOON);
        }
    }

    @Test
    void tellsALargeError() throws Exception {
        upstream.next(json(400, Messages.error("invalid_request_error", "No: " + "x".repeat(MIB))));
        var answer = exchange(Completions.request(Completions.STREAM));
        assertThat(Completions.refused(answer, 400, "invalid_request_error", ""))
                .hasSize(MIB + 4);
    }

    @Test
    void leavesNothingOfAClientThatLeavesWhileItsBodyIsTranslated() throws Exception {
        byte[] request = Completions.request(picture(base64(8 * MIB))).bytes();
        for (int i = 0; i < 6; i++) {
            try (var client = client()) {
                client.send(request);
                if (i % 2 == 0) {
                    client.reset();
                }
            }
        }
        try (var client = client()) {
            client.send(Arrays.copyOf(request, request.length / 2));
            eventually(() -> number("CollectedBytes") > 0);
            client.reset();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1 << 20})
    void leavesNothingOfAClientThatLeavesWhileItsAnswerIsCollected(int length) throws Exception {
        byte[] message = utf8(Messages.message(base64(length)));
        int begin = Math.min(length, MIB) / 2;
        for (String asked : List.of(Completions.WHOLE, Completions.STREAM)) {
            var left = latch();
            upstream.next((request, reply) -> {
                reply.field("Content-Type", "application/json").length(message.length);
                reply.content(Arrays.copyOf(message, begin));
                reply.await(left);
                reply.content(Arrays.copyOfRange(message, begin, message.length));
            });
            try (var client = client()) {
                client.send(Completions.request(asked));
                upstream.take().written().awaitAtLeast(begin, SOON);
                client.reset();
            }
            left.countDown();
        }
    }

    /** An answer takes no more room than it says it needs, so that others find some. */
    @Test
    void leavesRoomBesideAnAnswerOfKnownLength() throws Exception {
        var open = latch();
        byte[] message = utf8(Messages.message(base64(MIB)));
        upstream.next((request, reply) -> {
            reply.field("Content-Type", "application/json").length(message.length);
            reply.content(Arrays.copyOf(message, MIB / 2));
            reply.await(open);
            reply.content(Arrays.copyOfRange(message, MIB / 2, message.length));
        });
        try (var client = client()) {
            client.send(Completions.request(Completions.WHOLE));
            eventually(() -> number("CollectedBytes") > MIB);
            assertThat(Completions.text(
                            patient(Completions.request(Completions.WHOLE.replace("Hello", "x".repeat(MIB))))))
                    .isEqualTo("Hello.");
            open.countDown();
            assertStatus(200, client.readResponse());
        } finally {
            open.countDown();
        }
    }

    @Test
    void sendsALargePictureOfTheResponsesApiWhole() throws Exception {
        String data = base64(20 * MIB);
        upstream.next(json(200, Messages.message("Hello.")));
        var answer = exchange(Responses.request("{\"model\":\"" + Completions.ALIAS
                + "\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\","
                + "\"image_url\":\"data:image/png;base64,iVBORw0KGgoA" + data + "\"}]}]}"));
        assertThat(Responses.text(answer)).isEqualTo("Hello.");
        String sent = upstream.take().text();
        assertThat(sent.startsWith(data, sent.indexOf(data.substring(0, 40)))).isTrue();
    }

    @Test
    void refusesANameOfAModelThatFillsTheBody() throws Exception {
        assertStatus(
                400,
                exchange(Responses.request(
                        "{\"model\":\"" + "a".repeat(20 * MIB) + "€\",\"input\":\"x\",\"max_output_tokens\":1}")));
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void refusesMoreValuesThanThereIsMemoryFor() throws Exception {
        String values = "{\"a\":0},".repeat(600_000);
        for (String member : new String[] {"unheard", "metadata", "tools"}) {
            String body = "{\"model\":\"" + Completions.ALIAS + "\",\"input\":\"x\",\"" + member + "\":[" + values
                    + "{\"a\":0}]}";
            assertStatus(413, exchange(Responses.request(body)));
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void chargesTheOutputThatItKeeps() throws Exception {
        var open = latch();
        String delta = Messages.delta("0123456789abcdef".repeat(2048));
        upstream.next(Script.events(Messages.start() + delta.repeat(32), open, Messages.end()));
        var answer = clients.submit(() -> patient(Responses.request(Responses.STREAM)));
        eventually(() -> number("CollectedBytes") >= MIB);
        open.countDown();
        var last = Responses.last(answer.get(60, TimeUnit.SECONDS).text());
        assertThat(Responses.text(last.getJsonObject("response"))).hasSize(MIB);
    }

    /** Together they need more room than there is: the upstreams wait, and each response is whole. */
    @Test
    void sendsManyLargeResponsesAtOnce() throws Exception {
        String delta = Messages.delta("0123456789abcdef".repeat(2048));
        Script large = (request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            for (int i = 0; i < 64; i++) {
                reply.chunk(delta);
            }
            reply.chunk(Messages.end());
            reply.lastChunk();
        };
        var answers = new ArrayList<Future<RawResponse>>();
        for (int i = 0; i < 12; i++) {
            upstream.next(large);
            answers.add(clients.submit(() -> patient(Responses.request(Responses.STREAM))));
        }
        for (var answer : answers) {
            var last = Responses.last(answer.get(60, TimeUnit.SECONDS).text());
            assertThat(last.getString("type")).isEqualTo("response.completed");
            assertThat(Responses.text(last.getJsonObject("response"))).hasSize(2 * MIB);
        }
    }

    private RawResponse patient(RawRequest request) throws Exception {
        try (var client = connect(container).readTimeout(60_000)) {
            return client.exchange(request);
        }
    }

    private static String picture(String data) {
        return "{\"model\":\"" + Completions.ALIAS
                + "\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                + "\"image_url\":{\"url\":\"data:image/png;base64,iVBORw0KGgoA" + data + "\"}}]}]}";
    }

    private static String base64(int length) {
        byte[] bytes = new byte[length / 4 * 3];
        new Random(7).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
