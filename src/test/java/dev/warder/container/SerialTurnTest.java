package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialTurnTest {
    private final SerialTurn turn = new SerialTurn(Runnable::run);
    private final List<String> done = new ArrayList<>();

    @Test
    void readsOnTheThreadThatComes() {
        turn.take(() -> done.add("read"));
        turn.take(() -> done.add("read on"));
        assertThat(done).containsExactly("read", "read on");
    }

    @Test
    void readsOnceMoreForWhoeverCameMeanwhile() {
        turn.take(() -> {
            done.add("read");
            if (done.size() == 1) {
                turn.take(() -> done.add("never"));
                turn.take(() -> done.add("never"));
            }
        });
        assertThat(done).containsExactly("read", "read");
    }

    /** A thread that has the turn itself waits for nobody. */
    @Test
    void isHeldElsewhereForOtherThreadsOnly() throws Exception {
        var taken = SerialTurn.taken(SerialTurn.Threads.of(Runnable::run));
        var held = new ArrayList<Boolean>();
        turn.take(() -> held.add(turn.isHeldElsewhere()));
        held.add(taken.isHeldElsewhere());
        var other = new Thread(() -> held.add(taken.isHeldElsewhere()));
        other.start();
        other.join();
        assertThat(held).containsExactly(false, false, true);
        taken.open(() -> {});
        assertThat(taken.isHeldElsewhere()).isFalse();
    }

    @Test
    void endsAfterAReaderThatDiedOfAnError() {
        assertThatThrownBy(() -> turn.take(() -> {
                    turn.end(() -> done.add("last"));
                    throw new LinkageError("an error of the test");
                }))
                .isInstanceOf(LinkageError.class);
        assertThat(done).containsExactly("last");
    }

    @Test
    void isFreeAgainAfterAReaderThatDiedOfAnError() {
        assertThatThrownBy(() -> turn.take(() -> {
                    throw new LinkageError("an error of the test");
                }))
                .isInstanceOf(LinkageError.class);
        turn.end(() -> done.add("last"));
        assertThat(done).containsExactly("last");
    }

    /** A note that was left while it read would stay, and the request would never go back to its container. */
    @Test
    void endsAfterAReaderThatThrewWhileAnotherCame() {
        assertThatThrownBy(() -> turn.take(() -> {
                    done.add("read");
                    if (done.size() == 1) {
                        turn.take(() -> done.add("never"));
                        throw new IllegalStateException("a fault of the test");
                    }
                }))
                .isInstanceOf(IllegalStateException.class);
        turn.end(() -> done.add("last"));
        assertThat(done).containsExactly("read", "read", "last");
    }

    @Test
    void endsAfterAReaderThatAlwaysThrows() {
        Runnable reading = () -> {
            throw new LinkageError("an error of the test");
        };
        assertThatThrownBy(() -> turn.take(() -> {
                    turn.take(reading);
                    turn.end(() -> done.add("last"));
                    reading.run();
                }))
                .isInstanceOf(LinkageError.class);
        assertThat(done).containsExactly("last");
    }

    @Test
    void endsAtOnceWhereNobodyReads() {
        turn.end(() -> done.add("last"));
        turn.take(() -> done.add("never"));
        assertThat(done).containsExactly("last");
        assertThat(turn.over()).isTrue();
    }

    @Test
    void endsBehindTheReader() {
        turn.take(() -> {
            turn.end(() -> done.add("last"));
            done.add("read");
        });
        assertThat(done).containsExactly("read", "last");
    }

    @Test
    void neverLetsTwoReadAtOnceNorForgetsANote() throws Exception {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var noted = new AtomicInteger();
        var read = new AtomicInteger();
        Runnable reading = () -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            read.set(noted.get());
            inside.decrementAndGet();
        };
        Callable<Boolean> work = () -> {
            for (int i = 0; i < 50_000; i++) {
                noted.incrementAndGet();
                turn.take(reading);
            }
            return true;
        };
        var threads = Executors.newFixedThreadPool(4);
        try {
            for (var result : threads.invokeAll(List.of(work, work, work, work))) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(most).hasValue(1);
        assertThat(read).hasValue(200_000);
    }

    @Test
    void readsAfterATakenTurnWhatWasAskedForDuringIt() {
        var taken = SerialTurn.taken(SerialTurn.Threads.of(Runnable::run));
        taken.take(() -> done.add("never"));
        assertThat(done).isEmpty();
        taken.open(() -> done.add("read"));
        taken.take(() -> done.add("read on"));
        assertThat(done).containsExactly("read", "read on");
    }

    @Test
    void endsAfterATakenTurn() {
        var taken = SerialTurn.taken(SerialTurn.Threads.of(Runnable::run));
        taken.take(() -> done.add("never"));
        taken.end(() -> done.add("last"));
        assertThat(done).isEmpty();
        taken.open(() -> done.add("never"));
        assertThat(done).containsExactly("last");
    }

    /** The thread that opens the turn may be one that must not read. */
    @Test
    void readsAfterATakenTurnOnTheThreadsThatRead() {
        var tasks = new ArrayList<Runnable>();
        var taken = SerialTurn.taken(SerialTurn.Threads.of(tasks::add));
        taken.open(() -> done.add("never"));
        assertThat(tasks).isEmpty();
        var other = SerialTurn.taken(SerialTurn.Threads.of(tasks::add));
        other.take(() -> done.add("never"));
        other.open(() -> done.add("read"));
        assertThat(done).isEmpty();
        other.end(() -> done.add("last"));
        tasks.forEach(Runnable::run);
        assertThat(done).containsExactly("last");
    }

    @Test
    void worksOnAfterWorkThatFailed() {
        var tasks = new ArrayDeque<Runnable>();
        var elsewhere = new SerialTurn(tasks::add);
        Runnable work = () -> {
            done.add("work");
            if (done.size() == 1) {
                throw new LinkageError("an error of the test");
            }
        };
        elsewhere.take(work);
        assertThatThrownBy(() -> tasks.remove().run()).isInstanceOf(LinkageError.class);
        elsewhere.take(work);
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(done).containsExactly("work", "work");
    }

    @Test
    void mayBeTakenAgainWhereThereWasNoThread() {
        var failures = new AtomicInteger(1);
        var tasks = new ArrayDeque<Runnable>();
        var scarce = new SerialTurn(task -> {
            if (failures.getAndDecrement() > 0) {
                throw new RejectedExecutionException("says the test");
            }
            tasks.add(task);
        });
        assertThatThrownBy(() -> scarce.take(() -> done.add("never"))).isInstanceOf(RejectedExecutionException.class);
        scarce.take(() -> done.add("work"));
        tasks.remove().run();
        assertThat(done).containsExactly("work");
    }

    /** A note of a thread that was never there would keep the request from its container. */
    @Test
    void endsWhereThereIsNoThread() {
        var turns = new ArrayList<SerialTurn>();
        turns.add(new SerialTurn(task -> {
            turns.get(0).end(() -> done.add("last"));
            assertThat(done).isEmpty();
            throw new RejectedExecutionException("says the test");
        }));
        assertThatThrownBy(() -> turns.get(0).take(() -> done.add("never")))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(done).containsExactly("last");
    }

    /** What the work throws on this thread is no word about threads. */
    @Test
    void isFreeAgainAfterWorkThatFoundNoThreadItself() {
        Runnable failing = () -> {
            throw new RejectedExecutionException("says the test");
        };
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> turn.take(failing)).isInstanceOf(RejectedExecutionException.class);
        }
        turn.take(() -> done.add("read"));
        turn.end(() -> done.add("last"));
        assertThat(done).containsExactly("read", "last");
    }
}
