package dev.warder.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A request as the scripted upstream sees it, recorded when its head has come; the body follows. What asks for the body
 * waits for its end, at most 20 s, then fails the test. Thread-safe.
 */
public final class RecordedRequest {
    private static final Duration LIMIT = Limit.seconds(10);

    private final WireReader.WireHead head;
    private final int connection;
    private final CompletableFuture<Long> peerClosed;
    private final Digested received;
    private final Digested sent = new Digested(0);
    private final Tally wanted = new Tally();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    RecordedRequest(WireReader.WireHead head, int connection, CompletableFuture<Long> peerClosed, long keep) {
        this.head = head;
        this.connection = connection;
        this.peerClosed = peerClosed;
        this.received = new Digested(keep);
    }

    /** The method as sent. */
    public String method() {
        return head.word(0);
    }

    /** The request target as sent, with its query. */
    public String target() {
        return head.word(1);
    }

    /** The target without its query. */
    public String path() {
        return target().split("\\?", 2)[0];
    }

    /** Every field line in order, with its original case. */
    public FieldList fields() {
        return head.fields();
    }

    /** The head byte for byte, as ISO 8859-1, with its closing empty line. */
    public String rawHead() {
        return head.raw();
    }

    /** The number of the connection, from 1 in the order of accepting: equal numbers show a reused connection. */
    public int connection() {
        return connection;
    }

    /** How many bytes of the decoded body have come so far. */
    public Tally received() {
        return received.length();
    }

    /** How many bytes of the decoded answer the script has written to its socket so far. */
    public Tally written() {
        return sent.length();
    }

    /** CRC-32C of the answer's decoded body as far as it was written. */
    public long writtenCrc32c() {
        return sent.crc32c();
    }

    /** Waits for the body's end: true when it came whole, false when the gateway broke it off. */
    public boolean complete() {
        return get(ended, LIMIT, "the end of the request body");
    }

    /** The whole decoded body; fails when it was broken off or longer than what is kept. */
    public byte[] body() {
        requireComplete();
        return received.bytes();
    }

    /** The whole body as UTF-8. */
    public String text() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    /** CRC-32C of the whole decoded body, of any length. */
    public long crc32c() {
        requireComplete();
        return received.crc32c();
    }

    /** Length of the whole decoded body. */
    public long length() {
        requireComplete();
        return received.length().value();
    }

    /** Whether the connection was seen closed by the gateway. */
    public boolean peerClosed() {
        return peerClosed.isDone();
    }

    /**
     * Waits until the gateway has closed or reset the connection of this request and answers when, in
     * {@link System#nanoTime()}; fails the test when it takes longer. A body that the script leaves unread hides it; a connection that the script
     * closed itself counts as closed.
     */
    public long awaitPeerClosed(Duration limit) {
        return get(peerClosed, limit, "the gateway to close the connection");
    }

    Tally wanted() {
        return wanted;
    }

    Digested arriving() {
        return received;
    }

    Digested sent() {
        return sent;
    }

    void end(boolean whole) {
        ended.complete(whole);
    }

    boolean awaitEnd() throws InterruptedException {
        try {
            return ended.get();
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
    }

    private void requireComplete() {
        if (!complete()) {
            throw new AssertionError(
                    "the body was broken off after " + received().value() + " bytes");
        }
    }

    private static <T> T get(CompletableFuture<T> future, Duration limit, String what) {
        try {
            return future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException tooLong) {
            throw new AssertionError("waited " + limit + " for " + what, tooLong);
        } catch (InterruptedException | ExecutionException broken) {
            throw new AssertionError("could not wait for " + what, broken);
        }
    }
}
