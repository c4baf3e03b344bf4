package dev.warder.principal.api;

import dev.warder.audit.AuditEntry;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;

/**
 * An entry of the audit for programs. Immutable.
 *
 * @param before a JSON object as text; empty if there was none
 * @param after the same
 */
@JsonbPropertyOrder({
    "type",
    "number",
    "madeAt",
    "actor",
    "address",
    "requestId",
    "action",
    "subject",
    "before",
    "after",
    "previousHash",
    "hash"
})
public record AuditDocument(
        String type,
        long number,
        @JsonbProperty("made_at") String madeAt,
        String actor,
        String address,
        @JsonbProperty("request_id") String requestId,
        String action,
        String subject,
        String before,
        String after,
        @JsonbProperty("previous_hash") String previousHash,
        String hash) {
    /** The document of an entry. */
    public static AuditDocument of(AuditEntry entry) {
        return new AuditDocument(
                "audit_entry",
                entry.number(),
                entry.at().toString(),
                entry.actor().name(),
                entry.actor().address(),
                entry.actor().requestId(),
                entry.item().action(),
                entry.item().subject(),
                entry.item().before(),
                entry.item().after(),
                entry.previousHash(),
                entry.hash());
    }
}
