package dev.warder.body;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Arrays that are lent while a body is read or one piece of a stream is translated: the same few arrays serve all requests, so
 * that fewer new ones are needed. They still have the bytes of their last use. Thread-safe.
 */
public final class SpareArrays {
    /** Bytes of each array. */
    public static final int SIZE = 64 * 1024;

    /** Where more threads read or translate at once, their arrays are left to the garbage collection. */
    private static final int MOST = Math.max(16, 2 * Runtime.getRuntime().availableProcessors());

    private static final Queue<byte[]> SPARE = new ArrayBlockingQueue<>(MOST);

    private SpareArrays() {}

    /** An array for which the caller is to call {@link #giveBack}, if it can. */
    public static byte[] take() {
        byte[] spare = SPARE.poll();
        return spare == null ? new byte[SIZE] : spare;
    }

    public static void giveBack(byte[] array) {
        SPARE.offer(array);
    }
}
