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
 * @param ofBudgets whether it has what a request holds, or what rows are charged to
 * @param rows how many rows are lost if it is
 * @param written completes with whether it was appended
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record JournalItem(
        byte[] frame,
        Optional<Intent> intent,
        Optional<HeldInstead> held,
        Optional<UUID> ended,
        boolean ofBudgets,
        int rows,
        CompletableFuture<Boolean> written) {
    static JournalItem of(Intent intent) {
        return new JournalItem(
                JournalFrames.frame(RecordCodec.encode(intent)),
                Optional.of(intent),
                Optional.empty(),
                Optional.empty(),
                intent.held().isPresent(),
                0,
                new CompletableFuture<>());
    }

    static JournalItem of(HeldInstead held) {
        return new JournalItem(
                JournalFrames.frame(RecordCodec.encode(held)),
                Optional.empty(),
                Optional.of(held),
                Optional.empty(),
                true,
                0,
                new CompletableFuture<>());
    }

    static JournalItem of(Intent.Settled settled) {
        return new JournalItem(
                JournalFrames.frame(RecordCodec.encode(settled)),
                Optional.empty(),
                Optional.empty(),
                settled.intent(),
                settled.charged().isPresent(),
                settled.rows().size(),
                new CompletableFuture<>());
    }

    boolean ends() {
        return ended.isPresent() || rows > 0;
    }
}
