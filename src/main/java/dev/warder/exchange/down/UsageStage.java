package dev.warder.exchange.down;

import dev.warder.auth.Meters;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.http.ErrorReply;
import dev.warder.usage.TryUsage;
import dev.warder.usage.UsageReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tap: reads the usage of a message from the response of one try and passes the response on unchanged, in the coding in
 * which it came. The rows of the try are made of what it reads. Meters receive the same counts; one that cuts ends the
 * response after the piece that reported the usage.
 *
 * <p>It is the first stage of a response of the API, before the tries: the response of each try is read, also one that is kept back. One thread at a
 * time, except that the response may fail on any thread, also while a piece is read: its client left, or it took too long.
 */
final class UsageStage implements ResponseSink {
    private final TryUsage usage;
    private final Meters meters;
    private final ResponseSink next;
    private volatile @Nullable UsageReader reader;
    private volatile Optional<ErrorReply> cut = Optional.empty();

    UsageStage(TryUsage usage, Meters meters, ResponseSink next) {
        this.usage = usage;
        this.meters = meters;
        this.next = next;
    }

    @Override
    public void head(ResponseHead head, Flow flow) {
        if (head.isSuccessful()) {
            reader = new UsageReader(usage, head.eventStream(), head.coding(), this::report);
        }
        next.head(head, flow);
    }

    @Override
    public void piece(byte[] bytes, int read) {
        if (cut.isPresent()) {
            return;
        }
        // Before the bytes are handed over.
        var current = reader;
        if (current != null) {
            current.read(bytes);
        }
        next.piece(bytes, read);
        cut.ifPresent(reply -> next.failed(Failure.cut(reply)));
    }

    @Override
    public void end() {
        if (cut.isPresent()) {
            return;
        }
        var current = reader;
        if (current != null) {
            reader = null;
            current.end();
        }
        // A response that is whole is not cut any more.
        next.end();
    }

    @Override
    public void failed(Failure failure) {
        // Not closed: another thread may be reading with it. The memory of its decoder is released with it by the
        // collector.
        reader = null;
        if (cut.isEmpty()) {
            next.failed(failure);
        }
    }

    @Override
    public void close() {
        next.close();
    }

    private void report() {
        if (meters.readUsage()) {
            var reply = meters.usage(usage.soFar());
            cut = cut.isPresent() ? cut : reply;
        }
    }
}
