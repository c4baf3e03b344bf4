package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.container.RepeatingThread;
import dev.warder.policy.Budget;
import dev.warder.quota.Limit.Need;
import dev.warder.quota.WaitingLine.Waiter;
import dev.warder.testkit.Preceded;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits that several nodes share, on a virtual clock: as many requests as possible are sent to all of them. */
class SharedLimitsTest {
    private static final Duration TRANSACTION = Duration.ofMillis(3);
    private static final Duration MINUTES = Duration.ofMinutes(5);
    private static final int TRANSACTIONS = 10;

    private final VirtualClock clock = new VirtualClock();
    private final List<String> calls = new ArrayList<>();
    private final LimitStore store =
            Preceded.by(this::called, LimitStore.class, new LimitsInMemory(() -> Instant.EPOCH.plusNanos(clock.now)));
    private final Random random = new Random(7);
    private final List<RateLimiting> nodes = new ArrayList<>();
    private final List<RepeatingThread> threads = new ArrayList<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private boolean away;
    private IntConsumer during = exchanges -> {};
    private int admitted;
    private int refused;

    /** A call of the database, of which the test may do something during those that exchange limits. */
    private void called(String method) throws SQLException {
        calls.add(method);
        if (away) {
            throw new SQLException("away", "08001");
        }
        if (method.equals("exchange")) {
            during.accept(Collections.frequency(calls, "exchange"));
        }
    }

    /** What a full bucket gives from now on, and what is used of it. */
    private final class Share {
        private final double size;
        private final LongSupplier used;
        private final long usedBefore;
        private final long since = clock.now;
        private double excess;

        Share(double size, LongSupplier used) {
            this.size = size;
            this.used = used;
            this.usedBefore = used.getAsLong();
        }

        double used() {
            return used.getAsLong() - usedBefore;
        }

        double added() {
            return size * (clock.now - since) / 60e9;
        }

        void look() {
            excess = Math.max(excess, used() - size - added());
        }

        /** Of what is there all but 3 % is used, and at no time more than a slice besides. */
        void isUsed() {
            assertThat(used()).isBetween((size + added()) * 0.97, size + added() + size / 12);
            assertThat(excess).isLessThanOrEqualTo(size / 12);
        }
    }

    /** Nodes are used at random, or in turn, each for some seconds: one gets what the others do not use. */
    @ParameterizedTest
    @CsvSource({"1, 600, 0", "2, 600, 0", "3, 600, 0", "3, 600, 5", "1, 6000, 0", "2, 6000, 0", "3, 6000, 0"})
    void allThatIsThereIsUsedAndNoMoreThanASliceBesides(int count, int size, int seconds) {
        start(count);
        var share = new Share(size, () -> admitted);
        // Three times as many requests as are permitted.
        repeat(Duration.ofNanos(60_000_000_000L / size / 3), MINUTES, () -> {
            int second = (int) (clock.now / 1_000_000_000L);
            ask(seconds == 0 ? any() : nodes.get(second / seconds % count), need(Limit.Kind.REQUESTS, size, 1));
            share.look();
        });
        share.isUsed();
        assertThat(refused).isPositive();
    }

