package dev.warder.testkit;

import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One accepted connection: a thread that reads requests, and sees the other side close even in mid-answer, and a thread
 * that runs their scripts one after the other. Thread-safe.
 */
final class UpstreamConnection {
    private record Arrival(RecordedRequest request, Script script) {}

    private final ScriptedUpstream upstream;
    private final int number;
    private final Socket plain;
    private final Socket socket;
    private final CompletableFuture<Long> peerClosed = new CompletableFuture<>();
    private final CompletableFuture<Boolean> readerEnded = new CompletableFuture<>();
    private final BlockingQueue<Optional<Arrival>> arrivals = new LinkedBlockingQueue<>();
    private final Thread reader;
    private final Thread writer;
    private volatile boolean closing;

    UpstreamConnection(ScriptedUpstream upstream, int number, Socket plain, Socket socket) {
        this.upstream = upstream;
        this.number = number;
        this.plain = plain;
        this.socket = socket;
        this.reader = ScriptedUpstream.daemon("upstream-reader-" + number, this::readRequests);
        this.writer = ScriptedUpstream.daemon("upstream-script-" + number, this::runScripts);
    }

    void start() {
        reader.start();
        writer.start();
    }

    void write(byte[] bytes) throws IOException {
        try {
            var out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        } catch (IOException gone) {
            peerClosed.complete(System.nanoTime());
            throw gone;
        }
    }

    void closeAfterwards() {
        closing = true;
    }

    void shutdownOutput() throws IOException {
        if (!socket.isOutputShutdown()) {
            socket.shutdownOutput();
        }
    }

    void reset() throws IOException {
        closing = true;
        plain.setSoLinger(true, 0);
        plain.close();
    }

    /** Ends the connection whatever its script does. */
    void abort() {
        closing = true;
        close(plain);
        writer.interrupt();
    }

    private void readRequests() {
        try {
            var wire = new WireReader(socket.getInputStream());
            for (var head = wire.readHead(); head.isPresent(); head = wire.readHead()) {
                readRequest(wire, head.get());
            }
        } catch (IOException | InterruptedException lost) {
            closing = true;
        } finally {
            peerClosed.complete(System.nanoTime());
            readerEnded.complete(true);
            arrivals.add(Optional.empty());
        }
    }

    private void readRequest(WireReader wire, WireReader.WireHead head) throws IOException, InterruptedException {
        var request = new RecordedRequest(head, number, peerClosed, upstream.keep());
        var script = upstream.scriptFor(request);
        if (!(script instanceof Script.AtHead)) {
            request.wanted().raiseTo(Long.MAX_VALUE);
        }
        upstream.record(request);
        arrivals.add(Optional.of(new Arrival(request, script)));
        var whole = false;
        try {
            readBody(request, WireReader.WireBody.ofRequest(wire, head.fields()));
            whole = true;
        } finally {
            request.end(whole);
        }
    }

    private static void readBody(RecordedRequest request, WireReader.WireBody body)
            throws IOException, InterruptedException {
        var buffer = new byte[16 * 1024];
        while (!body.ended()) {
            var received = request.received().value();
            request.wanted().awaitAbove(received);
            var room = (int) Math.min(buffer.length, request.wanted().value() - received);
            var count = body.read(buffer, 0, room);
            if (count > 0) {
                request.arriving().add(buffer, 0, count);
            }
        }
    }

    private void runScripts() {
        try {
            var open = true;
            while (open) {
                var arrival = arrivals.take();
                open = arrival.isPresent() && run(arrival.get());
            }
            closeGently();
        } catch (InterruptedException aborted) {
            closing = true;
        } finally {
            close(socket);
            close(plain);
            upstream.ended(this);
        }
    }

    private boolean run(Arrival arrival) throws InterruptedException {
        var request = arrival.request();
        if (!(arrival.script() instanceof Script.AtHead) && !request.awaitEnd()) {
            return false;
        }
        try {
            arrival.script().run(request, new Reply(request, this));
        } catch (IOException gone) {
            closing = true;
        } catch (InterruptedException aborted) {
            throw aborted;
        } catch (Exception | AssertionError wrong) {
            upstream.failed(wrong);
            closing = true;
        } finally {
            request.wanted().raiseTo(Long.MAX_VALUE);
        }
        return !closing && !request.fields().lists("Connection", "close") && request.awaitEnd();
    }

    /** Sends FIN and lets the other side end, because closing with unread bytes would send RST instead. */
    private void closeGently() throws InterruptedException {
        try {
            shutdownOutput();
            readerEnded.get(5, TimeUnit.SECONDS);
        } catch (IOException | TimeoutException | ExecutionException gone) {
            closing = true;
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            return;
        }
    }
}
