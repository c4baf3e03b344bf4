package dev.warder.ledger.journal;

import dev.warder.ledger.store.HeldInstead;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.RecordCodec;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Something to be appended to a journal.
 *
 * @param frame its bytes in the file
 * @param intent the intent that it is, if it is one
 * @param held what an intent holds instead, if it is that
 * @param ended the intent that it ends
 * @param rows how many rows are lost if it is
 * @param written completes with whether it was appended
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record JournalItem(
        byte[] frame,
        Optional<Intent> intent,
        Optional<HeldInstead> held,
        Optional<UUID> ended,
        int rows,
        CompletableFuture<Boolean> written) {
    static JournalItem of(Intent intent) {
        var frame = JournalFrames.frame(RecordCodec.encode(intent));
        return new JournalItem(
                frame, Optional.of(intent), Optional.empty(), Optional.empty(), 0, new CompletableFuture<>());
    }

    static JournalItem of(HeldInstead held) {
        var frame = JournalFrames.frame(RecordCodec.encode(held));
        return new JournalItem(
                frame, Optional.empty(), Optional.of(held), Optional.empty(), 0, new CompletableFuture<>());
    }

    static JournalItem of(Intent.Settled settled) {
        var frame = JournalFrames.frame(RecordCodec.encode(settled));
        int rows = settled.rows().size();
        return new JournalItem(
                frame, Optional.empty(), Optional.empty(), settled.intent(), rows, new CompletableFuture<>());
    }

    /** Whether the journal is not complete without it: it says what a request holds. */
    boolean holds() {
        return held.isPresent() || intent.flatMap(Intent::held).isPresent();
    }
}
