package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.auth.Verdict;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.HeldAmount;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.Journal.HeldInstead;
import dev.warder.ledger.store.LedgerEnvironment;
import dev.warder.ledger.store.LedgerRow;
import dev.warder.usage.TryIds;
import dev.warder.usage.UsageRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntentGateTest {
    private final AtomicLong nanos = new AtomicLong();
    private final List<Intent> noted = new ArrayList<>();
    private final List<CompletableFuture<Boolean>> durable = new ArrayList<>();
    private final List<Intent.Settled> settled = new ArrayList<>();
    private final IntentGate gate = new IntentGate(
            this::note,
            this::hold,
            new TryIds(() -> Rows.NOON, new Random(1)),
            new LedgerEnvironment(Thread::new, () -> Rows.NOON, nanos::get),
            settled::add,
            new Holding());
    private final List<HeldInstead> instead = new ArrayList<>();
    private Optional<HeldAmount> held = Optional.empty();

    private final class Holding implements Charged.Lookup {
        @Override
        public Optional<Charged> charged(String request) {
            return Optional.empty();
        }

        @Override
        public Optional<HeldAmount> held(String request) {
            return request.equals("req-1") ? held : Optional.empty();
        }
    }

    private IntentGate gate(Function<Intent, CompletableFuture<Boolean>> log) {
        return new IntentGate(
                log,
                this::hold,
                new TryIds(() -> Rows.NOON, new Random(1)),
                new LedgerEnvironment(Thread::new, () -> Rows.NOON, nanos::get),
                settled::add,
                Charged.Lookup.NONE);
    }

    private CompletableFuture<Boolean> note(Intent intent) {
        noted.add(intent);
        durable.add(new CompletableFuture<>());
        return durable.get(durable.size() - 1);
    }

    private void hold(HeldInstead held) {
        instead.add(held);
    }

    private Verdict.Later ask() {
        return (Verdict.Later) gate.ask(Rows.inquiry("req-1", "POST", "/v1/messages"));
    }

    private static boolean decided(Verdict.Later later) {
        return later.decision().toCompletableFuture().isDone();
    }

    private static Runnable release(Verdict.Later later) {
        var granted = (Verdict.Granted) later.decision().toCompletableFuture().join();
        return granted.release().orElseThrow();
    }

    @Test
    void notesWhatARequestHoldsUntilItEnds() {
        held = Optional.of(new HeldAmount(Rows.charged("client/build/day"), 40));
        var later = ask();
        assertThat(noted.get(0).held()).isEqualTo(held);
        durable.get(0).complete(true);
        gate.hold("req-1", 70);
        gate.hold("req-2", 80);
        assertThat(instead).containsExactly(new HeldInstead(noted.get(0).id(), 70));
        release(later).run();
        gate.hold("req-1", 90);
        assertThat(instead).hasSize(1);
    }

    @Test
    void delaysARequestUntilItsIntentIsDurable() {
        var later = ask();
        assertThat(noted).hasSize(1);
        assertThat(noted.get(0).caller().client()).contains("build");
        assertThat(decided(later)).isFalse();
        durable.get(0).complete(true);
        assertThat(decided(later)).isTrue();
        assertThat(gate.withoutIntent()).isZero();
    }

    @Test
    void delaysNoRequestWhoseIntentIsWrittenAtOnce() {
        var prompt = gate(intent -> CompletableFuture.completedFuture(true));
        var granted = (Verdict.Granted) prompt.ask(Rows.inquiry("req-1", "POST", "/v1/messages"));
        assertThat(prompt.open()).isEqualTo(1);
        granted.release().orElseThrow().run();
        assertThat(prompt.open()).isZero();
        assertThat(settled).hasSize(1);
        assertThat(prompt.withoutIntent()).isZero();
    }

    @Test
    void countsAnIntentThatIsRefusedAtOnce() {
        var full = gate(intent -> CompletableFuture.completedFuture(false));
        assertThat(full.ask(Rows.inquiry("req-1", "POST", "/v1/messages"))).isInstanceOf(Verdict.Granted.class);
        assertThat(full.withoutIntent()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/messages,true",
        "POST,/v1/chat/completions,true",
        "POST,/anthropic/v1/messages,true",
        "POST,/v1/messages/count_tokens,false",
        "POST,/v1/messages/batches,false",
        "GET,/v1/models,false",
        "GET,/anthropic/v1/models,false"
    })
    void concernsRequestsThatHaveRows(String method, String path, boolean delayed) {
        assertThat(gate.ask(Rows.inquiry("req-1", method, path)) instanceof Verdict.Later)
                .isEqualTo(delayed);
    }

    @Test
    void letsARequestGoAfterASecond() {
        var later = ask();
        gate.tick();
        assertThat(decided(later)).isFalse();
        nanos.addAndGet(1_000_000_000L);
        gate.tick();
        assertThat(decided(later)).isTrue();
        assertThat(gate.withoutIntent()).isEqualTo(1);
    }

    @Test
    void countsIntentsThatCouldNotBeWritten() {
        var later = ask();
        durable.get(0).complete(false);
        assertThat(decided(later)).isTrue();
        assertThat(gate.withoutIntent()).isEqualTo(1);
    }

    @Test
    void settlesAnIntentOnceWithItsRows() {
        var later = ask();
        durable.get(0).complete(true);
        var first = Rows.row();
        var part = Rows.row(first.key().tryId(), 1, Rows.NOON, "advisor");
        var second = Rows.row();
        gate.end("req-1", List.of(first, part, second), Optional.empty());
        release(later).run();
        var id = noted.get(0).id();
        assertThat(settled).hasSize(1);
        assertThat(settled.get(0).intent()).contains(id);
        assertThat(settled.get(0).rows().stream().map(LedgerRow::key))
                .as("the first try has the id of the intent, like the unknown row that may be made of it")
                .containsExactly(new UsageRow.Key(id, 0), new UsageRow.Key(id, 1), second.key());
        assertThat(settled.get(0).rows().get(1).text(Column.MODEL_ASKED)).isEqualTo("advisor");
    }

    /** The grant of a request that no longer waits is released at once, perhaps after the end of its record. */
    @Test
    void settlesAnIntentWhoseRequestWasNotSent() {
        var later = ask();
        durable.get(0).complete(true);
        release(later).run();
        assertThat(settled).containsExactly(Rows.settled(noted.get(0)));
    }

    /** After the next start it is ended as unknown, with what it held. */
    @Test
    void leavesAnIntentOpenInTheLogWhereTheRecordOfItsRequestIsLost() {
        var later = ask();
        durable.get(0).complete(true);
        gate.leaveOpen("req-1");
        release(later).run();
        assertThat(settled).isEmpty();
        assertThat(gate.open()).isZero();
    }

    @Test
    void keepsNothingOfAnIntentThatCannotBeNoted() {
        var broken = gate(intent -> {
            throw new IllegalStateException();
        });
        assertThatThrownBy(() -> broken.ask(Rows.inquiry("req-1", "POST", "/v1/messages")))
                .isInstanceOf(IllegalStateException.class);
        broken.end("req-1", List.of(), Optional.empty());
        assertThat(settled).isEmpty();
    }

    @Test
    void passesRowsWithoutAnIntentOn() {
        var row = Rows.row();
        gate.end("another", List.of(row), Optional.empty());
        gate.end("a third", List.of(), Optional.empty());
        assertThat(settled).containsExactly(Rows.settled(row));
    }
}
