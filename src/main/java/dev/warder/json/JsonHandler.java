package dev.warder.json;

/**
 * Receives what a {@link JsonScanner} finds, in document order and by position only. All offsets count from the first
 * byte of the document. Reported positions are valid only if the scan succeeds. Called on the scanning thread.
 */
public interface JsonHandler {
    /** An object or array begins: its bracket lies at {@code at}. */
    void open(JsonKind kind, long at) throws JsonException;

    /** The object or array opened last and not yet closed ends: its bracket lies at {@code at}. */
    void close(JsonKind kind, long at) throws JsonException;

    /** The name of a member, its quotes included: {@code from} inclusive, {@code to} exclusive. */
    void name(long from, long to) throws JsonException;

    /** A value that is neither object nor array; a string with its quotes. */
    void scalar(JsonKind kind, long from, long to) throws JsonException;
}
