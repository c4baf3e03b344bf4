package dev.warder.ledger.store;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * An entry to be appended to a journal.
 *
 * @param frame its bytes in the file
 * @param written completes with whether it was appended
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record JournalItem(JournalEntry entry, byte[] frame, CompletableFuture<Boolean> written) {
    JournalItem(JournalEntry entry) {
        this(entry, JournalFrames.frame(RecordCodec.encode(entry)), new CompletableFuture<>());
    }

    boolean ends() {
        return entry instanceof Intent.Settled;
    }

    /** The intent that it ends. */
    Optional<UUID> ended() {
        return entry instanceof Intent.Settled settled ? settled.intent() : Optional.empty();
    }
}
