package dev.warder.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Threads of a test that begin together. */
public final class AtOnce {
    private AtOnce() {}

    /** The work of a thread, of which each has a number from 0 on. */
    public interface Work<T> {
        T of(int thread) throws Exception;
    }

    /** Their results in the order of their numbers. Fails if one of them does, or after two minutes. */
    public static <T> List<T> run(int threads, Work<T> work) throws Exception {
        var begin = new CyclicBarrier(threads);
        var pool = Executors.newFixedThreadPool(threads);
        try {
            var tasks = IntStream.range(0, threads)
                    .<Callable<T>>mapToObj(thread -> () -> {
                        begin.await(20, TimeUnit.SECONDS);
                        return work.of(thread);
                    })
                    .toList();
            var results = new ArrayList<T>();
            for (var done : pool.invokeAll(tasks, 2, TimeUnit.MINUTES)) {
                results.add(done.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}