    /** The database's bucket becomes full while each node keeps something in addition. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 10})
    void aBurstAfterModerateUseHasNoMoreThanASliceBesides(int count) {
        start(count);
        int size = 600;
        repeat(Duration.ofMillis(133), Duration.ofMinutes(3), () -> ask(need(Limit.Kind.REQUESTS, size, 1)));
        assertThat(refused).isZero();
        var share = new Share(size, () -> admitted);
        for (int i = 0; i < size / 2; i++) {
            ask(need(Limit.Kind.REQUESTS, size, 1));
        }
        repeat(Duration.ofNanos(10_000_000_000L / size), Duration.ofMinutes(1), () -> {
            ask(need(Limit.Kind.REQUESTS, size, 1));
            share.look();
        });
        share.isUsed();
    }

    /** A prompt takes the most that it may have until the upstream has counted it, and then what it has. */
    @ParameterizedTest
    @CsvSource({"1, 60000", "2, 60000", "3, 60000", "1, 2000000", "2, 2000000", "3, 2000000"})
    void whatPromptsGiveBackIsUsedToo(int count, int size) {
        start(count);
        int usual = size / 600;
        var used = new long[1];
        var share = new Share(size, () -> used[0]);
        // Three times as many tokens as are permitted.
        repeat(Duration.ofMillis(100 / 3), MINUTES, () -> {
            var node = any();
            int tokens = usual / 2 + random.nextInt(usual);
            ask(node, need(Limit.Kind.INPUT_TOKENS, size, 2 * tokens + 50), hold -> {
                used[0] += tokens;
                counted(node, hold, tokens);
            });
            share.look();
        });
        share.isUsed();
        assertThat(refused).isPositive();
    }

    /** The upstream counts the prompt after about a second, and responds for three. */
    private void counted(RateLimiting node, RateHold hold, int tokens) {
        clock.after(Duration.ofMillis(300 + random.nextInt(900)), () -> {
            node.limits().change(hold, "m", kind -> kind == Limit.Kind.INPUT_TOKENS ? tokens : -1);
            clock.after(Duration.ofSeconds(3), () -> node.limits().end(hold, none -> tokens));
        });
    }

    @Test
    void slotsOfAllNodesTogetherAreUsedAndNoMore() {
        start(3);
        int size = 30;
        var running = new ArrayList<RateHold>();
        var most = new int[1];
        var sum = new long[2];
        repeat(Duration.ofMillis(10), MINUTES, () -> {
            var node = any();
            ask(node, need(Limit.Kind.CONCURRENT, size, 1), hold -> {
                running.add(hold);
                most[0] = Math.max(most[0], running.size());
                clock.after(Duration.ofMillis(500 + random.nextInt(4000)), () -> {
                    running.remove(hold);
                    node.limits().end(hold, none -> 0);
                });
            });
            sum[0] += running.size();
            sum[1]++;
        });
        assertThat(most[0]).isEqualTo(size);
        assertThat((double) sum[0] / sum[1])
                .as("slots that are used on average")
                .isGreaterThan(size * 0.8);
    }

    /** One request after another, each on another node: none of them may be refused because of slots that are kept. */
    @ParameterizedTest
    @CsvSource({"2, 12", "3, 12", "13, 12", "20, 30"})
    void slotsThatAreKeptLeaveRoomOnEachNode(int count, int size) {
        start(count);
        for (int i = 0; i < 3 * count; i++) {
            var node = nodes.get(i % count);
            ask(node, need(Limit.Kind.CONCURRENT, size, 1), hold -> node.limits()
                    .end(hold, none -> 0));
            clock.runFor(Duration.ofMillis(600));
        }
        assertThat(refused).isZero();
        assertThat(admitted).isEqualTo(3 * count);
    }

    @Test
    void aNodeThatNeedsNothingOnlyReportsThatItLives() {
        start(2);
        clock.runFor(Duration.ofMinutes(1));
        assertThat(calls).as("before the first request").isEmpty();
        ask(need(Limit.Kind.REQUESTS, 600, 1));
        clock.runFor(Duration.ofSeconds(30));
        assertThat(admitted).isEqualTo(1);
        calls.clear();
        clock.runFor(Duration.ofMinutes(10));
        assertThat(calls).hasSizeBetween(100, 120);
    }

