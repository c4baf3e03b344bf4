package dev.warder.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.container.Cancellation;
import dev.warder.http.AsyncReply.AsyncOutcome;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnResponse;
import dev.warder.record.CompletedRequest.CompletedTry;
import dev.warder.record.CompletedRequest.ConversationIds;
import dev.warder.usage.RequestUsage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one request so far. The first filter creates it and puts it on the request. Later filters and the
 * exchange add what they find, and the code that ends the request also ends the record. The first end counts; the
 * observers then receive the record.
 *
 * <p>Thread-safe; what is added after the end is lost.
 */
public final class RequestRecord {
    private static final long NEVER = Long.MIN_VALUE;

    private final Call call;
    private volatile String path;
    private final RequestObservers observers;
    private final LongSupplier nanoTime;
    private final long started;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong bytesIn = new AtomicLong();
    private final AddedLatency latency;
    private final AtomicLong firstByte = new AtomicLong(NEVER);
    private volatile @Nullable String client;
    private volatile @Nullable String model;
    private volatile @Nullable UsedCredential credential;
    private volatile @Nullable RequestUsage usage;
    private volatile ConversationIds conversation = ConversationIds.UNKNOWN;
    private volatile RequestTrace trace = RequestTrace.NONE;
    private volatile @Nullable ErrorReply error;
    private volatile int status;

    @GuardedBy("tries")
    private final List<TryRecord> tries = new ArrayList<>(1);

    private final Cancellation atEnd = new Cancellation();

    /** An action at the end reads it without an allocation, which might fail. */
    private volatile Optional<CompletedRequest> completed = Optional.empty();

    /**
     * Begins the record of a request, whose time starts now.
     *
     * @param path see {@link CompletedRequest#path}
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    public RequestRecord(Call call, String path, RequestObservers observers, LongSupplier nanoTime) {
        this.call = call;
        this.path = path;
        this.observers = observers;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
        this.latency = new AddedLatency(nanoTime);
        observers.begun();
    }

    public Call call() {
        return call;
    }

    public Optional<String> client() {
        return Optional.ofNullable(client);
    }

    public void conversation(ConversationIds named) {
        conversation = named;
    }

    public void trace(RequestTrace follower) {
        trace = follower;
    }

    /** The request is admitted and will run a model: from now on each try has its usage. */
    public void usage(RequestUsage begun) {
        usage = begun;
    }

    /** Keeps the path out of the log, because it contains a secret. */
    public void hidePath() {
        path = "(hidden)";
    }

    public void client(String name) {
        client = name;
    }

    public void model(String name) {
        model = name;
    }

    public void credential(UsedCredential used) {
        credential = used;
    }

    /**
     * Logs which credential the request uses, at FINE, or at INFO where the log is verbose.
     *
     * @param words the beginning of the line, without a secret
     */
    public void uses(String words) {
        observers.uses(words, call.id());
    }

    public void error(ErrorReply reply) {
        error = reply;
    }

    public void status(int code) {
        status = code;
    }

    /** Adds bytes of the request body that have been read. */
    public void read(long bytes) {
        bytesIn.addAndGet(bytes);
        latency.read();
    }

    public AddedLatency latency() {
        return latency;
    }

    public void firstByte() {
        firstByte.compareAndSet(NEVER, nanoTime.getAsLong());
    }

    public TryRecord beginTry(UsedCredential with, URI upstream) {
        latency.tryBegan();
        var known = usage;
        var begun = new TryRecord(
                with,
                known == null ? Optional.empty() : Optional.of(known.newTry(with.name())),
                trace.tryBegins(upstream),
                bytesIn::get,
                latency,
                nanoTime);
        synchronized (tries) {
            tries.add(begun);
        }
        return begun;
    }

    /**
     * Runs {@code action} once when the record ends, on the thread that ends it: during this call if it has ended. The first
     * observers have received the request then, and the others perhaps not. It must neither wait nor throw.
     *
     * <p>It runs whatever becomes of {@link #completed}: a grant that is not released would be lost.
     */
    public void atEnd(Runnable action) {
        atEnd.add(action);
    }

