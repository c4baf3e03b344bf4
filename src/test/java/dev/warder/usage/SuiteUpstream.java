package dev.warder.usage;

import dev.warder.body.Bodies;
import dev.warder.testkit.Limit;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The upstream of {@link LedgerSuiteIT}: plays the case of each request, and keeps what it has sent, by its own id of the
 * response. Thread-safe.
 */
final class SuiteUpstream implements Script {
    /** The field with the number of a request. */
    static final String NUMBER = "x-suite-number";

    /** Until the first requests are all there. */
    static final Duration TOGETHER = Limit.seconds(30);

    private final List<SuiteCase> cases = SuiteCase.all();
    private final List<SuiteCase> ofChat = SuiteCase.ofChat();

    /** How often each request came. */
    private final Map<Integer, Integer> tries = new ConcurrentHashMap<>();

    /** Cases that were sent to their end, by the id of the response. */
    private final Map<String, SuiteCase> said = new ConcurrentHashMap<>();

    private final CountDownLatch together;

    /** @param atOnce how many of the first requests are open at the same time */
    SuiteUpstream(int atOnce) {
        together = new CountDownLatch(atOnce);
    }

    /** What is done with a request of this number. */
    enum Plan {
        WHOLE,
        CHAT,
        GZIP,
        FAILOVER,
        UPSTREAM_BREAKS,
        CLIENT_LEAVES,
        NO_ROW;

        static Plan of(int number) {
            return switch (number % 20) {
                case 1 -> CHAT;
                case 3, 13 -> FAILOVER;
                case 5, 15 -> GZIP;
                case 7, 17 -> UPSTREAM_BREAKS;
                case 9, 19 -> CLIENT_LEAVES;
                case 11 -> NO_ROW;
                default -> WHOLE;
            };
        }
    }

    SuiteCase at(int number) {
        if (Plan.of(number) == Plan.CHAT) {
            return ofChat.get(number / 20 % 2);
        }
        // A plan comes with every case in turn.
        return cases.get((number + number / 20) % cases.size());
    }

    List<SuiteCase> ofChat() {
        return ofChat;
    }

    /** How many events pass before one side leaves. */
    int eventsBeforeEnd(int number) {
        return number / 20 % (at(number).events().size() + 1);
    }

    Map<Integer, Integer> tries() {
        return tries;
    }

    Map<String, SuiteCase> said() {
        return said;
    }

    /** Whether so many requests were open at the same time. */
    boolean wereTogether() {
        return together.getCount() == 0;
    }

    @Override
    public void run(RecordedRequest request, Reply reply) throws Exception {
        int number = Integer.parseInt(request.fields().first(NUMBER).orElseThrow());
        if (Plan.of(number) == Plan.NO_ROW) {
            reply.json(200, "{\"input_tokens\":3}");
            return;
        }
        int count = tries.merge(number, 1, Integer::sum);
        together.countDown();
        if (!together.await(TOGETHER.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException("the requests do not come together");
        }
        var id = "up-" + number + "-" + count;
        reply.field("request-id", id);
        switch (Plan.of(number)) {
            case FAILOVER -> failover(count, id, number, reply);
            case UPSTREAM_BREAKS -> part(at(number), eventsBeforeEnd(number), reply);
            case CLIENT_LEAVES -> untilTheClientLeaves(at(number), eventsBeforeEnd(number), reply);
            default -> whole(id, at(number), Plan.of(number) == Plan.GZIP, reply);
        }
    }

    private void failover(int count, String id, int number, Reply reply) throws IOException {
        if (count == 1) {
            reply.json(529, Messages.error("overloaded_error", "Overloaded"));
        } else {
            whole(id, at(number), false, reply);
        }
    }

    private void whole(String id, SuiteCase each, boolean coded, Reply reply) throws IOException {
        byte[] body = coded ? Bodies.gzip(each.body()) : each.body();
        if (coded) {
            reply.field("Content-Encoding", "gzip");
        }
        if (each.stream()) {
            reply.eventStream();
            reply.dribbleChunks(body);
            reply.lastChunk();
        } else {
            reply.field("Content-Type", "application/json");
            reply.length(body.length);
            reply.content(body);
        }
        said.put(id, each);
    }

    private static void part(SuiteCase each, int events, Reply reply) throws IOException {
        reply.eventStream();
        for (var event : each.events().subList(0, events)) {
            reply.chunk(event);
        }
        reply.reset();
    }

    private static void untilTheClientLeaves(SuiteCase each, int events, Reply reply) throws Exception {
        reply.eventStream();
        for (var event : each.events().subList(0, Math.min(events, each.events().size() - 1))) {
            reply.chunk(event);
        }
        var never = new CountDownLatch(1);
        while (!never.await(50, TimeUnit.MILLISECONDS)) {
            reply.chunk(Messages.event("ping", "{\"type\":\"ping\"}"));
        }
    }
}
