package dev.warder.health;

import dev.warder.credential.CredentialState;
import dev.warder.health.HealthDocument.Check;
import dev.warder.health.HealthDocument.Data;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The entries of the managed credentials among the checks of readiness. They are DOWN only if all credentials are lost
 * until an operator acts and callers' own credentials are not used. Models that the upstream limits are named too. A
 * bench or an open breaker takes no node out of service.
 */
final class CredentialCheck {
    private CredentialCheck() {}

    /**
     * One entry for each.
     *
     * @param passthrough whether callers' own credentials are used
     * @param details whether the entries show the credentials' names and why one is not usable
     */
    static List<Check> of(List<CredentialState> states, boolean passthrough, boolean details) {
        boolean up = passthrough || !states.stream().allMatch(CredentialState::lost);
        var checks = new ArrayList<Check>();
        for (var state : states) {
            String name = details ? state.name() : Integer.toString(checks.size() + 1);
            checks.add(Check.of("credential-" + name, up, details ? Data.of(state) : Optional.empty()));
        }
        return checks;
    }
}
