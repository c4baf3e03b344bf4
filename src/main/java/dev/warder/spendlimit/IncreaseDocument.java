package dev.warder.spendlimit;

import dev.warder.spendlimit.IncreaseRequest.Resolution;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request for programs: the members of Anthropic's {@code SpendLimitIncreaseRequest} (Java SDK 3.10.0), and {@code
 * requested_amount}, {@code granted_amount} and {@code reason}, which that does not have. Amounts are US cents as text, times RFC
 * 3339. Immutable.
 *
 * @param resolvedBy empty also for the client itself
 * @param spendSummary a record, or null as a value; empty if there is no such member
 * @param spendLimit the same
 */
@JsonbPropertyOrder({
    "type",
    "id",
    "actor",
    "createdAt",
    "period",
    "requestedAmount",
    "reason",
    "resolvedAt",
    "resolvedBy",
    "grantedAmount",
    "status",
    "spendSummary",
    "spendLimit"
})
public record IncreaseDocument(
        String type,
        String id,
        UserActor actor,
        @JsonbProperty("created_at") String createdAt,
        String period,
        @JsonbProperty(value = "requested_amount", nillable = true) Optional<String> requestedAmount,
        String reason,
        @JsonbProperty(value = "resolved_at", nillable = true) Optional<String> resolvedAt,
        @JsonbProperty(value = "resolved_by", nillable = true) Optional<UserActor> resolvedBy,
        @JsonbProperty(value = "granted_amount", nillable = true) Optional<String> grantedAmount,
        String status,
        @JsonbProperty("spend_summary") Optional<Object> spendSummary,
        @JsonbProperty("spend_limit") Optional<Object> spendLimit) {
    /** The document for administrators. */
    public static IncreaseDocument of(IncreaseRequest request) {
        return of(request, resolver(request), Optional.empty(), Optional.empty());
    }

    /** The document for the client itself, without who has decided. */
    public static IncreaseDocument own(IncreaseRequest request) {
        return of(request, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** With what the client has spent; null if it is empty. */
    public static IncreaseDocument withSummary(IncreaseRequest request, Optional<? extends Record> summary) {
        return of(request, resolver(request), Optional.of(orNull(summary)), Optional.empty());
    }

    /** Without what the client has spent, with the limit that it has now; null if it is empty. */
    public static IncreaseDocument withLimit(IncreaseRequest request, Optional<? extends Record> limit) {
        return of(request, resolver(request), Optional.of(JsonValue.NULL), Optional.of(orNull(limit)));
    }

    private static IncreaseDocument of(
            IncreaseRequest request,
            Optional<UserActor> resolvedBy,
            Optional<Object> spendSummary,
            Optional<Object> spendLimit) {
        return new IncreaseDocument(
                "spend_limit_increase_request",
                request.id(),
                user(request.client()),
                request.madeAt().toString(),
                LimitWords.word(request.period()),
                cents(request.askedCents()),
                request.reason(),
                request.resolution().map(each -> each.at().toString()),
                resolvedBy,
                request.resolution().map(Resolution::grantedCents).flatMap(IncreaseDocument::cents),
                request.status().word(),
                spendSummary,
                spendLimit);
    }

    private static Optional<UserActor> resolver(IncreaseRequest request) {
        return request.resolution().map(each -> user(each.by()));
    }

    private static UserActor user(String name) {
        return UserActor.of(name, Optional.empty());
    }

    private static Object orNull(Optional<? extends Record> member) {
        return member.isPresent() ? member.get() : JsonValue.NULL;
    }

    private static Optional<String> cents(OptionalLong cents) {
        return cents.isPresent() ? Optional.of(Long.toString(cents.getAsLong())) : Optional.empty();
    }

    /**
     * What the audit has of a request. Immutable.
     *
     * @param askedCents empty if the client leaves it to the administrator
     * @param grantedCents empty unless it is approved
     */
    @JsonbPropertyOrder({"client", "period", "status", "askedCents", "grantedCents", "reason"})
    record Audited(
            String client,
            String period,
            String status,
            @JsonbProperty("asked_cents") OptionalLong askedCents,
            @JsonbProperty("granted_cents") OptionalLong grantedCents,
            String reason) {
        static Audited of(IncreaseRequest request) {
            return new Audited(
                    request.client(),
                    request.period().word(),
                    request.status().word(),
                    request.askedCents(),
                    request.resolution().map(Resolution::grantedCents).orElse(OptionalLong.empty()),
                    request.reason());
        }
    }
}
