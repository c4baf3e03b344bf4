package dev.warder.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An HTTP/1.1 upstream on a free port of 127.0.0.1 that does with each request what a script says and records what it
 * got. A request takes the first script of {@link #next}, else that of its path, else the one of {@link #script}, else
 * it gets a short Messages answer. Never sends 100 Continue by itself.
 *
 * <p>What the gateway asks on its own account, which models there are and whether a credential is valid, takes no script and
 * is not among the requests: there are none, and it is, unless a test says otherwise. Thread-safe.
 */
public final class ScriptedUpstream implements AutoCloseable {
    private static final Script HELLO = (request, reply) -> reply.json(200, Messages.message("Hello."));
    private static final Script VALID = (request, reply) -> reply.json(200, "{\"data\":[],\"has_more\":false}");

    private static final long KEEP = 64L << 20;

    private final ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    private final Optional<SSLContext> tls;
    private volatile int receiveBuffer;
    private volatile int sendBuffer;
    private final Queue<Script> queued = new ConcurrentLinkedQueue<>();
    private final Map<String, Script> byPath = new ConcurrentHashMap<>();
    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<RecordedRequest> untaken = new LinkedBlockingQueue<>();
    private final Set<UpstreamConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Tally accepted = new Tally();
    private final Tally open = new Tally();
    private volatile Script otherwise = HELLO;
    private final BlockingQueue<RecordedRequest> modelQuestions = new LinkedBlockingQueue<>();
    private volatile Script models = VALID;
    private final BlockingQueue<RecordedRequest> credentialChecks = new LinkedBlockingQueue<>();
    private volatile Script credentials = VALID;
    private volatile long keep = KEEP;

    private static Optional<ScriptedUpstream> shared = Optional.empty();

    private ScriptedUpstream(Optional<SSLContext> tls) throws IOException {
        this.tls = tls;
    }

    /** Starts an upstream without TLS. */
    public static ScriptedUpstream plain() throws IOException {
        return new ScriptedUpstream(Optional.empty()).start();
    }

    /**
     * The upstream that tests of this JVM use one after the other, as new: what {@link RunningContainers} run sends to it. Its {@link
     * #close} ends nothing.
     */
    public static synchronized ScriptedUpstream shared() throws IOException {
        if (shared.isEmpty()) {
            shared = Optional.of(plain());
        }
        var upstream = shared.get();
        upstream.clear();
        upstream.failures.clear();
        upstream.otherwise = HELLO;
        upstream.models = VALID;
        upstream.credentials = VALID;
        upstream.keep = KEEP;
        upstream.socketBuffers(0, 0);
        return upstream;
    }

    /** Starts an upstream with TLS that shows this certificate. */
    public static ScriptedUpstream tls(TestCertificate certificate) throws IOException {
        return new ScriptedUpstream(Optional.of(certificate.serverContext())).start();
    }

    /** The address for {@code upstream.url}: scheme, 127.0.0.1 and port, no path. */
    public URI uri() {
        return URI.create((tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + listener.getLocalPort());
    }

    /** Sets the script of every request that has no other. */
    public ScriptedUpstream script(Script script) {
        otherwise = script;
        return this;
    }

    /** Sets the script of all requests to this path, compared without the query. */
    public ScriptedUpstream on(String path, Script script) {
        byPath.put(path, script);
        return this;
    }

    /** Queues the script of one coming request, whatever its path, in order of arrival. */
    public ScriptedUpstream next(Script script) {
        queued.add(script);
        return this;
    }

    /** Sets the script of the gateway's own questions which models there are. */
    public ScriptedUpstream models(Script script) {
        models = script;
        return this;
    }

    /** The gateway's next question which models there are that was not taken yet, waiting up to 20 s for it. */
    public RecordedRequest takeModelQuestion() throws InterruptedException {
        return take(modelQuestions, Duration.ofSeconds(20));
    }

    /** How many of these questions were not taken yet. */
    public int untakenModelQuestions() {
        return modelQuestions.size();
    }

    /** Sets the script of the gateway's own questions whether a credential is valid. */
    public ScriptedUpstream credentialChecks(Script script) {
        credentials = script;
        return this;
    }

    /** Every credential is valid again. */
    public ScriptedUpstream credentialsAreValid() {
        return credentialChecks(VALID);
    }

    /** The gateway's next such question that was not taken yet, waiting up to 20 s for it. */
    public RecordedRequest takeCredentialCheck() throws InterruptedException {
        return take(credentialChecks, Duration.ofSeconds(20));
    }

    /** How many of these questions were not taken yet. */
    public int untakenCredentialChecks() {
        return credentialChecks.size();
    }

    /** How many bytes of each coming request body are kept, 64 MiB unless set; hash and length know them all. */
    public ScriptedUpstream keepBodies(long bytes) {
        keep = bytes;
        return this;
    }

    /** Socket buffers in bytes of connections accepted from now on, 0 for the default: small ones stall sooner. */
    public ScriptedUpstream socketBuffers(int receive, int send) {
        receiveBuffer = receive;
        sendBuffer = send;
        return this;
    }

    /** Every request so far in order of arrival, also those whose body is still coming. */
    public List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    /** The next request that was not taken yet, waiting up to 20 s for its head. */
    public RecordedRequest take() throws InterruptedException {
        return take(Duration.ofSeconds(20));
    }

    /** The next request that was not taken yet; an {@link AssertionError} when none comes in time. */
    public RecordedRequest take(Duration limit) throws InterruptedException {
        return take(untaken, limit);
    }

    private static RecordedRequest take(BlockingQueue<RecordedRequest> from, Duration limit)
            throws InterruptedException {
        var request = from.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (request == null) {
            throw new AssertionError("no request came upstream within " + limit);
        }
        return request;
    }

    /** Forgets requests and scripts by {@link #next} and {@link #on}, for the next test on the same upstream. */
    public void clear() {
        requests.clear();
        untaken.clear();
        modelQuestions.clear();
        credentialChecks.clear();
        queued.clear();
        byPath.clear();
    }

    /** How many connections were ever accepted. */
    public Tally accepted() {
        return accepted;
    }

    /** How many connections are open now. */
    public Tally open() {
        return open;
    }

    /** Waits until no connection is open; an {@link AssertionError} when that takes longer. */
    public void awaitConnectionsClosed(Duration limit) throws InterruptedException {
        open.await(now -> now == 0, limit);
    }

    /** Stops accepting, ends every connection, and throws what a script failed with. */
    @Override
    public void close() throws IOException {
        if (shared.isEmpty() || shared.get() != this) {
            listener.close();
            connections.forEach(UpstreamConnection::abort);
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("a script failed", failures.get(0));
        }
    }

    long keep() {
        return keep;
    }

    Script scriptFor(RecordedRequest request) {
        if (isModelQuestion(request)) {
            return models;
        }
        if (isCredentialCheck(request)) {
            return credentials;
        }
        return Optional.ofNullable(queued.poll()).orElseGet(() -> byPath.getOrDefault(request.path(), otherwise));
    }

    void record(RecordedRequest request) {
        if (isModelQuestion(request)) {
            modelQuestions.add(request);
        } else if (isCredentialCheck(request)) {
            credentialChecks.add(request);
        } else {
            requests.add(request);
            untaken.add(request);
        }
    }

    private static boolean isModelQuestion(RecordedRequest request) {
        return isOwn(request) && request.target().endsWith("/v1/models?limit=1000")
                || isOwn(request) && request.target().contains("/v1/models?limit=1000&");
    }

    private static boolean isCredentialCheck(RecordedRequest request) {
        return isOwn(request) && request.target().endsWith("/v1/models?limit=1");
    }

    private static boolean isOwn(RecordedRequest request) {
        return request.method().equals("GET")
                && request.fields().first("User-Agent").filter("Warder"::equals).isPresent();
    }

    void failed(Throwable wrong) {
        failures.add(wrong);
    }

    void ended(UpstreamConnection connection) {
        connections.remove(connection);
        open.add(-1);
    }

    /** A daemon thread, not started. */
    public static Thread daemon(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private ScriptedUpstream start() {
        daemon("upstream-acceptor-" + uri().getPort(), this::accept).start();
        return this;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (IOException lost) {
                // A client that left at once; the loop looks whether the listener is still open.
            }
        }
    }

    private void serve(Socket plain) throws IOException {
        plain.setTcpNoDelay(true);
        if (receiveBuffer > 0) {
            plain.setReceiveBufferSize(receiveBuffer);
        }
        if (sendBuffer > 0) {
            plain.setSendBufferSize(sendBuffer);
        }
        var socket = secured(plain);
        accepted.add(1);
        open.add(1);
        var connection = new UpstreamConnection(this, (int) accepted.value(), plain, socket);
        connections.add(connection);
        connection.start();
        if (listener.isClosed()) {
            // Accepted while close() ran, which has perhaps not seen it.
            connection.abort();
        }
    }

    private Socket secured(Socket plain) throws IOException {
        if (tls.isEmpty()) {
            return plain;
        }
        var socket = (SSLSocket) tls.get().getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true);
        socket.setUseClientMode(false);
        return socket;
    }
}
