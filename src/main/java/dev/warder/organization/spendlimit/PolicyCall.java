package dev.warder.organization.spendlimit;

import dev.warder.audit.Actor;
import dev.warder.auth.Client;
import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.principal.Administration;
import dev.warder.principal.IdempotencyKey;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * What is asked of a {@link SpendLimitResource}. Immutable.
 *
 * @param query as received, without the question mark; may be empty
 * @param body empty text without one
 * @param idempotencyKey the field {@code Idempotency-Key}
 * @param client who asks
 * @param actor the same for the audit
 */
public record PolicyCall(
        String method,
        String path,
        String query,
        String body,
        Optional<String> idempotencyKey,
        Client client,
        Actor actor) {
    boolean isGet() {
        return method.equals("GET");
    }

    /** The JSON object of the body. */
    JsonObject document() throws InvalidValueException {
        return JsonTree.parseWholeDistinctObject(body)
                .orElseThrow(() -> new InvalidValueException(
                        "The body must be one JSON object, without two members of one name."));
    }

    /** Who asks for a change, and how a repetition is known. */
    Administration.Request change() throws InvalidValueException {
        return new Administration.Request(
                actor,
                Optional.of(client),
                IdempotencyKey.read(actor.name(), idempotencyKey, method + " " + path + "\n" + body));
    }
}
