package dev.warder.quota.budget;

import java.util.Optional;
import java.util.stream.Stream;

/** The quantity that a bound limits. */
public enum BoundKind {
    /** Millionths of a token for each byte of a request's body without files. */
    TEXT("text"),
    FILE("file"),
    /** Tokens of a second of a streamed response. */
    SPEED("speed"),
    FAST("fast");

    private final String word;

    BoundKind(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    static Optional<BoundKind> of(String word) {
        return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}