    /** Each node then takes its part of the limit, which is charged to the database afterwards. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aDatabaseThatIsAwayRefusesNothing(int count) {
        start(count);
        int size = 600;
        nodes.forEach(node -> ask(node, need(Limit.Kind.REQUESTS, size, 1)));
        clock.runFor(Duration.ofSeconds(12));
        away = true;
        var meanwhile = new Share(size, () -> admitted);
        repeat(Duration.ofMillis(20), MINUTES, () -> ask(need(Limit.Kind.REQUESTS, size, 1)));
        assertThat(nodes).allMatch(RateLimiting::isDatabaseAway);
        assertThat(meanwhile.used()).isBetween(meanwhile.added() * 0.97, meanwhile.added() + size + count);

        away = false;
        clock.runFor(Duration.ofSeconds(3));
        var then = new Share(size, () -> admitted);
        repeat(Duration.ofMillis(20), MINUTES, () -> ask(need(Limit.Kind.REQUESTS, size, 1)));
        assertThat(nodes).noneMatch(RateLimiting::isDatabaseAway);
        assertThat(then.used()).isBetween(then.added() * 0.97, then.added() + size * 0.25);
    }

    /** A large request is not kept from what it needs by small ones that come later. */
    @Test
    void aRequestThatNeedsMuchIsAdmittedWhenItIsThere() {
        start(2);
        ask(nodes.get(0), need(Limit.Kind.INPUT_TOKENS, 6000, 5000));
        clock.runFor(Duration.ofSeconds(1));
        assertThat(admitted).isEqualTo(1);
        ask(nodes.get(1), need(Limit.Kind.INPUT_TOKENS, 6000, 5000));
        clock.runFor(Duration.ofSeconds(1));
        assertThat(refused).isEqualTo(1);
        clock.runFor(Duration.ofSeconds(45));
        ask(nodes.get(1), need(Limit.Kind.INPUT_TOKENS, 6000, 5000));
        clock.runFor(Duration.ofSeconds(1));
        assertThat(admitted).isEqualTo(2);
    }

    /** A request waits only for what it lacks, and only until it leaves. */
    @Test
    void whoWaitsForOneLimitKeepsNobodyFromTheOthers() {
        start(1);
        var team = need(Limit.Kind.REQUESTS, 6000, 1);
        ask(team);
        clock.runFor(Duration.ofSeconds(1));
        nodes.get(0).limits().withdraw(wait(nodes.get(0), List.of(need(Limit.Kind.REQUESTS, 6000, 5000))));
        ask(team);
        assertThat(admitted).isEqualTo(2);
        clock.runFor(Duration.ofSeconds(1));
        var other = SampleNeeds.of(SampleNeeds.key(Budget.Scope.CLIENT, "ada", Limit.Kind.REQUESTS), 60, 1);
        wait(nodes.get(0), List.of(team, other));
        ask(team);
        assertThat(admitted).isEqualTo(3);
        wait(nodes.get(0), List.of(team, other));
        clock.runFor(Duration.ofSeconds(1));
    }

    /** A client that sends a request each few seconds does not wait for the database each time. */
    @Test
    void ordinaryTrafficWaitsOnceOnly() {
        start(1);
        var limits = nodes.get(0).limits();
        var waits = new int[1];
        repeat(Duration.ofSeconds(6), MINUTES, () -> {
            var needs = List.of(
                    need(Limit.Kind.REQUESTS, 60, 1),
                    need(Limit.Kind.INPUT_TOKENS, 1_000_000, 30_000),
                    need(Limit.Kind.CONCURRENT, 50, 1));
            var admission = limits.admit(SampleNeeds.TURN, needs);
            if (admission instanceof Admission.Waits waiting) {
                waits[0]++;
                nodes.get(0).ask();
                clock.runFor(Duration.ofMillis(500));
                admission = waiting.waiter().decision.join();
            }
            limits.end(((Admission.Admitted) admission).hold(), input -> 10_000);
        });
        assertThat(waits[0]).isEqualTo(1);
    }

