package dev.warder.http;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Set;

/**
 * The API's word for the very case of an error, in {@code error.details.error_code}, as far as Warder acts on it. Immutable.
 *
 * @param word as the upstream wrote it; empty when the error has none
 */
public record ErrorCode(String word) {
    /** An error without a code. */
    public static final ErrorCode NONE = new ErrorCode("");

    private static final Set<String> ORGANIZATION =
            Set.of("ramp_limit_exceeded", "enforced_spend_limit_reached", "contract_spend_limit_reached");
    private static final Set<String> USER_PROFILE =
            Set.of("linked_organization_spend_limit_reached", "linked_organization_billing_unavailable");

    public static ErrorCode of(JsonObject error) {
        return new ErrorCode(JsonTree.text(JsonTree.object(error, "details"), "error_code"));
    }

    /** Whether a limit of the credential's organization is reached, which holds for every model. */
    public boolean concernsOrganization() {
        return ORGANIZATION.contains(word);
    }

    /** Whether the customer behind a user profile cannot be billed, which is no fault of the credential. */
    public boolean concernsUserProfile() {
        return USER_PROFILE.contains(word);
    }

    /** Whether somebody's money is spent, so that a retry fails too. */
    public boolean isSpent() {
        return concernsUserProfile() || concernsOrganization() && word.contains("spend_limit");
    }
}
