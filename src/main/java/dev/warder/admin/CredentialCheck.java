package dev.warder.admin;

import dev.warder.credential.CredentialState;
import jakarta.json.JsonObject;
import java.util.stream.Collectors;

/**
 * The entry of one managed credential among the checks of readiness. One that is not usable says why and for how long, and
 * is DOWN only where that makes the whole node useless until an operator acts: when it is the only one and nothing but a new
 * login helps. Models that the upstream limits are named too. A bench or an open breaker ends by itself and takes no node out of service.
 */
final class CredentialCheck {
    private CredentialCheck() {}

    static JsonObject of(CredentialState state, boolean only) {
        boolean down = only && !state.usable() && state.timeLeft().isEmpty();
        var check = CredentialsDocument.JSON
                .createObjectBuilder()
                .add("name", "credential-" + state.name())
                .add("status", down ? "DOWN" : "UP");
        var data = CredentialsDocument.JSON.createObjectBuilder();
        if (!state.usable()) {
            data.add("usable", false).add("reason", state.cause().orElse("It is out of use."));
            state.timeLeft().ifPresent(left -> data.add("retryAfterSeconds", left.toSeconds()));
        }
        if (!state.heldModels().isEmpty()) {
            data.add("heldModels", heldModels(state));
        }
        var details = data.build();
        return (details.isEmpty() ? check : check.add("data", details)).build();
    }

    /** One text, because the values of MicroProfile Health are no arrays. */
    private static String heldModels(CredentialState state) {
        return state.heldModels().stream()
                .map(CredentialState.HeldModel::toString)
                .collect(Collectors.joining(", "));
    }
}
