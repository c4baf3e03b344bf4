package dev.warder.body;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Pieces that pass through the queue of an exchange: one operation adds as many as given and takes them all. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class ByteQueueBenchmark {
    private final ByteQueue queue = new ByteQueue();
    private final byte[] piece = new byte[160];

    @Param({"1", "16"})
    public int pieces;

    @Benchmark
    public long pass() {
        for (int i = 0; i < pieces; i++) {
            queue.add(piece);
        }
        long length = queue.length();
        for (byte[] next = queue.poll(); next != null; next = queue.poll()) {
            length -= next.length;
        }
        return length;
    }
}
