package dev.warder.organization.spendlimit;

import jakarta.json.bind.annotation.JsonbNillable;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.Optional;

/**
 * A client or an administrator in the words of Anthropic's Admin API. Immutable.
 *
 * @param type always {@code user_actor}
 */
// For members of this type that are null: Yasson looks for it here too, and only here.
@JsonbNillable
@JsonbPropertyOrder({"type", "userId", "name", "emailAddress", "deleted"})
record UserActor(
        String type,
        @JsonbProperty("user_id") String userId,
        String name,
        @JsonbProperty(value = "email_address", nillable = true) Optional<String> emailAddress,
        boolean deleted) {
    /** The actor of this name. */
    static UserActor of(String name, Optional<String> emailAddress) {
        return new UserActor("user_actor", name, name, emailAddress, false);
    }
}
