package dev.warder.container;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Keeps tasks until the test runs them. One thread at a time. */
final class ManualThreads implements Executor {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    int waiting() {
        return tasks.size();
    }

    void runNext() {
        tasks.remove().run();
    }
}
