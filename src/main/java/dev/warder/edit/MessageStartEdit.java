package dev.warder.edit;

import dev.warder.body.Splice;
import dev.warder.json.JsonException;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonScanner;
import dev.warder.stream.EventCutter;
import dev.warder.stream.EventType;
import dev.warder.stream.ResponseEdit.ContentEdit;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
        over = !start.isPing;
        return start.isStart ? Splice.apply(whole, start.models) : whole;
    }

    /** Finds the type of an event, and the places where a {@code message_start} names the model. One thread at a time. */
    static final class MessageStart implements JsonScanner.Handler {
        private static final byte[] TYPE = quoted("type");
        private static final byte[] MESSAGE = quoted("message");
        private static final byte[] MODEL = quoted("model");
        private static final byte[] MESSAGE_START = EventType.MESSAGE_START.literal();
        private static final byte[] PING = EventType.PING.literal();

        private final byte[] data;
        private final byte[] literal;
        private final List<Splice> models = new ArrayList<>();
        private int depth;
        private boolean isType;
        private boolean isMessage;
        private boolean isModel;
        private boolean isStart;
        private boolean isPing;

        /**
         * @param data what is scanned, from the offset 0 on
         * @param literal the string that replaces the model's
         */
        MessageStart(byte[] data, byte[] literal) {
            this.data = data;
            this.literal = literal;
        }

        @Override
        public void open(JsonKind kind, long at) {
            depth++;
        }

        @Override
        public void close(JsonKind kind, long at) {
            depth--;
        }

        @Override
        public void name(long from, long to) {
            if (depth == 1) {
                isType = is(TYPE, from, to);
                isMessage = is(MESSAGE, from, to);
            }
            isModel = depth == 2 && isMessage && is(MODEL, from, to);
        }

        @Override
        public void scalar(JsonKind kind, long from, long to) {
            if (depth == 1 && isType) {
                isStart = is(MESSAGE_START, from, to);
                isPing = is(PING, from, to);
            } else if (depth == 2 && isModel && kind == JsonKind.STRING) {
                models.add(new Splice(from, to, literal));
            }
        }

        private boolean is(byte[] word, long from, long to) {
            return Arrays.equals(data, (int) from, (int) to, word, 0, word.length);
        }

        private static byte[] quoted(String word) {
            return ('"' + word + '"').getBytes(StandardCharsets.US_ASCII);
        }
    }
}
