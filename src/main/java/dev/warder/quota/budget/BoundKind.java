package dev.warder.quota.budget;

import java.util.Optional;

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
        for (var kind : values()) {
            if (kind.word.equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
