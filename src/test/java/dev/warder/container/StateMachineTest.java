package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.exchange.up.UploadPhase;
import dev.warder.exchange.up.UploadPhase.Action;
import dev.warder.exchange.up.UploadPhase.Event;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Phases with their events, and actions that run one after the other. */
class StateMachineTest {
    private static final int THREADS = 4;
    private static final int RACES = 5_000;
    private final List<Action> done = new ArrayList<>();
    private Consumer<Action> during = action -> {};

    private final StateMachine<UploadPhase, Event, Action> state = new StateMachine<>(UploadPhase.CREATED, action -> {
        done.add(action);
        during.accept(action);
    });
    private final List<String> named = new ArrayList<>();
    private final SerialActions actions = new SerialActions();

    @Test
    void startsUnlessItHasEnded() {
        assertThat(state.on(Event.END)).isTrue();
        assertThat(state.on(Event.STARTED)).isFalse();
        assertThat(state.phase()).isEqualTo(UploadPhase.NEVER_STARTED);
    }

    /** The end comes while the request is being sent. */
    @Test
    void runsTheActionsOfAnEventInsideAnActionAfterIt() {
        toSending();
        during = action -> {
            if (action == Action.SEND) {
                state.on(Event.END);
                done.add(Action.CHECK);
            }
        };
        state.on(Event.READY);
        assertThat(done)
                .containsExactly(Action.OPEN, Action.SEND, Action.CHECK, Action.CLOSE, Action.ABORT, Action.RELEASE);
        assertThat(state.phase()).isEqualTo(UploadPhase.ENDED);
    }

    @Test
    void leavesItsActionsToTheThreadThatRunsOne() throws InterruptedException {
        toSending();
        var sending = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        during = action -> {
            if (action == Action.SEND) {
                sending.countDown();
                await(ended);
            }
        };
        var sender = new Thread(() -> state.on(Event.READY));
        sender.start();
        await(sending);
        state.on(Event.END);
        assertThat(state.phase()).isEqualTo(UploadPhase.ENDED);
        ended.countDown();
        sender.join();
        assertThat(done).containsExactly(Action.OPEN, Action.SEND, Action.CLOSE, Action.ABORT, Action.RELEASE);
    }

    @Test
    void runsEachActionThoughOneBeforeItThrows() {
        toSending();
        during = action -> {
            if (action == Action.OPEN || action == Action.CLOSE) {
                throw new IllegalStateException("a fault of the test: " + action);
            }
        };
        assertThatThrownBy(() -> state.on(Event.END)).hasMessageContaining("CLOSE");
        assertThat(done).endsWith(Action.WITHDRAW, Action.CLOSE, Action.RELEASE);
        during = action -> {};
        state.on(Event.END);
        assertThat(done).endsWith(Action.RELEASE).containsOnlyOnce(Action.RELEASE);
    }

    @Test
    void leavesWhatAnErrorBetweenTwoActionsHasKeptFromRunning() {
        var names = new ArrayList<String>();
        var machine = new StateMachine<>(new Counted(0), names::add);
        assertThatThrownBy(() -> machine.on(counted -> new BrokenList<>(List.of("a", "b"), 1)))
                .isInstanceOf(InternalError.class);
        assertThat(machine.phase()).isEqualTo(new Counted(1));
        assertThat(names).containsExactly("a");
        assertThat(machine.runsElsewhere()).isTrue();
        machine.on(counted -> List.of());
        assertThat(names).containsExactly("a");
        machine.resume();
        assertThat(names).containsExactly("a", "b");
        assertThat(machine.runsElsewhere()).isFalse();
        machine.resume();
        machine.on(counted -> List.of("c"), action -> names.add(action + " of its event"));
        assertThat(names).containsExactly("a", "b", "c of its event");
    }

    /** The thread of the next event with actions does what is left before. */
    @Test
    void doesWhatIsLeftBeforeTheActionsOfTheNextEvent() {
        var names = new ArrayList<String>();
        var machine = new StateMachine<>(new Counted(0), names::add);
        assertThatThrownBy(() -> machine.on(counted -> new BrokenList<>(List.of("a", "b"), 0)))
                .isInstanceOf(InternalError.class);
        machine.on(counted -> List.of("c"));
        assertThat(names).containsExactly("a", "b", "c");
    }

