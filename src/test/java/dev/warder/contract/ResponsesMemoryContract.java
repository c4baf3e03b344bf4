package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Large requests and responses of the Responses API in little memory: what is kept is charged, and nothing is left. */
class ResponsesMemoryContract extends DeployedContract {
    private static final int MIB = 1 << 20;

    private final ExecutorService clients = Executors.newCachedThreadPool();

    ResponsesMemoryContract(Container.Starter starter) {
        super(starter);
    }

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
        byte[] picture = new byte[15 * MIB];
        new Random(7).nextBytes(picture);
        String data = Base64.getEncoder().encodeToString(picture);
        upstream.next((request, reply) -> reply.json(200, Messages.message("Hello.")));
        var answer = exchange(Responses.request("{\"model\":\"" + Completions.ALIAS
                + "\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\","
                + "\"image_url\":\"data:image/png;base64," + data + "\"}]}]}"));
        assertThat(Responses.text(answer)).isEqualTo("Hello.");
        String sent = upstream.take().text();
        assertThat(sent.startsWith(data, sent.indexOf(data.substring(0, 40)))).isTrue();
    }

    @Test
    void refusesANameOfAModelThatFillsTheBody() throws Exception {
        var answer = exchange(Responses.request(
                "{\"model\":\"" + "a".repeat(20 * MIB) + "€\",\"input\":\"x\",\"max_output_tokens\":1}"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void refusesMoreValuesThanThereIsMemoryFor() throws Exception {
        String values = "{\"a\":0},".repeat(600_000);
        for (String member : new String[] {"unheard", "metadata", "tools"}) {
            String body = "{\"model\":\"" + Completions.ALIAS + "\",\"input\":\"x\",\"" + member + "\":[" + values
                    + "{\"a\":0}]}";
            assertThat(exchange(Responses.request(body)).status()).as(member).isEqualTo(413);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void chargesTheOutputThatItKeeps() throws Exception {
        var open = new CountDownLatch(1);
        String delta = Messages.delta("0123456789abcdef".repeat(2048));
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start() + delta.repeat(32));
            reply.await(open);
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        var answer = clients.submit(() -> patient(Responses.STREAM));
        eventually("the output is charged", () -> number("CollectedBytes") >= MIB);
        open.countDown();
        var last = Responses.last(answer.get(60, TimeUnit.SECONDS).text());
        assertThat(Responses.text(last.getJsonObject("response"))).hasSize(MIB);
    }

    /** Together they need more room than there is: the upstreams wait, and each response is whole. */
    @Test
    void sendsManyLargeResponsesAtOnce() throws Exception {
        String delta = Messages.delta("0123456789abcdef".repeat(2048));
        upstream.script((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.start());
            for (int i = 0; i < 64; i++) {
                reply.chunk(delta);
            }
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        var answers = new ArrayList<Future<RawResponse>>();
        for (int i = 0; i < 12; i++) {
            answers.add(clients.submit(() -> patient(Responses.STREAM)));
        }
        for (var answer : answers) {
            var last = Responses.last(answer.get(60, TimeUnit.SECONDS).text());
            assertThat(last.getString("type")).isEqualTo("response.completed");
            assertThat(Responses.text(last.getJsonObject("response"))).hasSize(2 * MIB);
        }
    }

    private RawResponse patient(String json) throws Exception {
        try (var client = RawClient.connect(container.baseUri()).readTimeout(60_000)) {
            return client.exchange(Responses.request(json));
        }
    }
}
