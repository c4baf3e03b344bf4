package dev.warder.cli.admin;

import dev.warder.audit.Actor;
import dev.warder.audit.AuditChain;
import dev.warder.audit.AuditEntry;
import dev.warder.audit.AuditItem;
import dev.warder.cli.AdminForm;
import dev.warder.cli.Command;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The commands {@code audit}. One thread at a time. */
final class AuditCommands {
    private static final List<String> HEADINGS = List.of("NUMBER", "MADE AT", "ACTOR", "ADDRESS", "ACTION", "SUBJECT");
    private static final List<String> MEMBERS = List.of("number", "made_at", "actor", "address", "action", "subject");
    private static final String COLLECTION = "audit";

    /** An audit that is intact. */
    @JsonbPropertyOrder({"entries", "head"})
    private record Verified(long entries, String head) {}

    private final AdminApi api;
    private final AdminOutput output;

    AuditCommands(AdminApi api, AdminOutput output) {
        this.api = api;
        this.output = output;
    }

    /** Runs a command. */
    void run(Command.Administer asked) throws AdminException {
        switch (asked.form().verb()) {
            case AdminForm.LIST -> list();
            case AdminForm.EXPORT -> api.forEach(COLLECTION, Map.of(), output::line);
            default -> verify(Optional.ofNullable(asked.options().get("head")));
        }
    }

    private void list() throws AdminException {
        // Without the contents, which may be long.
        var entries = new ArrayList<JsonObject>();
        api.forEach(
                COLLECTION,
                Map.of(),
                entry -> entries.add(JsonTree.newObject(entry)
                        .remove("before")
                        .remove("after")
                        .build()));
        output.list(
                entries,
                HEADINGS,
                entry -> List.of(MEMBERS.stream()
                        .map(member -> AdminText.of(entry, member))
                        .toList()));
    }

    /** @param head number and hash of an entry that was the last one before */
    private void verify(Optional<String> head) throws AdminException {
        var chain = new AuditChain();
        long number = head.map(text -> Long.parseLong(text.substring(0, text.indexOf(':'))))
                .orElse(0L);
        String hash = head.map(text -> text.substring(text.indexOf(':') + 1)).orElse(AuditEntry.FIRST);
        requireHead(chain, number, hash);
        api.forEach(COLLECTION, Map.of(), document -> {
            var problem = chain.add(entry(document, chain.length() + 1));
            if (problem.isPresent()) {
                throw new AdminException("the audit was tampered with: " + problem.get());
            }
            requireHead(chain, number, hash);
        });
        if (chain.length() < number) {
            throw new AdminException("the audit was tampered with: it ends with entry " + chain.length()
                    + ", and entry " + number + " of --head is missing");
        }
        String last = chain.length() + ":" + chain.hash();
        output.value(
                last,
                "the audit is intact; number and hash of its last entry, to keep for --head of a later run:",
                JsonDocuments.text(new Verified(chain.length(), last)));
    }

    /** Finds a chain that was written again as a whole: each of its entries follows the one before. */
    private static void requireHead(AuditChain chain, long number, String hash) throws AdminException {
        if (chain.length() == number && !chain.hash().equals(hash)) {
            throw new AdminException("the audit was tampered with: entry " + number
                    + " has another hash than --head, so that it or an entry before it was replaced");
        }
    }

    private static AuditEntry entry(JsonObject document, long expected) throws AdminException {
        try {
            return new AuditEntry(
                    JsonTree.number(document, "number", 0),
                    Instant.parse(JsonTree.text(document, "made_at")),
                    new Actor(
                            JsonTree.text(document, "actor"),
                            JsonTree.text(document, "address"),
                            JsonTree.text(document, "request_id")),
                    new AuditItem(
                            JsonTree.text(document, "action"),
                            JsonTree.text(document, "subject"),
                            JsonTree.text(document, "before"),
                            JsonTree.text(document, "after")),
                    JsonTree.text(document, "previous_hash"),
                    JsonTree.text(document, "hash"));
        } catch (DateTimeException malformed) {
            throw new AdminException("entry " + expected + " of the audit cannot be read: made_at is no moment");
        }
    }
}
