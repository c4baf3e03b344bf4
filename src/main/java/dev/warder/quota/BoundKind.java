package dev.warder.quota;

/** The quantity that a bound limits. */
public enum BoundKind {
    /** Millionths of a token for each byte of a request's body without files: the largest of the last 16. */
    TEXT(16, 1),
    /** The same with files: the largest of all, since a client could send many that are harmless. */
    FILE(1, Long.MAX_VALUE),
    /** Tokens of a second of a streamed response: the largest of the last 1,000 to 2,000. */
    SPEED(2, 1000),
    FAST(2, 1000);

    /** The largest value counts of this number of blocks, which have {@link #size} values. */
    final int blocks;

    final long size;

    BoundKind(int blocks, long size) {
        this.blocks = blocks;
        this.size = size;
    }
}
