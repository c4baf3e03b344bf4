package dev.warder.exchange.down;

/**
 * How many of the upstream's bytes the client has taken. What is translated on its way counts in proportion: half of what
 * came of some bytes stands for half of them.
 *
 * <p>One thread at a time: guarded by the lock of {@link ResponseRelay}.
 */
final class TakenShare {
    private long untaken;
    private long taken;

    /** This number of bytes was read from the upstream. */
    void read(int bytes) {
        untaken += bytes;
    }

    /**
     * The client took a part of what waited for it.
     *
     * @param bytes 1 to {@code waiting}
     * @param waiting what had waited before
     */
    void took(long bytes, long waiting) {
        long share = bytes >= waiting ? untaken : untaken * bytes / waiting;
        untaken -= share;
        taken += share;
    }

    void tookAll() {
        took(1, 1);
    }

    /** The upstream's bytes that were taken since this was asked last. */
    int collect() {
        int share = Math.toIntExact(taken);
        taken = 0;
        return share;
    }
}
