package dev.warder.spendlimit;

import dev.warder.json.JsonTree;
import dev.warder.spendlimit.IncreaseRequest.Resolution;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.OptionalLong;

/**
 * A request as JSON: the members of Anthropic's {@code SpendLimitIncreaseRequest} (Java SDK 3.10.0) without what was spent, and
 * {@code requested_amount}, {@code granted_amount} and {@code reason}, which that does not have.
 */
public final class IncreaseJson {
    private IncreaseJson() {}

    /** The object. Amounts are US cents as text, times RFC 3339. */
    public static JsonObject of(IncreaseRequest request) {
        var resolution = request.resolution();
        return JsonTree.typed("spend_limit_increase_request")
                .add("id", request.id())
                .add("actor", user(request.client()))
                .add("created_at", request.madeAt().toString())
                .add("period", LimitWords.word(request.period()))
                .add("requested_amount", cents(request.askedCents()))
                .add("reason", request.reason())
                .add(
                        "resolved_at",
                        resolution
                                .<JsonValue>map(
                                        each -> JsonTree.string(each.at().toString()))
                                .orElse(JsonValue.NULL))
                .add(
                        "resolved_by",
                        resolution.<JsonValue>map(each -> user(each.by())).orElse(JsonValue.NULL))
                .add(
                        "granted_amount",
                        resolution
                                .map(Resolution::grantedCents)
                                .map(IncreaseJson::cents)
                                .orElse(JsonValue.NULL))
                .add("status", request.status().word())
                .build();
    }

    /** The same for the client itself, without who has decided. */
    public static JsonObject own(IncreaseRequest request) {
        return JsonTree.newObject(of(request))
                .add("resolved_by", JsonValue.NULL)
                .build();
    }

    private static JsonObject user(String name) {
        return JsonTree.typed("user_actor")
                .add("user_id", name)
                .add("name", name)
                .add("email_address", JsonValue.NULL)
                .add("deleted", false)
                .build();
    }

    private static JsonValue cents(OptionalLong cents) {
        return cents.isPresent() ? JsonTree.string(Long.toString(cents.getAsLong())) : JsonValue.NULL;
    }
}
