package dev.warder.body;

/**
 * Receives bytes in an array that remains the caller's; the caller may reuse it.
 *
 * @param <E> what it throws to stop receiving bytes
 */
@FunctionalInterface
public interface ByteSink<E extends Exception> {
    /** Receives {@code count} bytes from {@code offset}. */
    void take(byte[] bytes, int offset, int count) throws E;
}
