package dev.warder.stream;

import dev.warder.stream.SseReader.EventTooLargeException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads an event stream byte by byte, as WHATWG's HTML standard says it (section 9.2.6): what faster readers must agree with. */
final class PlainSseParser {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final int limit;
    private final Consumer<SseEvent> events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String name = "";
    private int size;
    private boolean first = true;
    private boolean hasData;
    private boolean afterCarriageReturn;

    /**
     * @param limit bytes of the lines of one event, comments included
     * @param events takes each event when its last line has ended
     */
    PlainSseParser(int limit, Consumer<SseEvent> events) {
        this.limit = limit;
        this.events = events;
    }

    /**
     * Reads the remaining bytes of {@code piece} without consuming them.
     *
     * @throws EventTooLargeException when an event exceeds the limit; nothing may be fed after that
     */
    void feed(ByteBuffer piece) throws EventTooLargeException {
        for (int i = piece.position(); i < piece.limit(); i++) {
            byte b = piece.get(i);
            boolean secondOfLineEnd = b == '\n' && afterCarriageReturn;
            afterCarriageReturn = b == '\r';
            if (b == '\n' || b == '\r') {
                if (!secondOfLineEnd) {
                    endLine();
                }
            } else {
                add(b);
            }
        }
    }

    private void add(byte b) throws EventTooLargeException {
        if (++size > limit) {
            throw new EventTooLargeException(limit);
        }
        line.write(b);
    }

    private void endLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (first) {
            first = false;
            text = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        }
        if (text.isEmpty()) {
            dispatch();
        } else {
            int colon = text.indexOf(':');
            String value = colon < 0 ? "" : text.substring(colon + 1);
            field(colon < 0 ? text : text.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
        }
    }

    private void field(String field, String value) {
        if (field.equals("event")) {
            name = value;
        } else if (field.equals("data")) {
            if (hasData) {
                data.append('\n');
            }
            data.append(value);
            hasData = true;
        }
    }

    private void dispatch() {
        var event = hasData ? new SseEvent(name.isEmpty() ? "message" : name, data.toString()) : null;
        name = "";
        data.setLength(0);
        hasData = false;
        size = 0;
        if (event != null) {
            events.accept(event);
        }
    }
}
