package dev.warder.policy;

import dev.warder.http.Sha256;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jdbi.v3.core.mapper.Nested;

/**
 * An entry of the audit. Immutable.
 *
 * @param number from 1, without a gap
 * @param at when the change was made, by the database's clock, in whole microseconds
 * @param previousHash the hash of the entry before this one; {@link #FIRST} for the first one
 * @param hash that of this entry
 */
public record AuditEntry(
        long number, Instant at, @Nested Actor actor, @Nested Item item, String previousHash, String hash) {
    /** The hash before the first entry: 64 zeros. */
    public static final String FIRST = "0".repeat(64);

    static AuditEntry of(long number, Instant at, Actor actor, Item item, String previousHash) {
        var unhashed = new AuditEntry(number, at, actor, item, previousHash, "");
        return new AuditEntry(number, at, actor, item, previousHash, unhashed.computeHash());
    }

    /** The entry for programs. {@code before} and {@code after} are JSON objects as text, or empty. */
    public JsonObject json() {
        return JsonTree.typed("audit_entry")
                .add("number", number)
                .add("made_at", at.toString())
                .add("actor", actor.name())
                .add("address", actor.address())
                .add("request_id", actor.requestId())
                .add("action", item.action())
                .add("subject", item.subject())
                .add("before", item.before())
                .add("after", item.after())
                .add("previous_hash", previousHash)
                .add("hash", hash)
                .build();
    }

    public boolean isIntact() {
        return hash.equals(computeHash());
    }

    /** The columns as texts, in their order. */
    public List<String> texts() {
        return List.of(
                Long.toString(number),
                at.toString(),
                actor.name(),
                actor.address(),
                actor.requestId(),
                item.action(),
                item.subject(),
                item.before(),
                item.after(),
                previousHash,
                hash);
    }

    /**
     * SHA-256 of these texts in UTF-8, each with its length in bytes before it as four bytes, the highest first: the number, the
     * moment in ISO 8601, the actor's name, address and request, action, subject, content before and after, and the hash of the
     * entry before. The lengths keep two entries from having the same bytes.
     */
    private String computeHash() {
        var digest = Sha256.begin();
        var texts = texts();
        for (var text : texts.subList(0, texts.size() - 1)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Who makes a change. Immutable.
     *
     * @param name the name of an access token, or of {@code admin.token} with the name that was given at sign-in
     * @param address the address that the request came from
     * @param requestId the id of the request in the log
     */
    public record Actor(String name, String address, String requestId) {}

    /**
     * One thing that a change does. Immutable.
     *
     * @param action such as {@code create}, {@code change}, {@code remove}, {@code revoke}
     * @param subject what is changed, such as {@code client/ada} or {@code token/abcdefgh}
     * @param before its content as a JSON object; empty if it is new
     * @param after its content as a JSON object; empty if it is removed
     */
    public record Item(String action, String subject, String before, String after) {}
}
