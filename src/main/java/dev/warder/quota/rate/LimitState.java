package dev.warder.quota.rate;

/**
 * The rest of a limit for a minute.
 *
 * @param remaining not negative, and at most {@code size}
 */
record LimitState(LimitKind kind, long size, long remaining) {
    double part() {
        return (double) remaining / size;
    }

    /** In how many nanoseconds all of it is there again, if nothing is used until then. */
    long nanosUntilFull() {
        return (long) ((1 - part()) * 60e9);
    }
}
