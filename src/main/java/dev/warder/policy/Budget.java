package dev.warder.policy;

import dev.warder.http.Sha256;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A limit of spending. Immutable.
 *
 * @param scope whose spending it limits
 * @param name the client, team, tag or pattern of models; {@code CLIENT/SESSION} for a session; empty for the organization
 * @param terms how much, and in which period
 */
public record Budget(Scope scope, String name, Terms terms) {
    /** No key is longer. All are visible ASCII characters. */
    public static final int LONGEST_KEY = 160;

    private static final Pattern PLAIN_SESSION = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String HASHED = "sha256:";

    public Budget {
        if (name.isEmpty() != (scope == Scope.ORGANIZATION)) {
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
    static Budget ofSession(String client, String id, Terms terms) {
        String shown = PLAIN_SESSION.matcher(id).matches() ? id : HASHED + Sha256.hex(id);
        return new Budget(Scope.SESSION, client + "/" + shown, terms);
    }

    /**
     * The key of the budget in a database: scope, name and period, such as {@code team/payments/month} or {@code
     * organization/day}. It stays the same when amount, zone or mode change. No two budgets of a policy have the same.
     */
    public String key() {
        String owner = name.isEmpty() ? scope.word() : scope.word() + "/" + name;
        return owner + "/" + terms.period().word();
    }

    /** Whose spending a budget limits, in the order in which the budgets of a request are charged. */
    public enum Scope {
        CLIENT,
        TEAM,
        ORGANIZATION,
        TAG,
        MODEL,
        SESSION;

        private final String word = name().toLowerCase(Locale.ROOT);

        public String word() {
            return word;
        }
    }

    /**
     * How much may be spent in which period, and what follows. Immutable.
     *
     * @param nanos the amount in nano-dollars, from 0 to {@link #MOST_NANOS}; with 0 nothing may be spent
     * @param period the period after which the budget begins again
     * @param zone the IANA time zone of the period
     * @param mode what follows when the amount is spent
     * @param onExhausted what follows for responses that are under way then; only in mode {@link Mode#ENFORCE}
     */
    public record Terms(long nanos, Period period, ZoneId zone, Mode mode, OnExhausted onExhausted) {
        /** The largest amount: below one billion dollars, so that sums of nine amounts fit into a {@code long}. */
        public static final long MOST_NANOS = 999_999_999_999_999_999L;

        public Terms {
            if (nanos < 0 || nanos > MOST_NANOS) {
                throw new IllegalArgumentException("an amount is out of range");
            }
        }

        public boolean enforces() {
            return mode == Mode.ENFORCE;
        }

        /** The window of the period that contains {@code at}, an instant of the years 1 to 9999. */
        public Period.Window windowAt(Instant at) {
            return period.windowAt(at, zone);
        }
    }

    /** The consequence of a spent budget. */
    public enum Mode {
        /** Requests that the rest of the budget does not cover wait or are refused. */
        ENFORCE,
        /** Clients and operators are warned, and no request is refused. */
        WARN,
        /** Operators see what {@link #ENFORCE} would have refused; clients notice nothing. */
        SHADOW
    }

    /** The effect of an enforcing budget on a response that is under way when nothing is left. */
    public enum OnExhausted {
        /** The response ends with an error, so that the budget is never exceeded. */
        CUT,
        /** The response goes on to its end, and its cost may exceed the budget. */
        FINISH
    }
}
