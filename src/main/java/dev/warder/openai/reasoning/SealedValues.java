package dev.warder.openai.reasoning;

import dev.warder.json.ValueCount;

/**
 * Counts the JSON values of sealed blocks before they become a tree. A client without a key can seal any document, and each
 * value takes up to some hundred bytes in a tree. Thread-safe.
 */
final class SealedValues {
    /** A thinking block has 7 names and values, a search 11 and each of its results 11, all with much longer texts. */
    private static final int FREE = 64;

    private static final int BYTES_FOR_EACH = 8;

    private SealedValues() {}

    /** Whether the document is JSON with a usual number of values for its size. */
    static boolean areFew(byte[] document) {
        var values = new ValueCount();
        return values.add(document) && values.count() <= FREE + document.length / BYTES_FOR_EACH;
    }
}
