package dev.warder.admin;

import dev.warder.credential.CredentialState;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The entries of the managed credentials among the checks of readiness. They are DOWN only where all of them are lost until
 * an operator acts and no caller's own credential is used. Models that the upstream limits are named too. A bench or an
 * open breaker takes no node out of service.
 */
final class CredentialCheck {
    private CredentialCheck() {}

    /**
     * One entry for each.
     *
     * @param passthrough whether callers' own credentials are used
     * @param details whether the entries show the credentials' names and why one is not usable
     */
    static List<JsonObject> of(List<CredentialState> states, boolean passthrough, boolean details) {
        boolean down = !passthrough && states.stream().allMatch(CredentialState::lost);
        var checks = new ArrayList<JsonObject>();
        for (var state : states) {
            String name = details ? state.name() : Integer.toString(checks.size() + 1);
            var check = CredentialsDocument.JSON
                    .createObjectBuilder()
                    .add("name", "credential-" + name)
                    .add("status", down ? "DOWN" : "UP");
            var data = details ? data(state) : JsonValue.EMPTY_JSON_OBJECT;
            checks.add((data.isEmpty() ? check : check.add("data", data)).build());
        }
        return checks;
    }

    private static JsonObject data(CredentialState state) {
        var data = CredentialsDocument.JSON.createObjectBuilder();
        if (!state.usable()) {
            data.add("usable", false).add("reason", state.cause().orElse("It is out of use."));
            state.timeLeft().ifPresent(left -> data.add("retryAfterSeconds", left.toSeconds()));
        }
        if (!state.heldModels().isEmpty()) {
            data.add("heldModels", heldModels(state));
        }
        return data.build();
    }

    /** One text, because the values of MicroProfile Health are no arrays. */
    private static String heldModels(CredentialState state) {
        return state.heldModels().stream()
                .map(CredentialState.HeldModel::toString)
                .collect(Collectors.joining(", "));
    }
}
