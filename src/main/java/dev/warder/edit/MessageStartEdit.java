package dev.warder.edit;

import dev.warder.body.Splice;
import dev.warder.json.JsonException;
import dev.warder.json.JsonScanner;
import dev.warder.stream.ContentEdit;
import dev.warder.stream.EventCutter;
import java.io.ByteArrayOutputStream;

/**
 * Replaces the model in the {@code message_start} of an event stream. Events are held back until they are whole and that
 * event has come, which may follow comments and pings only; after it every piece passes as it is. So does the stream if
 * that event is too large to hold, cannot be read or does not come. One thread at a time.
 */
final class MessageStartEdit implements ContentEdit {
    /** Bytes of one event that are held back at most. */
    private static final int LARGEST = 64 * 1024;

    private static final byte[] NOTHING = {};

    private final byte[] literal;
    private final EventCutter cutter = new EventCutter();
    private ByteArrayOutputStream event = new ByteArrayOutputStream(0);
    private boolean over;

    /** @param literal the string that replaces the model's, with its quotes */
    MessageStartEdit(byte[] literal) {
        this.literal = literal;
    }

    @Override
    public byte[] feed(byte[] piece) {
        if (over) {
            return piece;
        }
        var passed = new ByteArrayOutputStream();
        int from = 0;
        while (!over && from < piece.length) {
            int end = cutter.end(piece, from);
            int to = end < 0 ? piece.length : end;
            event.write(piece, from, to - from);
            from = to;
            if (event.size() > LARGEST) {
                over = true;
                passed.writeBytes(takeEvent());
            } else if (end >= 0) {
                passed.writeBytes(edited(takeEvent()));
            }
        }
        passed.write(piece, from, piece.length - from);
        return passed.toByteArray();
    }

    /** A last event without its empty line counts as complete. */
    @Override
    public byte[] end() {
        return over ? NOTHING : edited(takeEvent());
    }

    private byte[] takeEvent() {
        byte[] whole = event.toByteArray();
        event = new ByteArrayOutputStream(0);
        return whole;
    }

    private byte[] edited(byte[] whole) {
        var data = EventCutter.dataInPlace(whole);
        if (data.isEmpty()) {
            return whole;
        }
        var start = new MessageStart(data.get(), literal);
        try {
            var scanner = JsonScanner.ofResponse(start);
            scanner.feed(data.get(), 0, whole.length);
            scanner.finish();
        } catch (JsonException unreadable) {
            over = true;
            return whole;
        }
        over = !start.isPing();
        return start.isStart() ? Splice.apply(whole, start.models()) : whole;
    }
}
