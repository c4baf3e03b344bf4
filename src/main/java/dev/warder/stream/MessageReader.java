package dev.warder.stream;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.stream.OutlineReader.MessageOutline;
import dev.warder.stream.SseReader.EventTooLargeException;
import jakarta.json.JsonObject;

/**
 * Reads the event stream of a message, regardless of how it is cut into pieces, and passes its events on. An event's
 * type is that of its data. Pings and unknown events are skipped. Memory: the data of one event.
 *
 * <p>One thread at a time.
 */
public final class MessageReader {
    private final MessageEvents events;
    private final SseReader reader;
    private final DeltaScanner scanner = new DeltaScanner();
    private boolean over;

    /** @param limit bytes of one event */
    public MessageReader(int limit, MessageEvents events) {
        this.events = events;
        this.reader = new SseReader(limit, new Events());
    }

    /**
     * Reads the next bytes.
     *
     * @throws EventTooLargeException when an event exceeds the limit; the caller must feed nothing after that
     */
    public void feed(byte[] piece) throws EventTooLargeException {
        reader.feed(piece, 0, piece.length);
    }

    /** The stream has ended: an event without its empty line counts as complete. */
    public void end() {
        reader.end();
    }

    private final class Events implements SseReader.Listener {
        @Override
        public int frame(byte[] bytes, int from, int to) {
            int end = over ? -1 : scanner.scanFrame(bytes, from, to);
            if (end == -1) {
                return from;
            }
            delta(bytes);
            return end;
        }

        @Override
        public void event(byte[] bytes, int from, int to) {
            if (over || from == to) {
                return;
            }
            if (scanner.scan(bytes, from, to)) {
                delta(bytes);
            } else {
                JsonTree.parseObject(bytes, from, to)
                        .ifPresentOrElse(event -> read(event, bytes, from, to), MessageReader.this::unreadable);
            }
        }
    }

    private void delta(byte[] bytes) {
        events.delta(scanner.index(), scanner.kind(), bytes, scanner.from(), scanner.to());
    }

    private void read(JsonObject event, byte[] bytes, int from, int to) {
        var type = EventType.of(event);
        over = type.isLast();
        switch (type) {
            case CONTENT_BLOCK_START -> events.blockStart(index(event), JsonTree.object(event, "content_block"));
            case CONTENT_BLOCK_DELTA -> delta(event, bytes, from, to);
            case CONTENT_BLOCK_STOP -> events.blockStop(index(event));
            default -> type.pass(event, events);
        }
    }

    private void delta(JsonObject event, byte[] bytes, int from, int to) {
        JsonObject delta = JsonTree.object(event, "delta");
        if (JsonTree.text(delta, "type").equals("citations_delta")) {
            events.citation(index(event), JsonTree.object(delta, "citation"));
        }
        for (DeltaKind kind : DeltaKind.values()) {
            if (JsonTree.text(delta, "type").equals(kind.type)) {
                scanner.expect(index(event), kind);
                if (scanner.scan(bytes, from, to)) {
                    delta(bytes);
                } else {
                    byte[] literal = JsonText.literal(JsonTree.text(delta, kind.member));
                    events.delta(index(event), kind, literal, 0, literal.length);
                }
            }
        }
    }

    private void unreadable() {
        over = true;
        events.unreadable();
    }

    private static long index(JsonObject event) {
        return JsonTree.number(event, "index", 0);
    }

    /** The deltas of a content block whose value is a text. */
    public enum DeltaKind {
        TEXT("text_delta", "text"),
        INPUT("input_json_delta", "partial_json"),
        THINKING("thinking_delta", "thinking"),
        SIGNATURE("signature_delta", "signature");

        public final String type;

        public final String member;

        DeltaKind(String type, String member) {
            this.type = type;
            this.member = member;
        }
    }

    /**
     * The events of one message's stream with its content, in their order. No event follows {@link #stop}, {@link #error} or
     * {@link #unreadable}. One thread at a time.
     */
    public interface MessageEvents extends MessageOutline {
        /** {@code content_block_start}: the block with its initial content. */
        void blockStart(long index, JsonObject block);

        /**
         * {@code content_block_delta} of a known kind.
         *
         * @param bytes hold the string literal of the piece, quotes included, from {@code from} to {@code to}; reused after
         *     this call
         */
        void delta(long index, DeltaKind kind, byte[] bytes, int from, int to);

        /** {@code citations_delta}: a source of a text, as the upstream sent it. Ignored unless a listener needs it. */
        default void citation(long index, JsonObject citation) {}

        void blockStop(long index);
    }
}
