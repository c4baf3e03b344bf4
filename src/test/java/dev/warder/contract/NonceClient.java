package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A client that sends requests of every kind, each with a nonce of its own, on connections that it keeps, and leaves some
 * of them at any moment. Every nonce that comes back must be its own. One thread at a time.
 */
final class NonceClient {
    private static final int TIDY = 200;
    private static final String FILLER = ",\"filler\":\"" + "x".repeat(100_000) + "\"";

    private final Container container;
    private final Random random;
    private final int number;
    private final Runnable tidy;
    private final List<String> mismatches = new ArrayList<>();
    private RawClient client;
    private int whole;
    private int failed;
    private int left;
    private int unanswered;

    /** @param tidy is run now and then: the upstream forgets what it has recorded */
    NonceClient(Container container, Random random, int number, Runnable tidy) throws IOException {
        this.container = container;
        this.random = random;
        this.number = number;
        this.tidy = tidy;
        this.client = RawClient.connect(container.baseUri());
    }

    /**
     * What came of the exchanges.
     *
     * @param whole good responses
     * @param failed errors and responses that were cut
     * @param left exchanges that the client left
     * @param unanswered connections that ended before a response
     * @param mismatches what came of others
     */
    record Tally(int whole, int failed, int left, int unanswered, List<String> mismatches) {
        Tally plus(Tally other) {
            var all = new ArrayList<>(mismatches);
            all.addAll(other.mismatches);
            return new Tally(
                    whole + other.whole, failed + other.failed, left + other.left, unanswered + other.unanswered, all);
        }
    }

    Tally run(int exchanges) throws IOException, InterruptedException {
        for (int i = 0; i < exchanges; i++) {
            exchange("nonce-" + number + "-" + i + "-");
            if (i % TIDY == number) {
                tidy.run();
            }
        }
        client.close();
        return new Tally(whole, failed, left, unanswered, mismatches);
    }

    private void exchange(String nonce) throws IOException, InterruptedException {
        boolean streams = random.nextBoolean();
        var request = request(nonce, streams);
        if (random.nextInt(100) < 4) {
            leave(request);
            left++;
            return;
        }
        boolean sent = send(request);
        try {
            var response = client.readResponse();
            check(response, nonce, streams);
            if (!sent || response.truncated() || response.fields().lists("Connection", "close")) {
                reconnect();
            }
        } catch (SocketTimeoutException hanging) {
            throw new AssertionError("no response to " + nonce, hanging);
        } catch (IOException lost) {
            unanswered += sent ? 1 : 0;
            reconnect();
        }
    }

    /** False where the response came before the request was whole, and the connection was closed. */
    private boolean send(RawRequest request) {
        try {
            client.send(request);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private void check(RawResponse response, String nonce, boolean streams) {
        String seen = response.text() + " "
                + response.fields().first("request-id").orElse("") + " "
                + response.fields().first("x-request-id").orElse("");
        EchoedNonce.NONCE
                .matcher(seen)
                .results()
                .filter(found -> !found.group().equals(nonce))
                .forEach(found -> mismatches.add(found.group() + " for " + nonce));
        boolean good = response.status() == 200
                && !response.truncated()
                && !response.text().contains("error");
        if (good && !seen.contains(nonce) && !(streams && response.text().isEmpty())) {
            mismatches.add("nothing for " + nonce + ": " + response);
        }
        whole += good ? 1 : 0;
        failed += good ? 0 : 1;
    }

    private RawRequest request(String nonce, boolean streams) {
        String content = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":" + streams
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + nonce + "\"}]";
        int kind = random.nextInt(6);
        boolean large = random.nextInt(100) < 2 && kind != 0;
        String path =
                switch (kind) {
                    case 0 -> "/v1/chat/completions";
                    case 1 -> "/anthropic/v1/messages";
                    default -> "/v1/messages";
                };
        var request = RawRequest.of("POST", container.contextPath() + path)
                .field("x-api-key", Contract.ACCESS_TOKEN)
                .field("X-Nonce", nonce);
        var own = kind == 2 ? request.bearer(Contract.OWN_OAUTH) : request;
        return own.json(content + (large ? FILLER : "") + "}");
    }

    private void leave(RawRequest request) throws IOException, InterruptedException {
        boolean sent = send(request);
        try {
            if (sent && random.nextBoolean()) {
                client.readHead();
                client.readSome(1 + random.nextInt(200));
            } else {
                CommonGround.pause(random.nextInt(3));
            }
        } catch (IOException lost) {
            failed++;
        }
        if (random.nextBoolean()) {
            client.reset();
        }
        reconnect();
    }

    private void reconnect() throws IOException {
        client.close();
        client = RawClient.connect(container.baseUri());
    }
}
