package dev.warder.quota;

import dev.warder.ledger.store.StoredText;
import java.util.Comparator;

/**
 * Whose bound it is. Immutable.
 *
 * @param client the name of the client; empty for what does not depend on the client
 * @param model the model of its requests, which is the client's choice
 */
public record BoundKey(String client, String model, BoundKind kind) implements Comparable<BoundKey> {
    /** The most characters of a name. */
    static final int LONGEST = 256;

    private static final Comparator<BoundKey> ORDER = Comparator.comparing(BoundKey::client)
            .thenComparing(BoundKey::model)
            .thenComparing(BoundKey::kind);

    public boolean isStorable() {
        return isStorable(client) && isStorable(model);
    }

    @Override
    public int compareTo(BoundKey other) {
        return ORDER.compare(this, other);
    }

    private static boolean isStorable(String name) {
        return StoredText.of(name, LONGEST).equals(name);
    }
}
