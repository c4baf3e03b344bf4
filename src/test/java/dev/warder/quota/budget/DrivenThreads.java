package dev.warder.quota.budget;

import dev.warder.quota.budget.simulation.VirtualClock;
import dev.warder.usage.RepeatingThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * Does on a virtual clock what the threads of budgets do: their tasks are events, and no thread is started. A task that was
 * woken is done after the time that a transaction takes. One thread at a time.
 */
public final class DrivenThreads implements ThreadFactory {
    private final VirtualClock clock;
    private final Duration transaction;
    private final List<Driven> all = new ArrayList<>();

    /** @param transaction how long a task takes */
    public DrivenThreads(VirtualClock clock, Duration transaction) {
        this.clock = clock;
        this.transaction = transaction;
        clock.afterEach(() -> all.forEach(Driven::noticeWake));
    }

    @Override
    public Thread newThread(Runnable task) {
        var driven = new Driven((RepeatingThread) task);
        return new Thread(task) {
            @Override
            public synchronized void start() {
                all.add(driven);
                driven.runAfter(transaction);
            }
        };
    }

    /** One thread. */
    private final class Driven {
        private final RepeatingThread task;
        private long due = Long.MAX_VALUE;

        Driven(RepeatingThread task) {
            this.task = task;
        }

        void noticeWake() {
            if (task.takeWake()) {
                runAfter(transaction);
            }
        }

        /** Not later than this; what was planned before for a later time is forgotten. */
        private void runAfter(Duration pause) {
            long at = clock.now() + pause.toNanos();
            if (at < due) {
                due = at;
                clock.after(pause, () -> runIfDue(at));
            }
        }

        private void runIfDue(long at) {
            if (at != due) {
                return;
            }
            due = Long.MAX_VALUE;
            try {
                runAfter(Duration.ofMillis(task.runOnce()).plus(transaction));
            } catch (InterruptedException stop) {
                throw new IllegalStateException("nothing interrupts a simulation", stop);
            }
        }
    }
}