    /** It knows of no other node, so that it has all of each limit meanwhile. */
    @Test
    void aNodeThatStartsWhileTheDatabaseIsAwayKeepsNothingAfterwards() {
        start(2);
        var small = need(Limit.Kind.REQUESTS, 600, 1);
        nodes.forEach(node -> ask(node, small));
        clock.runFor(Duration.ofSeconds(1));
        away = true;
        start(1);
        nodes.forEach(node -> ask(node, small));
        clock.runFor(Duration.ofSeconds(10));
        assertThat(nodes).allMatch(RateLimiting::isDatabaseAway);
        away = false;
        var started = nodes.get(2);
        while (started.isDatabaseAway()) {
            clock.runFor(Duration.ofMillis(10));
        }
        int before = admitted;
        for (int i = 0; i < 1100; i++) {
            ask(started, small);
        }
        clock.runFor(Duration.ofSeconds(1));
        assertThat(admitted - before).isBetween(550, 620);
    }

    /** They need several transactions, and the first one fails. */
    @Test
    void manySlotsThatCouldNotBeGivenBackAreGivenBackLater() {
        start(2);
        var teams = IntStream.range(0, 5 * LimitStore.MOST / 2)
                .mapToObj(i -> SampleNeeds.of(SampleNeeds.key(Budget.Scope.TEAM, "t" + i, Limit.Kind.CONCURRENT), 1, 1))
                .toList();
        var holds = new ArrayList<RateHold>();
        teams.forEach(team -> ask(nodes.get(0), team, holds::add));
        clock.runFor(Duration.ofSeconds(30));
        away = true;
        holds.forEach(hold -> nodes.get(0).limits().end(hold, none -> 0));
        clock.runFor(Duration.ofSeconds(3));
        away = false;
        clock.runFor(Duration.ofSeconds(10));
        teams.forEach(team -> ask(nodes.get(1), team));
        clock.runFor(Duration.ofSeconds(1));
        assertThat(admitted).isEqualTo(2 * teams.size());
    }

    /** The node that gives it back has lost the database before it is noted there. */
    @Test
    void whatIsGivenBackIsNotLostInATransactionThatFails() {
        start(1);
        var node = nodes.get(0);
        var holds = new ArrayList<RateHold>();
        ask(node, need(Limit.Kind.INPUT_TOKENS, 60_000, 60_000), holds::add);
        clock.runFor(Duration.ofSeconds(1));
        away = true;
        node.limits().end(holds.get(0), tokens -> 10);
        clock.runFor(Duration.ofSeconds(3));
        away = false;
        clock.runFor(Duration.ofSeconds(5));
        ask(node, need(Limit.Kind.INPUT_TOKENS, 60_000, 59_000));
        clock.runFor(Duration.ofSeconds(1));
        assertThat(admitted).isEqualTo(2);
    }

    @Test
    void aNodeThatStopsGivesBackAllThatItHas() {
        start(2);
        var small = need(Limit.Kind.REQUESTS, 600, 1);
        repeat(Duration.ofMillis(100), Duration.ofSeconds(10), () -> ask(nodes.get(0), small));
        clock.runFor(Duration.ofMillis(600));
        nodes.get(0).close();
        threads.subList(0, 2).forEach(RepeatingThread::runLast);
        int before = admitted;
        for (int i = 0; i < 700; i++) {
            ask(nodes.get(1), small);
        }
        clock.runFor(Duration.ofSeconds(1));
        assertThat(admitted - before).isGreaterThanOrEqualTo(595);
    }

    /** All of its client's together, then all of its team's. */
    @Test
    void aRequestWaitsForOneExchangeForEachOwnerOfItsLimits() {
        start(1);
        var kinds = List.of(Limit.Kind.REQUESTS, Limit.Kind.INPUT_TOKENS, Limit.Kind.OUTPUT_TOKENS);
        var needs = new ArrayList<Need>();
        for (var scope : List.of(Budget.Scope.CLIENT, Budget.Scope.TEAM)) {
            kinds.forEach(kind -> needs.add(SampleNeeds.of(SampleNeeds.key(scope, "x", kind), 600, 10)));
        }
        var waits = wait(nodes.get(0), needs);
        clock.runFor(Duration.ofSeconds(1));
        assertThat(waits.decision).isCompletedWithValueMatching(Admission.Admitted.class::isInstance);
        assertThat(calls).as("a beat, and an exchange for each owner").hasSizeLessThanOrEqualTo(3 + 1);
    }

