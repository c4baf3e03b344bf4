package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.lease.PeriodReader;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.Preceded;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SpendLimitsTest {
    private static final long SECONDS = 20;
    private static final String POLICY =
            """
            {"version": 1, "clients": [
              {"name": "ada", "kind": "person", "budgets": [{"amount": "5", "period": "day"}]},
              {"name": "zoe", "kind": "person", "budgets": [{"amount": "7", "period": "day"}]}]}
            """;

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final AtomicInteger connections = new AtomicInteger();
    private Optional<SpendLimits> open = Optional.empty();

    @AfterEach
    void end() {
        goesOn.countDown();
        open.ifPresent(SpendLimits::close);
    }

    @Test
    void waitsForNoDatabaseAndAsksItForOnePageAtATime() throws Exception {
        new PeriodReader(h2.database()).read(List.of(new PeriodKey("client/ada/day", Instant.EPOCH)));
        var limits = limits(slow());
        var first = limits.page(query("limit=1"));
        assertThat(asked.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        var second = limits.page(query("user_ids[]=zoe"));
        var given = limits.page(query(""));
        assertThat(given.cancel(false)).isTrue();
        assertThat(connections).hasValue(1);
        assertThat(first).isNotDone();
        goesOn.countDown();
        assertThat(second.get(SECONDS, TimeUnit.SECONDS).body())
                .contains("\"zoe\"")
                .doesNotContain("\"ada\"");
        assertThat(first).isCompleted();
        limits.page(query("user_ids[]=none")).get(SECONDS, TimeUnit.SECONDS);
        assertThat(connections)
                .as("one to look at the tables, and one for each of two pages")
                .hasValue(3);
    }

    @Test
    void hasAFixedNumberOfPlaces() throws Exception {
        var reads = limits(h2.database()).reads();
        for (int i = 0; i < 16; i++) {
            assertThat(reads.enter()).isTrue();
        }
        assertThat(reads.enter()).isFalse();
    }

    private SpendLimits limits(DataSource source) throws Exception {
        var limits = new SpendLimits(
                Optional.of(policy()), Optional.of(new PeriodReader(source)), Thread::new, InstantSource.system());
        open = Optional.of(limits);
        return limits;
    }

    private static Supplier<Policy> policy() throws Exception {
        var policy = new LivePolicy(Optional.empty()).accept(POLICY.getBytes(StandardCharsets.UTF_8));
        return () -> policy;
    }

    private static EffectiveLimits.Asked query(String text) throws Exception {
        return EffectiveLimits.Asked.parse(text);
    }

    /** Gives no connection before {@link #goesOn}. */
    private DataSource slow() {
        Preceded.Before waits = method -> {
            connections.incrementAndGet();
            asked.countDown();
            assertThat(goesOn.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        };
        return Preceded.by(waits, DataSource.class, h2.database());
    }
}
