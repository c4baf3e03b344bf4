package dev.warder.proxy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Threads of a test that run in a seeded order on one: tasks of a lane run one at a time and in their order, and tasks of
 * other lanes in between, also inside of one where that asks for it.
 */
final class Lanes {
    private static final int DEEPEST = 4;
    private static final int ODDS = 6;

    private final Random random;
    private final List<Lane> lanes = new ArrayList<>();
    private int depth;

    Lanes(Random random) {
        this.random = random;
    }

    /** Adds a lane. */
    Lane lane() {
        var lane = new Lane();
        lanes.add(lane);
        return lane;
    }

    /** Adds a task that runs at any time. */
    void anytime(Runnable task) {
        lane().add(task);
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
        lanes.removeIf(Lane::isSpent);
        var able = lanes.stream().filter(Lane::isAble).toList();
        if (able.isEmpty()) {
            return false;
        }
        depth++;
        able.get(random.nextInt(able.size())).run();
        depth--;
        return true;
    }

    /** A thread. */
    static final class Lane {
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private boolean kept;
        private boolean busy;

        /** Adds a task after all others. */
        void add(Runnable task) {
            tasks.add(task);
        }

        /** Keeps this lane for tasks to come. */
        Lane keep() {
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