    public Optional<CompletedRequest> completed() {
        return completed;
    }

    public boolean hasEnded() {
        return ended.get();
    }

    /**
     * Ends the record, unless it has ended.
     *
     * @param out bytes of the response's body that were given to the container
     */
    public void end(RequestEnd end, long out) {
        end(end, out, false);
    }

    /**
     * As {@link #end(RequestEnd, long)}, for an exchange: all but the first observers receive it soon on another thread.
     *
     * @param out bytes of the response's body that were given to the container
     */
    public void endExchange(RequestEnd end, long out) {
        end(end, out, true);
    }

    /** There is no second time: what comes after the first line must not prevent the actions at the end. */
    private void end(RequestEnd end, long out, boolean later) {
        if (ended.getAndSet(true)) {
            return;
        }
        try {
            var request = complete(end, out);
            if (later) {
                observers.completedLater(request);
            } else {
                observers.completed(request);
            }
        } finally {
            atEnd.cancel();
        }
    }

    private CompletedRequest complete(RequestEnd end, long out) {
        try {
            var request = made(end, out);
            completed = Optional.of(request);
            return request;
        } catch (Throwable fault) {
            observers.lost(call.id());
            throw fault;
        }
    }

    public void end(AsyncOutcome.End how) {
        end(RequestEnd.of(how), 0);
    }

    /** Ends the record of a request to which Warder itself responds. */
    public void end(RequestEnd end, int status, long out) {
        this.status = status;
        end(end, out);
    }

    /** Sends a document of Warder itself, which no cache may keep, and ends the record. */
    public void respond(HttpServletRequest request, HttpServletResponse response, int code, String type, byte[] body)
            throws IOException {
        response.setStatus(code);
        response.setContentType(type);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(OwnResponse.REQUEST_ID, call.id());
        end(RequestEnd.OK, code, body.length);
        OwnResponse.send(request, response, body);
    }

    public void refuse(HttpServletRequest request, HttpServletResponse response, ErrorReply reply) throws IOException {
        byte[] body = OwnResponse.head(response, reply, call.dialect(), call.id());
        error(reply);
        end(RequestEnd.REFUSED, reply.status(), body.length);
        OwnResponse.send(request, response, body);
    }

    /**
     * Refuses a request whose method its route does not serve, see {@link #refuse}.
     *
     * @return whether it was refused
     */
    public boolean refuseMethod(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var route = call.route();
        if (route.serves(call.method())) {
            return false;
        }
        refuse(request, response, ErrorReply.methodNotAllowed(route.methods()));
        return true;
    }

    private CompletedRequest made(RequestEnd end, long out) {
        long first = firstByte.get();
        return new CompletedRequest(
                call,
                path,
                Optional.ofNullable(client),
                Optional.ofNullable(model),
                Optional.ofNullable(credential),
                conversation,
                completedTries(),
                status == 0 ? OptionalInt.empty() : OptionalInt.of(status),
                bytesIn.get(),
                out,
                first == NEVER ? Optional.empty() : Optional.of(Duration.ofNanos(first - started)),
                end == RequestEnd.OK ? latency.sum() : Optional.empty(),
                Duration.ofNanos(nanoTime.getAsLong() - started),
                end,
                Optional.ofNullable(error));
    }

    /** Nobody receives the response any more. Returns whether reading it to its end would show what it costs. */
    public boolean leave() {
        synchronized (tries) {
            return !tries.isEmpty() && tries.get(tries.size() - 1).leave();
        }
    }

    public void whole() {
        synchronized (tries) {
            tries.get(tries.size() - 1).whole();
        }
    }

    private List<CompletedTry> completedTries() {
        synchronized (tries) {
            var completed = new ArrayList<CompletedTry>(tries.size());
            for (var begun : tries) {
                completed.add(begun.completed());
            }
            return completed;
        }
    }
}
