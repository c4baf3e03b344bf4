package dev.warder.body;

/**
 * Receives bytes in an array that stays the caller's, who may use it again.
 *
 * @param <E> what it throws to receive no more of them
 */
@FunctionalInterface
public interface ByteSink<E extends Exception> {
    /** Receives {@code count} bytes from {@code offset}. */
    void take(byte[] bytes, int offset, int count) throws E;
}
