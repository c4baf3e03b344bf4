package dev.warder.exchange.tries;

import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.Flow;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.http.Field;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * The response to one try, as a seed has it: whole or an event stream, good or failed, at once too large to keep back, and at
 * any place broken off or silent.
 */
final class ScriptedResponse {
    private static final int[] STATUSES = {
        200, 201, 302, 400, 401, 401, 401, 401, 401, 402, 403, 404, 429, 500, 503, 504, 529
    };

    private static final List<String> EVENTS = List.of(
            "event: message_start\ndata: {}\n\n",
            "event: error\ndata: {\"error\":{\"type\":\"overloaded_error\"}}\n\n",
            "event: error\ndata: {\"error\":{\"type\":\"authentication_error\"}}\n\n",
            "event: error\ndata: {\"error\":{\"type\":\"invalid_request_error\"}}\n\n",
            ": comment\n\n");

    private static final String EVENT = "event: ping\ndata: {}\n\n";
    private static final int TOO_LARGE = 70_000;

    private final Random random;
    private final Try to;
    private final Flow flow;
    private final Deque<Runnable> steps = new ArrayDeque<>();
    private boolean silent;

    ScriptedResponse(Random random, Try to, Flow flow) {
        this.random = random;
        this.to = to;
        this.flow = flow;
        write();
        shorten();
    }

    /** What comes, in its order. */
    Deque<Runnable> steps() {
        return steps;
    }

    /** Whether it has neither an end nor a failure. */
    boolean isSilent() {
        return silent;
    }

    static Failure lost(Random random) {
        return random.nextInt(6) == 0
                ? Failure.of(new IllegalStateException("a failure of the test that is not the connection's"))
                : Failure.of(new IOException("reset"));
    }

    private void write() {
        if (random.nextInt(3) == 0) {
            writeStream();
        } else {
            head(STATUSES[random.nextInt(STATUSES.length)], false, "");
            for (int i = random.nextInt(4); i > 0; i--) {
                piece(random.nextInt(6) == 0 ? "x".repeat(TOO_LARGE) : random.nextBoolean() ? "{}" : "");
            }
        }
        steps.add(to::end);
    }

    private void writeStream() {
        head(200, true, random.nextInt(5) == 0 ? "gzip" : "");
        var text = EVENTS.get(random.nextInt(EVENTS.size()));
        int cut = random.nextInt(text.length());
        piece(text.substring(0, cut));
        piece(text.substring(cut));
        for (int i = random.nextInt(4); i > 0; i--) {
            piece(random.nextInt(8) == 0 ? ": " + "x".repeat(TOO_LARGE) : EVENT);
        }
    }

    /** Breaks it off, or has it fall silent, after some steps. */
    private void shorten() {
        int how = random.nextInt(6);
        if (how > 1) {
            return;
        }
        int keep = random.nextInt(steps.size());
        while (steps.size() > keep) {
            steps.removeLast();
        }
        silent = how == 0;
        if (!silent) {
            var failure = lost(random);
            steps.add(() -> to.failed(failure));
        }
    }

    private void head(int status, boolean stream, String coding) {
        var type = new Field("Content-Type", stream ? "text/event-stream" : "application/json");
        steps.add(() -> to.head(new ResponseHead(status, List.of(type), -1, coding, stream), flow));
    }

    private void piece(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        steps.add(() -> to.piece(Arrays.copyOf(bytes, bytes.length), bytes.length));
    }
}
