package dev.warder.policy;

import dev.warder.http.Sha256;
import java.util.regex.Pattern;

/**
 * A limit of spending. Immutable.
 *
 * @param scope whose spending it limits
 * @param name the client, team, tag or pattern of models; {@code CLIENT/SESSION} for a session; empty for the organization
 * @param terms how much, and in which period
 */
public record Budget(BudgetScope scope, String name, BudgetTerms terms) {
    /** No key is longer. All are visible ASCII characters. */
    public static final int LONGEST_KEY = 160;

    private static final Pattern PLAIN_SESSION = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String HASHED = "sha256:";

    public Budget {
        if (name.isEmpty() != (scope == BudgetScope.ORGANIZATION)) {
            throw new IllegalArgumentException("a budget has the wrong name");
        }
    }

    /**
     * The budget of one session. The caller chooses the id, so the client is part of the name: a session of another client
     * with the same id has its own budget. An id that is long or has unusual characters is replaced by its hash.
     *
     * @param client the name of the client
     * @param id any text
     * @param terms how much, and in which period
     */
    static Budget ofSession(String client, String id, BudgetTerms terms) {
        String shown = PLAIN_SESSION.matcher(id).matches() ? id : HASHED + Sha256.hex(id);
        return new Budget(BudgetScope.SESSION, client + "/" + shown, terms);
    }

    /**
     * The key of the budget in a database: scope, name and period, such as {@code team/payments/month} or {@code
     * organization/day}. It stays the same when amount, zone or mode change. No two budgets of a policy have the same.
     */
    public String key() {
        String owner = name.isEmpty() ? scope.word() : scope.word() + "/" + name;
        return owner + "/" + terms.period().word();
    }
}
