package dev.warder.body;

/**
 * Receives bytes in an array that stays the caller's; the caller may reuse it.
 *
 * @param <E> the exception that stops the caller
 */
@FunctionalInterface
public interface ByteSink<E extends Exception> {
    /** Receives {@code count} bytes from {@code offset}. */
    void take(byte[] bytes, int offset, int count) throws E;
}
