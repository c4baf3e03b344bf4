package dev.warder.json;

import dev.warder.body.Chunks;
import java.nio.charset.StandardCharsets;

/**
 * Counts the names and values of JSON documents that become trees together. Each takes up to some hundred bytes in a tree, but
 * its text may have only two: without a limit, a body of the allowed size could take more than a gigabyte. One thread at a time.
 */
public final class ValueCount implements JsonScanner.Handler {
    private static final int HEAP_FOR_EACH = 256;

    /** The most for one document, and for the documents in one request: two million, or fewer where the heap is below 512 MiB. */
    public static final int MOST =
            (int) Math.min(2_000_000, Runtime.getRuntime().maxMemory() / HEAP_FOR_EACH);

    /** The most characters of a document that cannot have too many. */
    private static final int SHORT = 2 * (MOST - 1);

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

    /**
     * Whether a document has at most {@link #MOST}. A document that is long enough for more must be JSON by the rules of {@link
     * JsonScanner}, since a parser may accept what comes after the place where the count ends.
     */
    public static boolean fits(String document) {
        return document.length() <= SHORT || fits(document, MOST);
    }

    /** Whether a document is JSON and has at most {@code most}. */
    public static boolean fits(String document, int most) {
        var values = new ValueCount();
        return values.add(document) && values.count() <= most;
    }

    public boolean add(String document) {
        return add(document.getBytes(StandardCharsets.UTF_8));
    }

    /** The same for a document in UTF-8. */
    public boolean add(byte[] document) {
        try {
            var scanner = new JsonScanner(this);
            scanner.feed(document, 0, document.length);
            scanner.finish();
            return true;
        } catch (JsonException malformed) {
            return false;
        }
    }

    /** The same for a body in UTF-8. */
    public boolean add(Chunks body) {
        try {
            JsonScanner.scan(body, 0, body.length(), this);
            return true;
        } catch (JsonException malformed) {
            return false;
        }
    }

    public int count() {
        return count;
    }

    public boolean isTooHigh() {
        return count > MOST;
    }
}
