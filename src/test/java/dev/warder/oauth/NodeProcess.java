package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A running {@link Node}. One thread at a time. */
final class NodeProcess implements AutoCloseable {
    private final Process process;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private NodeProcess(Process process) {
        this.process = process;
        var listener = new Thread(this::listen, "node-" + process.pid());
        listener.setDaemon(true);
        listener.start();
    }

    /** Starts one; it is not awaited. */
    static NodeProcess start(String store, URI tokenUrl, StoppingStore.Step... stop) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName(),
                store,
                tokenUrl.toString()));
        for (var step : stop) {
            command.add(step.name());
        }
        return new NodeProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    void tell(String line) throws IOException {
        var output = process.outputWriter();
        output.write(line + "\n");
        output.flush();
    }

    /** What it says next. */
    String heard() throws InterruptedException {
        String line = said.poll(60, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("process " + process.pid() + " says nothing");
        }
        return line;
    }

    void hear(String line) throws InterruptedException {
        assertThat(heard()).isEqualTo(line);
    }

    /** {@code kill -9}, and it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void listen() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.add(line);
            }
            said.add("the end");
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
