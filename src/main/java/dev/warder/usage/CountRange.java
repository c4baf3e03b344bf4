package dev.warder.usage;

/**
 * The range of counts. A class of its own: as a part of {@link UsageCounts}, whose constant needs {@link CacheWrites}, it would
 * make the initialization of these two depend on each other, and one would find the other's constant null.
 */
final class CountRange {
    static final long MOST = 999_999_999_999_999L;

    private CountRange() {}

    static void check(long count) {
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException("a count is out of range");
        }
    }
}
