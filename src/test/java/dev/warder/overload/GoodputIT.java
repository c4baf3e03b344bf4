package dev.warder.overload;

import static dev.warder.overload.Gateways.answersItsOperator;
import static dev.warder.overload.Gateways.assertUnharmed;
import static dev.warder.overload.Gateways.awaitOpenExchanges;
import static dev.warder.overload.Gateways.message;
import static dev.warder.overload.Gateways.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many requests are served in a while at the limit, at four times the limit, and after that. In the long form only. */
@EnabledIfSystemProperty(named = "warder.long", matches = "true")
class GoodputIT {
    private static final Logger LOG = LoggerFactory.getLogger(GoodputIT.class);
    private static final int CAPACITY = 64;
    private static final long MEASURED_MILLIS = 10_000;
    private static final long RECOVERY_MILLIS = 5_000;

    /** What the upstream takes for a response, so that its time and not the machine's speed sets the peak. */
    private static final long UPSTREAM_MILLIS = 200;

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    /** What one caller saw in the time that was measured. */
    private record Seen(int served, int refused) {
        Seen plus(Seen other) {
            return new Seen(served + other.served, refused + other.refused);
        }
    }

    @ParameterizedTest
    @EnumSource
    void servesAsManyUnderFourTimesTheLoad(GatewayProcess.Form form) throws Exception {
        try (var upstream = ScriptedUpstream.plain();
                var gateway = start(form, upstream, CAPACITY)) {
            upstream.script((request, reply) -> {
                pause(UPSTREAM_MILLIS);
                reply.messageStream("served");
            });
            call(gateway, CAPACITY, RECOVERY_MILLIS);
            var peak = call(gateway, CAPACITY, 0);
            var overload = call(gateway, 4 * CAPACITY, 0);
            answersItsOperator(gateway);
            var after = call(gateway, CAPACITY, RECOVERY_MILLIS);
            LOG.info("{}: peak {}, overload {}, after {} s {}", form, peak, overload, RECOVERY_MILLIS / 1000, after);
            assertThat(overload.refused()).isPositive();
            assertThat(overload.served()).isGreaterThan(peak.served() * 9 / 10);
            assertThat(after.served()).isGreaterThan(peak.served() * 9 / 10);
            // A place is free again a moment after the caller has the last byte of its response.
            assertThat(after.refused()).isLessThan(after.served() / 50);
            awaitOpenExchanges(gateway, 0);
            assertUnharmed(gateway);
        }
    }

    /** Runs this many callers at once. Each sends its next request after a response, or after the time in a refusal. */
    private static Seen call(GatewayProcess gateway, int callers, long unmeasuredMillis)
            throws InterruptedException, ExecutionException {
        var threads = Executors.newFixedThreadPool(callers);
        try {
            long from = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(unmeasuredMillis);
            var running = new ArrayList<Future<Seen>>();
            for (int i = 0; i < callers; i++) {
                running.add(threads.submit(() -> call(gateway, from)));
            }
            var seen = new Seen(0, 0);
            for (var caller : running) {
                seen = seen.plus(caller.get());
            }
            return seen;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Seen call(GatewayProcess gateway, long from) throws IOException, InterruptedException {
        long end = from + TimeUnit.MILLISECONDS.toNanos(MEASURED_MILLIS);
        var seen = new Seen(0, 0);
        while (System.nanoTime() < end) {
            var response = RawClient.exchange(gateway.baseUri(), message());
            boolean served = response.status() == 200;
            if (!served) {
                assertThat(response.status()).as("%s", response).isIn(429, 503);
                var seconds = response.fields().first("retry-after").orElseThrow();
                pause(TimeUnit.SECONDS.toMillis(Long.parseLong(seconds)));
            }
            long now = System.nanoTime();
            if (now >= from && now < end) {
                seen = seen.plus(served ? new Seen(1, 0) : new Seen(0, 1));
            }
        }
        return seen;
    }

    private static void pause(long millis) throws InterruptedException {
        assertThat(NEVER.await(millis, TimeUnit.MILLISECONDS)).isFalse();
    }
}
