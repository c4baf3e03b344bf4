package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.BudgetScope;
import dev.warder.quota.LimitStore.Exchanged;
import dev.warder.quota.LimitStore.RefillRequest;
import dev.warder.quota.LimitStore.SlotRequest;
import dev.warder.usage.RepeatingThread;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An exchange of many limits with the database, which takes many transactions. */
class ShareKeeperTest {
    private static final int TRANSACTIONS = 10;

    private long now;
    private final Store store = new Store();
    private final List<RepeatingThread> threads = new ArrayList<>();
    private final RateLimiting node = new RateLimiting(
            Optional.of(store),
            task -> {
                threads.add((RepeatingThread) task);
                return new Thread(task);
            },
            () -> now);

    @Test
    void whatARequestWaitsForIsInTheNextTransaction() throws Exception {
        manyAreDue();
        var late = need("late");
        store.during = () -> {
            if (store.refills.size() == 1) {
                assertThat(node.limits().admit(SampleNeeds.TURN, List.of(late))).isInstanceOf(Admission.Waits.class);
            }
        };
        exchange();
        assertThat(store.refills).hasSizeGreaterThanOrEqualTo(TRANSACTIONS);
        assertThat(store.refills.get(1)).contains(late.key().text());
    }

    @Test
    void theNodeReportsThatItLivesBetweenTransactions() throws Exception {
        manyAreDue();
        int before = store.beats;
        store.during = () -> now += Duration.ofMillis(1900).toNanos();
        exchange();
        // Each 5 s, after the transaction in which they end.
        assertThat(store.beats - before).isBetween(3, 4);
    }

    /** So that each has something that the database is to know, and no request waits. */
    private void manyAreDue() throws Exception {
        var admissions = IntStream.range(0, TRANSACTIONS * LimitStore.MOST)
                .mapToObj(i -> (Admission.Waits) node.limits().admit(SampleNeeds.TURN, List.of(need("c" + i))))
                .toList();
        exchange();
        threads.get(0).runOnce();
        admissions.forEach(waits -> {
            var admitted = (Admission.Admitted) waits.waiter().decision.join();
            node.limits().end(admitted.hold(), tokens -> 1);
        });
        store.refills.clear();
    }

    private void exchange() throws Exception {
        threads.get(1).runOnce();
    }

    private static Need need(String client) {
        return SampleNeeds.of(SampleNeeds.key(BudgetScope.CLIENT, client, LimitKind.OUTPUT_TOKENS), 6000, 100);
    }

    /** One that does something in each transaction. */
    private final class Store implements LimitStore {
        private final LimitsInMemory limits = new LimitsInMemory(() -> Instant.EPOCH.plusNanos(now));
        private final List<List<String>> refills = new ArrayList<>();
        private Runnable during = () -> {};
        private int beats;

        @Override
        public Exchanged exchange(UUID run, List<RefillRequest> requests, List<SlotRequest> slots) throws SQLException {
            refills.add(requests.stream().map(RefillRequest::limit).toList());
            during.run();
            return limits.exchange(run, requests, slots);
        }

        @Override
        public int beat(UUID run) throws SQLException {
            beats++;
            return limits.beat(run);
        }

        @Override
        public void end(UUID run) throws SQLException {
            limits.end(run);
        }
    }
}
