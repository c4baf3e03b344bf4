package dev.warder.json;

/**
 * Receives the values that a {@link JsonScanner} finds, in document order and as positions only. All offsets count from the
 * first byte of the document. Positions are valid only if the whole scan succeeds. Called on the scanning thread.
 */
public interface JsonHandler {
    void open(JsonKind kind, long at) throws JsonException;

    void close(JsonKind kind, long at) throws JsonException;

    /** The name of a member, including its quotes: {@code from} inclusive, {@code to} exclusive. */
    void name(long from, long to) throws JsonException;

    void scalar(JsonKind kind, long from, long to) throws JsonException;
}
