package dev.warder.json;

import dev.warder.body.Chunks;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Scanning a body that arrives in pieces: the grammar alone, and all that collecting a body does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class ScannerBenchmark {
    private static final int PIECE = 16 * 1024;

    @Param({"2048", "204800", "8388608"})
    public int bytes;

    private byte[] body = {};

    @Setup
    public void make() {
        body = SampleBody.of(bytes);
    }

    @Benchmark
    public long scan() throws JsonException {
        var counter = new Counter();
        var scanner = new JsonScanner(counter);
        for (int at = 0; at < body.length; at += PIECE) {
            scanner.feed(body, at, Math.min(PIECE, body.length - at));
        }
        scanner.finish();
        return counter.seen;
    }

    @Benchmark
    public JsonOutline collect() throws JsonException {
        var collected = new Chunks(body.length);
        var scanner = new OutlineScanner(collected, BodyPolicy.NONE);
        for (int at = 0; at < body.length; at += PIECE) {
            int length = Math.min(PIECE, body.length - at);
            collected.append(body, at, length);
            scanner.feed(body, at, length);
        }
        return scanner.finish();
    }

    private static final class Counter implements JsonScanner.Handler {
        private long seen;

        @Override
        public void open(JsonKind kind, long at) {
            seen++;
        }

        @Override
        public void close(JsonKind kind, long at) {
            seen++;
        }

        @Override
        public void name(long from, long to) {
            seen += to - from;
        }

        @Override
        public void scalar(JsonKind kind, long from, long to) {
            seen += to - from;
        }
    }
}
