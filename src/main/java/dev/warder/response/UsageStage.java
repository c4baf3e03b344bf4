package dev.warder.response;

import dev.warder.gate.Meters;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonTree;
import dev.warder.messages.DeltaKind;
import dev.warder.messages.MessageEvents;
import dev.warder.messages.MessageReader;
import dev.warder.messages.Usage;
import dev.warder.record.RequestEnd;
import dev.warder.sse.EventTooLargeException;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tap: reads the usage of a message, from an event stream or a whole document, for the meters of the request, and passes
 * the response on unchanged. A meter that cuts ends the response after the piece that reported the usage. Exists only where
 * a meter asks for usage.
 *
 * <p>Memory: one event, or the document. One thread at a time.
 */
public final class UsageStage implements ResponseSink {
    /** The largest event, and the largest document, that is read; the usage of a larger one is not reported. */
    private static final int LARGEST = 1 << 20;

    private final Meters meters;
    private final ResponseSink next;
    private final Reported events = new Reported();
    private @Nullable MessageReader reader;
    private @Nullable ByteArrayOutputStream document;
    private Optional<ErrorReply> cut = Optional.empty();

    public UsageStage(Meters meters, ResponseSink next) {
        this.meters = meters;
        this.next = next;
    }

    @Override
    public void head(ResponseHead head, Flow flow) {
        if (head.isReadableStream()) {
            reader = new MessageReader(LARGEST, events);
        } else if (head.isSuccessful() && head.coding().isEmpty()) {
            document = new ByteArrayOutputStream();
        }
        next.head(head, flow);
    }

    @Override
    public void piece(byte[] bytes, int read) {
        if (cut.isPresent()) {
            return;
        }
        // Before the bytes are handed over.
        read(bytes);
        next.piece(bytes, read);
        cut.ifPresent(reply -> next.failed(new Failure(reply, RequestEnd.REFUSED)));
    }

    @Override
    public void end() {
        if (cut.isPresent()) {
            return;
        }
        var stream = reader;
        var whole = document;
        if (stream != null) {
            stream.end();
        } else if (whole != null) {
            byte[] bytes = whole.toByteArray();
            JsonTree.parseObject(bytes, 0, bytes.length).ifPresent(events::usageOf);
        }
        // A response that is whole is not cut any more.
        next.end();
    }

    @Override
    public void failed(Failure failure) {
        if (cut.isEmpty()) {
            next.failed(failure);
        }
    }

    @Override
    public void close() {
        next.close();
    }

    private void read(byte[] bytes) {
        var stream = reader;
        var whole = document;
        if (stream != null) {
            feed(stream, bytes);
        } else if (whole != null && whole.size() + bytes.length <= LARGEST) {
            whole.write(bytes, 0, bytes.length);
        } else {
            document = null;
        }
    }

    private void feed(MessageReader stream, byte[] bytes) {
        try {
            stream.feed(ByteBuffer.wrap(bytes));
        } catch (EventTooLargeException unread) {
            reader = null;
        }
    }

    /** Reports the usage of each event that has one. */
    private final class Reported implements MessageEvents {
        private Usage usage = Usage.NONE;

        private void usageOf(JsonObject holder) {
            var found = JsonTree.object(holder, "usage");
            if (!found.isEmpty()) {
                report(found);
            }
        }

        private void report(JsonObject found) {
            usage = usage.with(found);
            var reply = meters.usage(usage);
            cut = cut.isPresent() ? cut : reply;
        }

        @Override
        public void start(JsonObject message) {
            usageOf(message);
        }

        @Override
        public void messageDelta(JsonObject delta, JsonObject counts) {
            if (!counts.isEmpty()) {
                report(counts);
            }
        }

        @Override
        public void blockStart(long index, JsonObject block) {}

        @Override
        public void delta(long index, DeltaKind kind, byte[] bytes, int from, int to) {}

        @Override
        public void blockStop(long index) {}

        @Override
        public void stop() {}

        @Override
        public void error(JsonObject event) {}

        @Override
        public void unreadable() {}
    }
}