    @Test
    void changesNothingWhereAnEventCannotBeTaken() {
        var machine = new StateMachine<>(new Counted(0), action -> {});
        assertThatThrownBy(() -> machine.on(counted -> {
                    throw new OutOfMemoryError("an error of the test");
                }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(machine.phase()).isEqualTo(new Counted(0));
        assertThat(machine.on(counted -> List.of("a"))).isTrue();
    }

    /** Each action is the number of its event. The list has no lock. */
    @Test
    void runsActionsInTheOrderOfTheEventsOfSeveralThreads() throws Exception {
        var order = new ArrayList<String>();
        var machine = new StateMachine<>(new Counted(0), order::add);
        inThreads(() -> {
            for (int i = 0; i < RACES; i++) {
                machine.on(counted -> List.of("" + counted.events(), counted.events() + " again"));
            }
        });
        assertThat(order).hasSize(THREADS * RACES * 2);
        for (int i = 0; i < THREADS * RACES; i++) {
            assertThat(order.get(2 * i)).isEqualTo("" + i);
            assertThat(order.get(2 * i + 1)).isEqualTo(i + " again");
        }
    }

    /** A thread that sees the next phase waits for its actions, or they are done. */
    @Test
    void isAtWorkElsewhereFromTheEventUntilItsLastAction() throws Exception {
        var threads = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < RACES; i++) {
                var acted = new AtomicBoolean();
                var machine = new StateMachine<>(new Counted(0), action -> acted.set(true));
                var event = threads.submit(() -> machine.on(counted -> List.of("a")));
                while (machine.phase().events() == 0) {
                    Thread.onSpinWait();
                }
                assertThat(machine.runsElsewhere() || acted.get()).isTrue();
                assertThat(event.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }

    /** A phase for each number of events, which bring their actions. */
    private record Counted(int events) implements StateMachine.Phase<Counted, Function<Counted, List<String>>, String> {
        @Override
        public StateMachine.Step<Counted, String> on(Function<Counted, List<String>> event) {
            return new StateMachine.Step<>(new Counted(events + 1), event.apply(this));
        }
    }

    private static void inThreads(Runnable work) throws Exception {
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            var begin = new CyclicBarrier(THREADS);
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < THREADS; i++) {
                running.add(threads.submit(() -> {
                    begin.await();
                    work.run();
                    return null;
                }));
            }
            for (var each : running) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private void toSending() {
        state.on(Event.STARTED);
        state.on(Event.ADMITTED);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    /** Actions that an error of the virtual machine interrupts once, where no action runs. For tests. */
    private static final class BrokenList<A> extends AbstractList<A> {
        private final List<A> actions;
        private final int before;
        private int read;
        private boolean broken;

        /** @param before how many actions are read before the error */
        BrokenList(List<A> actions, int before) {
            this.actions = actions;
            this.before = before;
        }

        @Override
        public A get(int index) {
            read++;
            return actions.get(index);
        }

        @Override
        public boolean isEmpty() {
            return actions.isEmpty();
        }

        @Override
        public int size() {
            if (read == before && !broken) {
                broken = true;
                throw new InternalError("an error of the test");
            }
            return actions.size();
        }
    }

    @Test
    void runsAnActionOfAnActionAfterIt() {
        actions.run(() -> {
            actions.run(() -> named.add("inner"));
            named.add("outer");
        });
        assertThat(named).containsExactly("outer", "inner");
    }

    @Test
    void runsEachSerialActionThoughOneBeforeItThrows() {
        assertThatThrownBy(() -> actions.run(() -> {
                    actions.run(() -> named.add("next"));
                    actions.run(() -> {
                        throw new IllegalStateException("second");
                    });
                    throw new IllegalStateException("first");
                }))
                .hasMessage("first")
                .satisfies(fault -> assertThat(fault.getSuppressed()).hasSize(1));
        actions.run(() -> named.add("later"));
        assertThat(named).containsExactly("next", "later");
    }

    @Test
    void onlyAddsActionsForWhoeverRunsSome() {
        actions.add(List.of("a", "b"), named::add);
        assertThat(named).isEmpty();
        actions.run(() -> named.add("c"));
        assertThat(named).containsExactly("a", "b", "c");
        actions.resume();
        assertThat(named).hasSize(3);
    }

    @Test
    void leavesSerialActionsThatAnErrorHasKeptFromRunning() {
        assertThatThrownBy(() -> actions.run(() -> {
                    named.add("first");
                    actions.add(new BrokenList<>(List.of("a", "b", "c"), 1), named::add);
                    actions.run(() -> named.add("last"));
                }))
                .isInstanceOf(InternalError.class);
        assertThat(named).containsExactly("first", "a");
        actions.run(() -> named.add("next"));
        assertThat(named).containsExactly("first", "a", "b", "c", "last", "next");
    }

    @Test
    void isAtWorkElsewhereOnlyForOtherThreads() throws Exception {
        var threads = Executors.newSingleThreadExecutor();
        try {
            assertThat(actions.runsElsewhere()).isFalse();
            actions.run(() -> {
                assertThat(actions.runsElsewhere()).isFalse();
                assertThat(onOther(threads)).isTrue();
                named.add("run");
            });
            assertThat(named).containsExactly("run");
            assertThat(actions.runsElsewhere()).isFalse();
            assertThat(onOther(threads)).isFalse();
        } finally {
            threads.shutdown();
        }
    }

    /** A thread that has added actions has not always begun with them. */
    @Test
    void isAtWorkElsewhereWhileActionsWait() {
        actions.add(List.of("a"), named::add);
        assertThat(actions.runsElsewhere()).isTrue();
        actions.resume();
        assertThat(actions.runsElsewhere()).isFalse();
    }

    private boolean onOther(ExecutorService threads) {
        try {
            return threads.submit(actions::runsElsewhere).get();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }
}