    @Test
    void aShortFailureTakesNothingOfALimitThatIsHardlyUsed() {
        start(1);
        var small = need(Limit.Kind.REQUESTS, 600, 1);
        repeat(Duration.ofSeconds(2), Duration.ofSeconds(10), () -> ask(small));
        away = true;
        repeat(Duration.ofMillis(300), Duration.ofSeconds(3), () -> ask(small));
        assertThat(nodes).allMatch(RateLimiting::isDatabaseAway);
        away = false;
        clock.runFor(Duration.ofSeconds(5));
        assertThat(nodes).noneMatch(RateLimiting::isDatabaseAway);
        int before = admitted;
        repeat(Duration.ofMillis(1), Duration.ofMillis(550), () -> ask(small));
        clock.runFor(Duration.ofSeconds(1));
        assertThat(admitted - before).isEqualTo(550);
        assertThat(refused).isZero();
    }

    /** The prompt had less tokens than a minute's amount, and the bucket was full again before that was known. */
    @Test
    void whatIsGivenBackDoesNotAddToAFullBucket() {
        start(1);
        var node = nodes.get(0);
        var holds = new ArrayList<RateHold>();
        ask(node, need(Limit.Kind.INPUT_TOKENS, 6000, 6000), holds::add);
        clock.runFor(Duration.ofMinutes(2));
        node.limits().end(holds.get(0), tokens -> 10);
        ask(node, need(Limit.Kind.INPUT_TOKENS, 6000, 5990));
        ask(node, need(Limit.Kind.INPUT_TOKENS, 6000, 5990));
        clock.runFor(Duration.ofSeconds(1));
        assertThat(admitted).isEqualTo(2);
        assertThat(refused).isEqualTo(1);
    }

    /** It was larger when the request came. */
    @Test
    void aSmallerLimitMakesNoRequestWait() {
        start(1);
        ask(need(Limit.Kind.INPUT_TOKENS, 6000, 3500));
        clock.runFor(Duration.ofSeconds(30));
        ask(need(Limit.Kind.INPUT_TOKENS, 6000, 5000));
        ask(need(Limit.Kind.INPUT_TOKENS, 1000, 1));
        clock.runFor(Duration.ofSeconds(1));
        assertThat(waiting).allMatch(CompletableFuture::isDone);
        assertThat(admitted).isGreaterThanOrEqualTo(2);
    }

    /** Nor does another node lack it meanwhile. */
    @Test
    void aRequestThatItsOwnLimitRefusesTakesNothingOfThoseThatAllShare() {
        start(2);
        var own = SampleNeeds.of(SampleNeeds.key(Budget.Scope.CLIENT, "ada", Limit.Kind.REQUESTS), 1, 1);
        ask(nodes.get(0), own);
        clock.runFor(Duration.ofSeconds(10));
        assertThat(admitted).isEqualTo(1);
        var team = need(Limit.Kind.INPUT_TOKENS, 6000, 5000);
        wait(nodes.get(0), List.of(own, team));
        clock.runFor(TRANSACTION.multipliedBy(3));
        ask(nodes.get(1), need(Limit.Kind.INPUT_TOKENS, 6000, 5900));
        clock.runFor(Duration.ofSeconds(1));
        assertThat(admitted).isEqualTo(2);
    }

