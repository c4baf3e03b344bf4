package dev.warder.edit;

import dev.warder.body.Chunks;
import dev.warder.json.JsonException;
import dev.warder.json.JsonOutline;
import dev.warder.json.OutlineScanner;
import dev.warder.json.SampleBody;
import java.nio.ByteBuffer;
import java.util.List;
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

/** Inserting the operator's prompt into a collected body, up to the buffers that are sent. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class SpliceBenchmark {
    @Param({"2048", "204800", "8388608"})
    public int bytes;

    private final SystemPrompt prompt = new SystemPrompt("You work for Example Corp.");
    private Chunks body = new Chunks();
    private JsonOutline outline;

    @Setup
    public void collect() throws JsonException {
        body = new Chunks(bytes);
        body.append(SampleBody.of(bytes), 0, bytes);
        outline = OutlineScanner.outline(body);
    }

    @Benchmark
    public List<ByteBuffer> insert() {
        return body.splice(prompt.splices(outline, body)).buffers();
    }
}
