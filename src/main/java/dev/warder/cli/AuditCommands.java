package dev.warder.cli;

import dev.warder.cli.AdminConnection.AdminException;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditChain;
import dev.warder.policy.AuditEntry;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The commands {@code audit}. One thread at a time. */
record AuditCommands(AdminConnection connection, Console console) {
    private static final List<String> HEADINGS = List.of("NUMBER", "MADE AT", "ACTOR", "ADDRESS", "ACTION", "SUBJECT");
    private static final List<String> MEMBERS = List.of("number", "made_at", "actor", "address", "action", "subject");
    private static final String COLLECTION = "audit";

    /** An audit that is intact. */
    private record Verified(long entries, String head) {}

    void run(Command.Administer asked) throws AdminException {
        switch (asked.verb()) {
            case "list" -> list(asked.json());
            case "export" ->
                connection.forEach(COLLECTION, entry -> console.out().println(AdminConnection.ascii(entry.toString())));
            default -> verify(Optional.ofNullable(asked.options().get("head")), asked.json());
        }
    }

    private void list(boolean json) throws AdminException {
        var documents = new ArrayList<String>();
        var rows = new ArrayList<>(List.of(HEADINGS));
        // Without the contents, which may be long.
        connection.forEach(COLLECTION, entry -> {
            var shown = JsonTree.newObject(entry).remove("before").remove("after");
            documents.add(AdminConnection.ascii(shown.build().toString()));
            rows.add(MEMBERS.stream().map(member -> cell(entry, member)).toList());
        });
        if (json) {
            console.out().println(documents.isEmpty() ? "[]" : "[\n" + String.join(",\n", documents) + "\n]");
        } else {
            console.out().print(table(rows));
        }
    }

    private static String cell(JsonObject entry, String member) {
        var value = entry.getOrDefault(member, JsonValue.NULL);
        String text = value instanceof JsonString string ? string.getString() : value.toString();
        return text.isEmpty() || value.equals(JsonValue.NULL) ? "-" : text.replaceAll("\\p{C}", "?");
    }

    private static String table(List<List<String>> rows) {
        var format = new StringBuilder();
        for (int i = 0; i < HEADINGS.size(); i++) {
            int column = i;
            rows.stream().mapToInt(row -> row.get(column).length()).max().ifPresent(width -> format.append("%-")
                    .append(width)
                    .append("s  "));
        }
        return rows.stream()
                .map(row -> format.toString().formatted(row.toArray()).stripTrailing() + "\n")
                .collect(Collectors.joining());
    }

    private void verify(Optional<String> head, boolean json) throws AdminException {
        var chain = new AuditChain();
        long number = head.map(text -> Long.parseLong(text.substring(0, text.indexOf(':'))))
                .orElse(0L);
        String hash = head.map(text -> text.substring(text.indexOf(':') + 1)).orElse(AuditEntry.FIRST);
        requireHead(chain, number, hash);
        var end = connection.forEach(COLLECTION, document -> {
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
        var missing = JsonTree.findText(end, "missing");
        if (missing.isPresent()) {
            throw new AdminException(missing.get());
        }
        String last = chain.length() + ":" + chain.hash();
        if (json) {
            console.out().println(JsonDocuments.text(new Verified(chain.length(), last)));
        } else {
            console.err()
                    .println(
                            "the audit is intact; number and hash of its last entry, to keep for --head of a later run:");
            console.out().println(last);
        }
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
                    new AuditEntry.Actor(
                            JsonTree.text(document, "actor"),
                            JsonTree.text(document, "address"),
                            JsonTree.text(document, "request_id")),
                    new AuditEntry.Item(
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
