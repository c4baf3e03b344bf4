package dev.warder.policy;

import java.util.List;
import java.util.Optional;

/**
 * The teams of a client. Immutable.
 *
 * @param teams all its teams, in the order of the file
 * @param payer the one that pays; empty only for a client without a team
 */
public record Membership(List<Team> teams, Optional<Team> payer) {
    /** Copies the list; refuses a payer that is none of the teams, and teams without a payer. */
    public Membership {
        teams = List.copyOf(teams);
        if (payer.isPresent() ? !teams.contains(payer.get()) : !teams.isEmpty()) {
            throw new IllegalArgumentException("one of the teams must pay");
        }
    }
}
