package dev.warder.standalone;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Limits for connections without a complete request, which no limit of the application covers.
 *
 * @param connections open connections; at this number a new connection replaces the oldest unfinished request head
 * @param headMemory bytes of heap for all unfinished request heads together
 * @param headTime time from the first byte of a request head, or from the start of a connection, to the head's last byte
 * @param keptTime time that a connection without a request is kept
 */
record ConnectionLimits(int connections, long headMemory, Duration headTime, Duration keptTime) {
    /** Four times the heap of a connection without a request, and a little more. */
    private static final int HEAP_PER_CONNECTION = 32 * 1024;

    private static final int HEAP_SHARE_OF_HEADS = 8;

    /** Open files that are not connections: jars, libraries, logs, selectors. */
    private static final int OTHER_FILES = 256;

    private static final int LEAST_CONNECTIONS = 64;
    private static final Duration HEAD_TIME = Duration.ofSeconds(20);

    /** Longer than front ends usually keep a connection (60 s), so that they close it first. */
    private static final Duration KEPT_TIME = Duration.ofMinutes(2);

    static ConnectionLimits ofThisMachine() {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
        return of(Runtime.getRuntime().maxMemory(), files);
    }

    /**
     * The limits for a heap of {@code heap} bytes and {@code files} open files. Half of the files are left for
     * connections to the upstream.
     */
    static ConnectionLimits of(long heap, long files) {
        long connections = Math.min(heap / HEAP_PER_CONNECTION, (files - OTHER_FILES) / 2);
        int bounded = (int) Math.max(LEAST_CONNECTIONS, Math.min(connections, Integer.MAX_VALUE));
        return new ConnectionLimits(bounded, heap / HEAP_SHARE_OF_HEADS, HEAD_TIME, KEPT_TIME);
    }
}
