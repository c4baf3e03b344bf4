package dev.warder.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** The answer of one exchange: how it ended, and the means to hold the reactor's thread while it is read. Thread-safe. */
public final class Answer implements AsyncResponseConsumer<Void>, FutureCallback<Void> {
    /** Half of a stream's window. */
    private static final int PORTION = 64 * 1024;

    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch goOn;
    private final boolean takesAll;
    private final boolean bearsTheEnd;
    private final AtomicLong length = new AtomicLong();
    private volatile int status;
    private volatile @Nullable FutureCallback<Void> done;

    private Answer(boolean takesAll, boolean bearsTheEnd, CountDownLatch goOn) {
        this.takesAll = takesAll;
        this.bearsTheEnd = bearsTheEnd;
        this.goOn = goOn;
    }

    /** One that takes all that comes. */
    public static Answer taken() {
        return new Answer(true, true, new CountDownLatch(0));
    }

    /** One that takes nothing, so that the stream's window is spent once. */
    public static Answer untaken() {
        return new Answer(false, true, new CountDownLatch(0));
    }

    /** One whose first piece holds the reactor's thread until then. */
    static Answer holding(CountDownLatch goOn) {
        return new Answer(true, true, goOn);
    }

    /** One that throws when the end is told. */
    static Answer throwing() {
        return new Answer(true, false, new CountDownLatch(0));
    }

    /** The status once the answer was read whole, else what it failed with; waits for it. */
    public String end() throws InterruptedException, ExecutionException, TimeoutException {
        return end.get(10, TimeUnit.SECONDS);
    }

    /** Waits for the first piece. */
    void awaitPiece() throws InterruptedException {
        if (!reading.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no piece came");
        }
    }

    /** Bytes of the body that have come. */
    public long length() {
        return length.get();
    }

    @Override
    public void consumeResponse(
            HttpResponse response, @Nullable EntityDetails content, HttpContext context, FutureCallback<Void> done) {
        this.done = done;
        status = response.getCode();
        if (content == null) {
            streamEnd(List.of());
        }
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {}

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        if (takesAll) {
            channel.update(PORTION);
        }
    }

    @Override
    public void consume(ByteBuffer piece) {
        length.addAndGet(piece.remaining());
        reading.countDown();
        try {
            goOn.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        if (!bearsTheEnd) {
            throw new IllegalStateException("a fault");
        }
        end.complete(Integer.toString(status));
        Objects.requireNonNull(done, "no head came").completed(null);
    }

    @Override
    public void failed(Exception cause) {
        end.complete(cause.toString());
    }

    @Override
    public void completed(@Nullable Void nothing) {}

    @Override
    public void cancelled() {
        end.complete("cancelled");
    }

    @Override
    public void releaseResources() {}
}
