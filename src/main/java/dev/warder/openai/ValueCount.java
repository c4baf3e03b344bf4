package dev.warder.openai;

import dev.warder.json.JsonHandler;
import dev.warder.json.JsonKind;

/**
 * How many names and values the documents of one request have so far. Each takes up to some hundred bytes in a tree, where
 * its text has two: without a limit a body of the allowed size could hold more than a gigabyte. One thread at a time.
 */
final class ValueCount implements JsonHandler {
    /** Room for several times the messages that the Messages API takes. */
    static final int MOST = 2_000_000;

    private int count;

    @Override
    public void open(JsonKind kind, long at) {
        count++;
    }

    @Override
    public void close(JsonKind kind, long at) {}

    @Override
    public void name(long from, long to) {
        count++;
    }

    @Override
    public void scalar(JsonKind kind, long from, long to) {
        count++;
    }

    boolean isTooHigh() {
        return count > MOST;
    }
}
