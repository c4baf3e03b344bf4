package dev.warder.json;

/**
 * Receives the values that a {@link JsonScanner} finds, in document order and as positions only. All offsets count from the
 * first byte of the document. Positions are valid only if the whole scan succeeds. Called on the scanning thread.
 */
public interface JsonHandler {
    /** An object or array begins; its bracket is at {@code at}. */
    void open(JsonKind kind, long at) throws JsonException;

    /** The innermost open object or array ends; its bracket is at {@code at}. */
    void close(JsonKind kind, long at) throws JsonException;

    /** The name of a member, including its quotes: {@code from} inclusive, {@code to} exclusive. */
    void name(long from, long to) throws JsonException;

    /** A value that is neither an object nor an array; a string includes its quotes. */
    void scalar(JsonKind kind, long from, long to) throws JsonException;
}