    /** A client could otherwise keep it from other nodes for some seconds, and pay nothing for it. */
    @Test
    void whatWasGotForARequestThatIsRefusedIsGivenBackAtOnce() {
        start(2);
        var team = need(Limit.Kind.INPUT_TOKENS, 6000, 3000);
        var slot = need(Limit.Kind.CONCURRENT, 2, 1);
        var model =
                SampleNeeds.of(SampleNeeds.key(Budget.Scope.MODEL, "claude-*", Limit.Kind.INPUT_TOKENS), 3000, 3000);
        ask(nodes.get(1), model);
        clock.runFor(Duration.ofSeconds(1));
        for (int i = 0; i < 2; i++) {
            waiting.add(wait(nodes.get(0), List.of(slot, team, model))
                    .decision
                    .thenAccept(decided -> count(decided, hold -> {})));
        }
        clock.runFor(Duration.ofSeconds(1));
        assertThat(refused).isEqualTo(2);
        ask(nodes.get(1), need(Limit.Kind.INPUT_TOKENS, 6000, 5900));
        ask(nodes.get(1), slot);
        ask(nodes.get(1), slot);
        clock.runFor(Duration.ofSeconds(1));
        assertThat(admitted).isEqualTo(4);
    }

    @Test
    void whatWasGotForARequestWhoseClientLeftIsGivenBackAtOnce() {
        start(2);
        var slot = need(Limit.Kind.CONCURRENT, 1, 1);
        var tokens = need(Limit.Kind.INPUT_TOKENS, 6000, 6000);
        var model =
                SampleNeeds.of(SampleNeeds.key(Budget.Scope.MODEL, "claude-*", Limit.Kind.INPUT_TOKENS), 3000, 3000);
        var waits = wait(nodes.get(0), List.of(slot, tokens, model));
        // It has those of the team then, and not yet the model's.
        clock.runFor(TRANSACTION.multipliedBy(2));
        assertThat(waits.decision).isNotDone();
        nodes.get(0).limits().withdraw(waits);
        clock.runFor(Duration.ofSeconds(1));
        ask(nodes.get(1), slot);
        ask(nodes.get(1), tokens);
        clock.runFor(Duration.ofSeconds(1));
        assertThat(admitted).isEqualTo(2);
    }

    /** A node exchanges so many limits at once that it takes many transactions. */
    @Test
    void manyTransactionsDelayNeitherARequestNorTheReportThatTheNodeLives() {
        start(1);
        var limits = nodes.get(0).limits();
        var holds = new ArrayList<RateHold>();
        for (int i = 0; i < TRANSACTIONS * LimitStore.MOST; i++) {
            ask(nodes.get(0), ofClient("c" + i), holds::add);
        }
        clock.runFor(Duration.ofSeconds(1));
        holds.forEach(hold -> limits.end(hold, tokens -> 1));
        calls.clear();
        var late = new ArrayList<Waiter>();
        var served = new ArrayList<Waiter>();
        var beats = new ArrayList<Integer>();
        during = exchanges -> {
            clock.now += Duration.ofMillis(1900).toNanos();
            beats.add(Collections.frequency(calls, "beat"));
            if (exchanges == 1) {
                late.add(wait(nodes.get(0), List.of(ofClient("late"))));
            } else if (exchanges == 3) {
                served.addAll(limits.serve(MINUTES).keySet());
            }
        };
        nodes.get(0).ask();
        clock.runFor(Duration.ofMillis(100));
        during = none -> {};
        assertThat(served).hasSize(1).isEqualTo(late);
        // Each 5 s, after the transaction in which they end.
        assertThat(beats.get(TRANSACTIONS - 1) - beats.get(0)).isBetween(3, 4);
    }

    private static Need ofClient(String client) {
        return SampleNeeds.of(SampleNeeds.key(Budget.Scope.CLIENT, client, Limit.Kind.OUTPUT_TOKENS), 6000, 100);
    }

