package dev.warder.contract;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * An upstream that says the nonce of each request back, in fields and bodies of responses that fail in every way. What it
 * does follows from the nonce and the seed, and from chance where a request comes again. Thread-safe.
 */
final class EchoedNonce {
    /** What a nonce looks like, wherever it stands. */
    static final Pattern NONCE = Pattern.compile("nonce-\\d+-\\d+-");

    private final Random random;
    private final AtomicLong answered = new AtomicLong();

    EchoedNonce(long seed) {
        this.random = new Random(seed);
    }

    /** Begins at the head, so that a response may come before the request has. */
    Script script() {
        return Script.atHead(this::answer);
    }

    /** How many requests it has answered. */
    long answered() {
        return answered.get();
    }

    private void answer(RecordedRequest request, Reply reply) throws IOException, InterruptedException {
        answered.incrementAndGet();
        int fault = random.nextInt(100);
        String early = request.fields().first("X-Nonce").orElse("");
        if (fault < 3 && !early.isEmpty()) {
            reply.field("Connection", "close").field("request-id", early).json(400, Messages.error("api_error", early));
            return;
        }
        if (!reply.readBody()) {
            return;
        }
        var found = NONCE.matcher(request.text());
        String nonce = found.find() ? found.group() : early;
        if (request.text().contains("\"stream\":true")) {
            stream(reply, fault, nonce);
        } else {
            whole(reply, fault, nonce);
        }
    }

    private void whole(Reply reply, int fault, String nonce) throws IOException {
        String body = Messages.message(nonce);
        reply.field("request-id", nonce);
        switch (fault) {
            case 3 -> reply.reset();
            case 4 -> reply.closeNow();
            case 5 -> {
                reply.send("HTTP/1.1 200 OK\r\nrequest-id: " + nonce + "\r\nContent-Le");
                reply.reset();
            }
            case 6, 7 -> {
                reply.send("HTTP/1.1 200 OK\r\nrequest-id: " + nonce + "\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n");
                end(reply, fault);
            }
            case 8, 9 -> {
                reply.length(body.length() + 9);
                reply.content(body.getBytes(StandardCharsets.UTF_8));
                end(reply, fault);
            }
            case 10 -> reply.json(500, Messages.error("api_error", nonce));
            case 11 -> reply.json(529, Messages.error("overloaded_error", nonce));
            case 12, 13 -> reply.json(400, Messages.error("invalid_request_error", nonce));
            case 14 -> {
                reply.length(body.length());
                reply.content(Arrays.copyOf(body.getBytes(StandardCharsets.UTF_8), 20));
                reply.content(Arrays.copyOfRange(body.getBytes(StandardCharsets.UTF_8), 20, body.length()));
            }
            case 15 -> reply.field("Connection", "close").json(200, body);
            default -> reply.json(200, body);
        }
    }

    private void stream(Reply reply, int fault, String nonce) throws IOException, InterruptedException {
        var events = Messages.stream(nonce, nonce);
        String all = String.join("", events);
        reply.field("request-id", nonce);
        switch (fault) {
            case 3 -> reply.reset();
            case 4 -> reply.closeNow();
            case 5 -> reply.json(529, Messages.error("overloaded_error", nonce));
            case 6 -> {
                reply.eventStream();
                reply.event("error", Messages.error("overloaded_error", nonce));
                reply.lastChunk();
            }
            case 7, 8, 9, 10 -> {
                reply.eventStream();
                reply.chunk(all.substring(0, 1 + random.nextInt(all.length() - 1)));
                end(reply, fault);
            }
            case 11, 12, 13 -> {
                reply.eventStream();
                for (var event : events) {
                    reply.chunk(event);
                    CommonGround.pause(random.nextInt(4));
                }
                reply.lastChunk();
            }
            case 14 -> {
                reply.eventStream();
                reply.chunk(events.get(0));
                reply.event("error", Messages.error("overloaded_error", nonce));
                reply.lastChunk();
            }
            default -> {
                reply.eventStream();
                reply.chunk(all);
                reply.lastChunk();
            }
        }
    }

    private static void end(Reply reply, int fault) throws IOException {
        if (fault % 2 == 0) {
            reply.reset();
        } else {
            reply.closeNow();
        }
    }
}
