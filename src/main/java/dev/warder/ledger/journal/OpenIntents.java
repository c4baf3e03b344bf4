package dev.warder.ledger.journal;

import dev.warder.ledger.store.HeldInstead;
import dev.warder.ledger.store.Intent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Intents of this run that have not ended, each with the file of the journal that has it. One thread at a time. */
final class OpenIntents {
    private final Map<UUID, Open> open = new LinkedHashMap<>();

    private record Open(Intent intent, JournalEntry file) {}

    /** An intent is in this file, instead of the one in which it was. */
    void begin(Intent intent, JournalEntry file) {
        end(intent.id());
        file.intentBegins();
        open.put(intent.id(), new Open(intent, file));
    }

    /** An intent holds another amount; it may be unknown here. */
    void hold(HeldInstead held) {
        open.computeIfPresent(
                held.intent(), (id, each) -> new Open(each.intent().holding(held.nanos()), each.file()));
    }

    /** An intent has ended; it may be unknown here. */
    void end(UUID intent) {
        var ended = open.remove(intent);
        if (ended != null) {
            ended.file().intentEnds();
        }
    }

    /** Those that are in none of these two files or in one that the disk has not taken, oldest first. */
    List<Intent> except(JournalEntry one, JournalEntry other) {
        return open.values().stream()
                .filter(each -> each.file() != one && each.file() != other
                        || each.file().file().hasFailed())
                .map(Open::intent)
                .toList();
    }
}
