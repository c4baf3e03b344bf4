package dev.warder.quota;

import java.util.Locale;

/**
 * The choice of budgets of teams and clients that are shown. Immutable.
 *
 * @param part what names of teams and clients must contain, in any case of letters; empty for all
 * @param team only this team and the clients that it pays for; {@link #NO_TEAM} for the clients without a team, empty
 * for all
 * @param page of teams, or of the clients of one team; from 1, and the last one if there are fewer
 */
public record BudgetQuery(String part, String team, int page) {
    public static final String NO_TEAM = "-";

    public static final BudgetQuery ALL = new BudgetQuery("", "", 1);

    public boolean isOneTeam() {
        return !team.isEmpty();
    }

    public BudgetQuery at(int other) {
        return new BudgetQuery(part, team, other);
    }

    public BudgetQuery of(String name) {
        return new BudgetQuery(part, name.isEmpty() ? NO_TEAM : name, 1);
    }

    boolean includes(String name) {
        return team.isEmpty() || team.equals(name.isEmpty() ? NO_TEAM : name);
    }

    /** Whether a name contains the part. */
    boolean finds(String name) {
        return name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
