package dev.warder.usage;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The clients of {@link LedgerSuiteIT}: send requests by their numbers, and keep when each was under way. Thread-safe. */
final class SuiteClient {
    private static final String HELLO = "{\"role\":\"user\",\"content\":\"Hello\"}";

    /** More than the upstream may wait. */
    private static final int MILLIS =
            (int) SuiteUpstream.TOGETHER.plusSeconds(10).toMillis();

    private final SuiteUpstream upstream;
    private final Map<Integer, Times> times = new ConcurrentHashMap<>();

    /** In nanoseconds of this machine's clock. */
    private record Times(long began, long ended) {}

    SuiteClient(SuiteUpstream upstream) {
        this.upstream = upstream;
    }

    /** Sends a request and reads its response, as far as the gateway lives so long. */
    void exchange(URI gateway, int number) {
        long began = System.nanoTime();
        try (var client = RawClient.connect(gateway).readTimeout(MILLIS)) {
            client.send(request(number));
            if (SuiteUpstream.Plan.of(number) == SuiteUpstream.Plan.CLIENT_LEAVES) {
                leave(client, number);
            } else {
                client.readResponse();
            }
        } catch (IOException killed) {
            // The rows have to be right nevertheless.
        }
        times.put(number, new Times(began, System.nanoTime()));
    }

    /** The events may be fewer: an upstream's error before the message is not relayed as an event. */
    private void leave(RawClient client, int number) throws IOException {
        if (client.readHead().status() == 200) {
            for (int i = 0; i < upstream.eventsBeforeEnd(number); i++) {
                if (client.readEvent().isEmpty()) {
                    return;
                }
            }
        }
        client.reset();
    }

    private RawRequest request(int number) {
        var plan = SuiteUpstream.Plan.of(number);
        var path =
                switch (plan) {
                    case GZIP -> "/anthropic/v1/messages";
                    case CHAT -> "/v1/chat/completions";
                    case NO_ROW -> "/v1/messages/count_tokens";
                    default -> "/v1/messages";
                };
        var each = upstream.at(number);
        var request = RawRequest.of("POST", path)
                .field(SuiteUpstream.NUMBER, Integer.toString(number))
                .field("X-Claude-Code-Session-Id", Integer.toString(number));
        return (plan == SuiteUpstream.Plan.GZIP ? request.field("Accept-Encoding", "gzip") : request)
                .json("{\"model\":\"%s\",\"max_tokens\":4096,\"stream\":%s,\"messages\":[%s]}"
                        .formatted(each.model(), each.stream(), plan == SuiteUpstream.Plan.CHAT ? HELLO : ""));
    }

    /** Whether the request was under way at this time, or had ended less than a second before. */
    boolean wasUnderWay(int number, long nanoTime) {
        var known = times.get(number);
        return known != null && known.began() - nanoTime < 0 && known.ended() - nanoTime > -1_000_000_000L;
    }
}
