package dev.warder.policy;

import java.util.Optional;

/** Verifies entries that are given one after the other. One thread at a time. */
public final class AuditChain {
    private long number;
    private String hash;

    public AuditChain() {
        this(0, AuditEntry.FIRST);
    }

    public AuditChain(long number, String hash) {
        this.number = number;
        this.hash = hash;
    }

    /** The number of the last entry that was verified; 0 before the first one. */
    public long length() {
        return number;
    }

    public String hash() {
        return hash;
    }

    public Optional<String> add(AuditEntry entry) {
        if (entry.number() != number + 1) {
            return Optional.of("entry " + (number + 1) + " is missing: the next one is " + entry.number());
        }
        if (!entry.previousHash().equals(hash)) {
            return Optional.of("entry " + entry.number() + " does not follow the entry before it, which was changed or"
                    + " replaced");
        }
        if (!entry.isIntact()) {
            return Optional.of("entry " + entry.number() + " was changed: its hash is another one");
        }
        number = entry.number();
        hash = entry.hash();
        return Optional.empty();
    }
}
