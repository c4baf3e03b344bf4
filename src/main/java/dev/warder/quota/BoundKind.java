package dev.warder.quota;

import java.util.Optional;
import java.util.stream.Stream;

/** The quantity that a bound limits. */
public enum BoundKind {
    /** Millionths of a token for each byte of a request's body without files: the largest of the last 16. */
    TEXT("text", 16, 1),
    /** The same with files: the largest of all, since a client could send many that are harmless. */
    FILE("file", 1, Long.MAX_VALUE),
    /** Tokens of a second of a streamed response: the largest of the last 1,000 to 2,000. */
    SPEED("speed", 2, 1000),
    FAST("fast", 2, 1000);

    private final String word;

    /** The largest value counts of this number of blocks, which have {@link #size} values. */
    final int blocks;

    final long size;

    BoundKind(String word, int blocks, long size) {
        this.word = word;
        this.blocks = blocks;
        this.size = size;
    }

    public String word() {
        return word;
    }

    static Optional<BoundKind> of(String word) {
        return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}
