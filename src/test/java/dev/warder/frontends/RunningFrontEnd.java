package dev.warder.frontends;

import dev.warder.contract.Eventually;
import dev.warder.testkit.FreePort;
import dev.warder.testkit.SecretWatch;
import dev.warder.testkit.TemporaryFolder;
import dev.warder.testkit.TestCertificate;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A front end that listens with TLS on a free port of 127.0.0.1. One thread at a time. */
public final class RunningFrontEnd implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(15);

    private final Path folder;
    private final int port;
    private final List<Process> processes = new ArrayList<>();

    private RunningFrontEnd(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Starts it before these two nodes and waits until it accepts connections. */
    static RunningFrontEnd start(FrontEnd kind, List<URI> nodes) throws Exception {
        return start(kind, nodes, TestCertificate.shared().keys(), "");
    }

    /**
     * The same with another certificate.
     *
     * @param keys under the alias {@code server}; their CA is that of clients' certificates, too
     * @param server the kind of node that the certificates of clients are sent to; empty for none
     */
    public static RunningFrontEnd start(FrontEnd kind, List<URI> nodes, KeyStore keys, String server) throws Exception {
        var running = new RunningFrontEnd(TemporaryFolder.create("front-end"), FreePort.next());
        var pem = Site.PemFiles.write(keys, running.folder);
        var log = running.folder.resolve("log").toFile();
        for (var builder : kind.prepare(new Site(running.folder, running.port, nodes, pem, server))) {
            builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
            builder.redirectInput(new File("/dev/null"));
            running.processes.add(builder.start());
            running.awaitPort();
        }
        return running;
    }

    /** Where clients find it. */
    public URI uri() {
        return URI.create("https://127.0.0.1:" + port);
    }

    /** What it has printed. */
    String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    /** The main memory of all its processes together, as Linux tells it; what they share counts once. */
    long residentBytes() throws IOException {
        long sum = 0;
        for (var process : processes) {
            for (var each : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                    .toList()) {
                sum += residentBytes(each.pid());
            }
        }
        return sum;
    }

    private static long residentBytes(long pid) throws IOException {
        List<String> memory;
        try {
            memory = Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup"));
        } catch (NoSuchFileException ended) {
            return 0;
        } catch (IOException unreadable) {
            // ESRCH: a worker that ended after the file was opened, or that its parent has not waited for yet.
            if (String.valueOf(unreadable.getMessage()).endsWith("No such process")) {
                return 0;
            }
            throw unreadable;
        }
        return memory.stream()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .sum();
    }

    /** Ends its processes, those that its front end started too. */
    @Override
    public void close() throws IOException {
        for (int i = processes.size() - 1; i >= 0; i--) {
            var process = processes.get(i);
            var children = process.descendants().toList();
            process.destroy();
            process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
            process.destroyForcibly().onExit().join();
            children.forEach(ProcessHandle::destroyForcibly);
        }
        SecretWatch.check("the log of a front end", log());
        Rig.Report.append("front-ends.log", log());
        TemporaryFolder.delete(folder);
    }

    private void awaitPort() throws Exception {
        try {
            Eventually.holds(START, () -> processes.get(0).isAlive() ? accepts() : fail());
        } catch (AssertionError silent) {
            processes.forEach(Process::destroyForcibly);
            throw silent;
        }
    }

    private boolean fail() throws IOException {
        throw new AssertionError("did not start:\n" + log());
    }

    private boolean accepts() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
