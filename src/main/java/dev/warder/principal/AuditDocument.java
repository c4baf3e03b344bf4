package dev.warder.principal;

import dev.warder.json.JsonTree;
import dev.warder.policy.AuditEntry;
import jakarta.json.JsonObject;

/** An entry of the audit for programs. {@code before} and {@code after} are JSON objects as text, or empty. */
public final class AuditDocument {
    private AuditDocument() {}

    public static JsonObject of(AuditEntry entry) {
        return JsonTree.newObject()
                .add("type", "audit_entry")
                .add("number", entry.number())
                .add("made_at", entry.at().toString())
                .add("actor", entry.actor().name())
                .add("address", entry.actor().address())
                .add("request_id", entry.actor().requestId())
                .add("action", entry.item().action())
                .add("subject", entry.item().subject())
                .add("before", entry.item().before())
                .add("after", entry.item().after())
                .add("previous_hash", entry.previousHash())
                .add("hash", entry.hash())
                .build();
    }
}
