package dev.warder.edit;

import dev.warder.body.Splice;
import dev.warder.json.JsonHandler;
import dev.warder.json.JsonKind;
import dev.warder.stream.EventType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds the type of an event, and the places where a {@code message_start} names the model. One thread at a time. */
final class MessageStart implements JsonHandler {
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
    private boolean inMessage;
    private boolean start;
    private boolean ping;

    /**
     * @param data what is scanned, from the offset 0 on
     * @param literal the string that replaces the model's
     */
    MessageStart(byte[] data, byte[] literal) {
        this.data = data;
        this.literal = literal;
    }

    boolean isStart() {
        return start;
    }

    boolean isPing() {
        return ping;
    }

    /** The replacement of each string member {@code model} of {@code message}. */
    List<Splice> models() {
        return models;
    }

    @Override
    public void open(JsonKind kind, long at) {
        depth++;
        inMessage |= depth == 2 && isMessage && kind == JsonKind.OBJECT;
    }

    @Override
    public void close(JsonKind kind, long at) {
        depth--;
        inMessage &= depth > 1;
    }

    @Override
    public void name(long from, long to) {
        if (depth == 1) {
            isType = is(TYPE, from, to);
            isMessage = is(MESSAGE, from, to);
        }
        isModel = depth == 2 && inMessage && is(MODEL, from, to);
    }

    @Override
    public void scalar(JsonKind kind, long from, long to) {
        if (depth == 1 && isType) {
            start = is(MESSAGE_START, from, to);
            ping = is(PING, from, to);
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
