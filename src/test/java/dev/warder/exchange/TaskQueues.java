package dev.warder.exchange;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Threads of a test that run in a seeded order on one: tasks of a queue run one at a time and in their order, and tasks of
 * other queues in between, also inside of one where that asks for it.
 */
final class TaskQueues {
    private static final int DEEPEST = 4;
    private static final int ODDS = 6;

    private final Random random;
    private final List<TaskQueue> queues = new ArrayList<>();
    private int depth;

    TaskQueues(Random random) {
        this.random = random;
    }

    /** Adds a queue. */
    TaskQueue queue() {
        var queue = new TaskQueue();
        queues.add(queue);
        return queue;
    }

    /** Adds a task that runs at any time. */
    void anytime(Runnable task) {
        queue().add(task);
    }

    /** Runs everything. */
    void runAll() {
        while (runOne()) {}
    }

    /** Perhaps lets another thread run now. */
    void meanwhile() {
        while (depth < DEEPEST && random.nextInt(ODDS) == 0 && runOne()) {}
    }

    private boolean runOne() {
        queues.removeIf(TaskQueue::isSpent);
        var able = queues.stream().filter(TaskQueue::isAble).toList();
        if (able.isEmpty()) {
            return false;
        }
        depth++;
        able.get(random.nextInt(able.size())).run();
        depth--;
        return true;
    }

    /** A thread. */
    static final class TaskQueue {
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private boolean kept;
        private boolean busy;

        /** Adds a task after all others. */
        void add(Runnable task) {
            tasks.add(task);
        }

        /** Keeps this queue for tasks to come. */
        TaskQueue keep() {
            kept = true;
            return this;
        }

        private boolean isSpent() {
            return !kept && !busy && tasks.isEmpty();
        }

        private boolean isAble() {
            return !busy && !tasks.isEmpty();
        }

        private void run() {
            busy = true;
            try {
                Objects.requireNonNull(tasks.poll()).run();
            } catch (InternalError thrown) {
                // An error of the virtual machine goes on to the thread after it was reported.
            } finally {
                busy = false;
            }
        }
    }
}
