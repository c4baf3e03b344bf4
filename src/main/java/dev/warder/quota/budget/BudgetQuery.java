package dev.warder.quota.budget;

/**
 * The choice of budgets of teams and clients that are shown. Immutable.
 *
 * @param part what names of teams and clients must contain, in any case of letters; empty for all
 * @param team only this team and the clients that it pays for; {@link #NO_TEAM} for the clients without a team, empty
 * for all
 * @param page of teams, or of the clients of one team; from 1, and the last one if there are fewer
 */
public record BudgetQuery(String part, String team, int page) {
    /** Not the name of a team. */
    public static final String NO_TEAM = "-";

    /** The fullest budgets of all. */
    public static final BudgetQuery ALL = new BudgetQuery("", "", 1);

    /** Whether one team is asked for, or the clients without one. */
    public boolean isOneTeam() {
        return !team.isEmpty();
    }

    /** Another page of the same. */
    public BudgetQuery at(int other) {
        return new BudgetQuery(part, team, other);
    }

    /** The first page of one team, or with empty text of the clients without one. */
    public BudgetQuery of(String name) {
        return new BudgetQuery(part, name.isEmpty() ? NO_TEAM : name, 1);
    }

    /** Whether it includes the clients that this team pays for; with empty text those without one. */
    boolean includes(String name) {
        return team.isEmpty() || team.equals(name.isEmpty() ? NO_TEAM : name);
    }
}