    private static Waiter wait(RateLimiting node, List<Need> needs) {
        var waits = (Admission.Waits) node.limits().admit(SampleNeeds.TURN, needs);
        node.ask();
        return waits.waiter();
    }

    @AfterEach
    void everyRequestThatWaitedWasDecided() {
        clock.runFor(Duration.ofSeconds(5));
        assertThat(waiting).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
    }

    private void start(int count) {
        for (int i = 0; i < count; i++) {
            var node = new RateLimiting(Optional.of(store), clock, () -> clock.now);
            node.start();
            nodes.add(node);
        }
    }

    private void repeat(Duration pause, Duration whole, Runnable action) {
        long until = clock.now + whole.toNanos();
        while (clock.now < until) {
            action.run();
            clock.runFor(pause);
        }
    }

    private RateLimiting any() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void ask(Need need) {
        ask(any(), need);
    }

    private void ask(RateLimiting node, Need need) {
        ask(node, need, hold -> {});
    }

    private void ask(RateLimiting node, Need need, Consumer<RateHold> begun) {
        var admission = node.limits().admit(SampleNeeds.TURN, List.of(need));
        if (admission instanceof Admission.Waits waits) {
            node.ask();
            waiting.add(waits.waiter().decision.thenAccept(decided -> count(decided, begun)));
        } else {
            count(admission, begun);
        }
    }

    private void count(Admission decided, Consumer<RateHold> begun) {
        if (decided instanceof Admission.Admitted granted) {
            admitted++;
            begun.accept(granted.hold());
        } else {
            refused++;
        }
    }

    private static Need need(Limit.Kind kind, long size, long amount) {
        return SampleNeeds.of(SampleNeeds.key(Budget.Scope.TEAM, "blue", kind), size, amount);
    }

    /**
     * The time of a simulation, which passes from event to event. Events of the same time happen in the order in which they were
     * planned. The tasks of the nodes' threads are events, and no thread is started; a task that was woken is done after the time
     * that a transaction takes. One thread at a time.
     */
    private final class VirtualClock implements ThreadFactory {
        private record Event(long at, long number, Runnable task) {}

        private final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));

        private final List<Driven> driven = new ArrayList<>();

        /** Nanoseconds since the beginning. */
        private long now;

        private long planned;

        /** Plans an event. */
        void after(Duration pause, Runnable task) {
            events.add(new Event(now + pause.toNanos(), planned++, task));
        }

        /** Lets this time pass. */
        void runFor(Duration time) {
            var ended = new boolean[1];
            after(time, () -> ended[0] = true);
            while (!events.isEmpty() && !ended[0]) {
                var event = events.remove();
                now = Math.max(now, event.at());
                event.task().run();
                driven.forEach(Driven::noticeWake);
            }
        }

        @Override
        public Thread newThread(Runnable task) {
            threads.add((RepeatingThread) task);
            return new Thread(task) {
                @Override
                public synchronized void start() {
                    driven.add(new Driven((RepeatingThread) task));
                }
            };
        }

        /** The task of a thread. */
        private final class Driven {
            private final RepeatingThread task;
            private long due = Long.MAX_VALUE;

            Driven(RepeatingThread task) {
                this.task = task;
                runAfter(TRANSACTION);
            }

            void noticeWake() {
                if (task.takeWake()) {
                    runAfter(TRANSACTION);
                }
            }

            /** Not later than this; what was planned before for a later time is forgotten. */
            private void runAfter(Duration pause) {
                long at = now + pause.toNanos();
                if (at < due) {
                    due = at;
                    after(pause, () -> runIfDue(at));
                }
            }

            private void runIfDue(long at) {
                if (at != due) {
                    return;
                }
                due = Long.MAX_VALUE;
                try {
                    runAfter(Duration.ofMillis(task.runOnce()).plus(TRANSACTION));
                } catch (InterruptedException stop) {
                    throw new IllegalStateException("nothing interrupts a simulation", stop);
                }
            }
        }
    }
}
