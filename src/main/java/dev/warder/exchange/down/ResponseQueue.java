package dev.warder.exchange.down;

import dev.warder.body.ByteQueue;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The content of a response that waits for the client, and how much of the upstream's it stands for. In an event stream it
 * knows what may be added without harm.
 *
 * <p>One thread at a time: guarded by the relay's lock.
 */
final class ResponseQueue {
    private final ByteQueue pieces = new ByteQueue();
    private final TakenShare share = new TakenShare();

    /** Of a response that is an event stream. */
    private @Nullable EventStreamGuard events;

    /** The bytes that were queued when the last piece was taken out. */
    private long waited;

    /** From now on the content is an event stream, whose position this is. */
    void guard(StreamPosition position) {
        events = new EventStreamGuard(position);
    }

    /** Adds a piece, empty perhaps, for which this many bytes of the upstream were read. Returns how many are queued. */
    long add(byte[] piece, int read) {
        if (events != null) {
            events.follow(piece);
        }
        return enqueue(piece, read);
    }

    /** Adds a piece that ends an event stream, like {@link #add}. */
    long addLast(byte[] piece, int read) {
        if (events != null) {
            events.followLast(piece);
        }
        return enqueue(piece, read);
    }

    private long enqueue(byte[] piece, int read) {
        share.read(read);
        pieces.add(piece);
        return pieces.length();
    }

    /** Adds a comment to an event stream, if nothing is queued and it disturbs nothing. */
    void comment() {
        if (events != null && pieces.isEmpty()) {
            pieces.add(events.comment());
        }
    }

    /** Adds {@code json} as the one error event to an event stream, unless it has a proper end. */
    void fail(byte[] json) {
        if (events != null) {
            pieces.add(events.fail(json));
        }
    }

    /** Adds this event, which is whole, as the last one of an event stream, unless it has a proper end. */
    void failBy(byte[] event) {
        if (events != null && events.awaitsEvent()) {
            pieces.add(event);
        }
    }

    boolean isEventStream() {
        return events != null;
    }

    /** Whether the content may end here: an event stream only after its last event. */
    boolean endsProperly() {
        return events == null || events.terminatedAtEnd();
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Takes out the oldest pieces; there must be one. {@link #written} follows unless writing them fails. */
    byte[] poll() {
        waited = pieces.length();
        return Objects.requireNonNull(pieces.poll());
    }

    /** The client took this many bytes, which {@link #poll} has given. */
    void written(int bytes) {
        share.took(bytes, waited);
    }

    /** The bytes of the upstream that the client took and that were not counted yet. */
    int taken() {
        if (pieces.isEmpty()) {
            share.tookAll();
        }
        return share.collect();
    }

    void clear() {
        pieces.clear();
    }
}
