package dev.warder.principal;

import dev.warder.auth.Client;
import dev.warder.http.Form;
import dev.warder.policy.Actor;
import java.util.Optional;

/**
 * A request to a resource, whose caller was admitted. Immutable.
 *
 * @param query the parameters of the path
 * @param body the text of the body; empty text without a body
 * @param token the caller with an access token; empty for {@code admin.token}
 */
public record ApiRequest(
        String method,
        ApiTarget target,
        Form query,
        String body,
        Conditions conditions,
        Optional<Client> token,
        Actor actor) {
    /**
     * Header fields on which it depends whether a change is made.
     *
     * @param ifMatch the field {@code If-Match}
     * @param idempotencyKey the field {@code Idempotency-Key}
     */
    public record Conditions(Optional<String> ifMatch, Optional<String> idempotencyKey) {}

    /** Method and target only: a body may have what only its receiver should see. */
    @Override
    public String toString() {
        return "ApiRequest[" + method + " " + target + "]";
    }
}
