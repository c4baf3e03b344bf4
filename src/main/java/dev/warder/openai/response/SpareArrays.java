package dev.warder.openai.response;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Arrays that are lent while one piece of a stream is translated: the same few arrays serve all streams, so that most pieces
 * need only one new array, of the size of their output. They still have the bytes of their last use. Thread-safe.
 */
final class SpareArrays {
    /** Bytes of each array. */
    static final int SIZE = 64 * 1024;

    /** More than threads translate at once on most machines; where more do, theirs are left to the garbage collection. */
    private static final int MOST = 16;

    private static final Queue<byte[]> SPARE = new ArrayBlockingQueue<>(MOST);

    private SpareArrays() {}

    /** An array for which the caller is to call {@link #giveBack}, if it can. */
    static byte[] take() {
        byte[] spare = SPARE.poll();
        return spare == null ? new byte[SIZE] : spare;
    }

    /** The caller does not use the array any more. */
    static void giveBack(byte[] array) {
        SPARE.offer(array);
    }
}
