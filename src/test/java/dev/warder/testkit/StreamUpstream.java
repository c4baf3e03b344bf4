package dev.warder.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 upstream behind TLS on a free port of 127.0.0.1, frame by frame: what {@link ScriptedUpstream} is for
 * HTTP/1.1. Each stream has a script and a thread of its own, and keeps to the gateway's windows. Thread-safe.
 */
public final class StreamUpstream implements AutoCloseable {
    /** What is done with one request, started at its head. May block; an {@link IOException} ends it silently. */
    @FunctionalInterface
    public interface Script {
        /** Answers the request. */
        void run(StreamRequest request) throws Exception;
    }

    private static final Script HELLO = request -> request.json(200, Messages.message("Hello."));
    private static final int MOST_STREAMS = 128;

    private static Optional<StreamUpstream> shared = Optional.empty();

    private final SSLContext tls;
    private final ServerSocket server;
    private final Queue<Script> queued = new ConcurrentLinkedQueue<>();
    private final List<StreamRequest> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<StreamRequest> untaken = new LinkedBlockingQueue<>();
    private final Set<StreamConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Tally accepted = new Tally();
    private final Tally greeted = new Tally();
    private final Tally secured = new Tally();
    private final Tally open = new Tally();
    private volatile Script otherwise = HELLO;
    private volatile int mostStreams = MOST_STREAMS;
    private volatile boolean holdsBodies;
    private volatile boolean goesAwayAtOnce;
    private volatile CountDownLatch tlsHeld = new CountDownLatch(0);
    private volatile CountDownLatch settingsHeld = new CountDownLatch(0);

    private StreamUpstream(SSLContext tls) throws IOException {
        this.tls = tls;
        this.server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    }

    /** Starts an upstream that shows this certificate. */
    public static StreamUpstream start(TestCertificate certificate) throws IOException {
        var upstream = new StreamUpstream(certificate.serverContext());
        ScriptedUpstream.daemon("stream-acceptor", upstream::accept).start();
        return upstream;
    }

    /** The upstream that tests of this JVM use one after the other at one address, as new: what {@link RunningContainers} run sends to it. */
    public static synchronized StreamUpstream shared() throws IOException, InterruptedException {
        if (shared.isEmpty()) {
            shared = Optional.of(start(TestCertificate.shared()));
        }
        shared.get().renew();
        return shared.get();
    }

    private void renew() throws InterruptedException {
        connections.forEach(StreamConnection::close);
        open.await(now -> now == 0, Limit.seconds(5));
        check();
        queued.clear();
        requests.clear();
        untaken.clear();
        for (var tally : List.of(accepted, greeted, secured)) {
            tally.add(-tally.value());
        }
        otherwise = HELLO;
        mostStreams = MOST_STREAMS;
        holdsBodies = false;
        goesAwayAtOnce = false;
        tlsHeld = new CountDownLatch(0);
        settingsHeld = new CountDownLatch(0);
    }

    /** Throws what a script failed with. */
    public void check() {
        if (!failures.isEmpty()) {
            var first = failures.get(0);
            failures.clear();
            throw new AssertionError("a script failed", first);
        }
    }

    /** The same of the shared upstream, if there is one. */
    static synchronized void checkShared() {
        shared.ifPresent(StreamUpstream::check);
    }

    /** The address for {@code upstream.url}. */
    public URI uri() {
        return URI.create("https://127.0.0.1:" + server.getLocalPort());
    }

    /** Sets the script of every request that has no other. */
    public StreamUpstream script(Script script) {
        otherwise = script;
        return this;
    }

    /** Queues the script of one coming request. */
    public StreamUpstream next(Script script) {
        queued.add(script);
        return this;
    }

    /** How many streams a connection made from now on takes at once, 128 unless set. */
    public StreamUpstream mostStreams(int most) {
        mostStreams = most;
        return this;
    }

    /** Every connection made from now on says at once that it takes no stream. */
    public StreamUpstream goAwayAtOnce() {
        goesAwayAtOnce = true;
        return this;
    }

    /** Connections that are made from now on get an answer to their first words of TLS only then. */
    public StreamUpstream holdTls(CountDownLatch until) {
        tlsHeld = until;
        return this;
    }

    /** Connections that are made from now on begin to speak HTTP/2, after TLS, only then. */
    public StreamUpstream holdSettings(CountDownLatch until) {
        settingsHeld = until;
        return this;
    }

    /** Of the bodies of coming requests no more is let in than the first window, until {@link StreamRequest#takeBody}. */
    public StreamUpstream holdBodies() {
        holdsBodies = true;
        return this;
    }

    /** Every request so far in order of arrival. */
    public List<StreamRequest> requests() {
        return List.copyOf(requests);
    }

    /** The next request that was not taken yet, waiting up to 20 s for its head. */
    public StreamRequest take() throws InterruptedException {
        return take(Duration.ofSeconds(20));
    }

    /** The next request that was not taken yet; an {@link AssertionError} when none comes in time. */
    public StreamRequest take(Duration limit) throws InterruptedException {
        var request = untaken.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (request == null) {
            throw new AssertionError("no request came upstream within " + limit);
        }
        return request;
    }

    /** How many connections were ever accepted. */
    public Tally accepted() {
        return accepted;
    }

    /** How many connections ever began with TLS. */
    public Tally greeted() {
        return greeted;
    }

    /** How many connections ever got over TLS. */
    public Tally secured() {
        return secured;
    }

    /** How many connections are open now. */
    public Tally open() {
        return open;
    }

    /** Stops accepting, ends every connection, and throws what a script failed with. */
    @Override
    public void close() throws IOException {
        server.close();
        connections.forEach(StreamConnection::close);
        check();
    }

    boolean holdsBodies() {
        return holdsBodies;
    }

    void awaitSettings() throws InterruptedException {
        secured.add(1);
        settingsHeld.await();
    }

    boolean goesAwayAtOnce() {
        return goesAwayAtOnce;
    }

    int mostStreams() {
        return mostStreams;
    }

    void failed(Throwable wrong) {
        failures.add(wrong);
    }

    void ended(StreamConnection connection) {
        if (connections.remove(connection)) {
            open.add(-1);
        }
    }

    /** Runs the script of a request whose head has come. */
    void serve(StreamRequest request) {
        requests.add(request);
        untaken.add(request);
        var next = queued.poll();
        var script = next == null ? otherwise : next;
        ScriptedUpstream.daemon("stream-script-" + request.id(), () -> run(script, request))
                .start();
    }

    private void run(Script script, StreamRequest request) {
        try {
            script.run(request);
        } catch (IOException | InterruptedException gone) {
            return;
        } catch (Exception | AssertionError wrong) {
            failed(wrong);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var plain = server.accept();
                plain.setTcpNoDelay(true);
                accepted.add(1);
                open.add(1);
                var connection = new StreamConnection(this, (int) accepted.value(), plain, secured(plain));
                connections.add(connection);
                ScriptedUpstream.daemon("stream-reader", connection::read).start();
            } catch (IOException lost) {
                // A client that left at once; the loop looks whether the listener is still open.
            }
        }
    }

    /** The protocol of a connection, null for none that is spoken here. */
    private @Nullable String protocol(List<String> offered) {
        greeted.add(1);
        try {
            tlsHeld.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return offered.contains("h2") ? "h2" : null;
    }

    private SSLSocket secured(Socket plain) throws IOException {
        var socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true);
        socket.setUseClientMode(false);
        socket.setHandshakeApplicationProtocolSelector((handshake, offered) -> protocol(offered));
        return socket;
    }
}
