package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.Period;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters of {@code GET /v1/organizations/spend_limits/effective}, as Anthropic's SDKs write them. Immutable.
 *
 * @param limit the most clients of a page, from 1
 * @param after the name of the last client of the page before; empty for the first page
 * @param periods only limits of these periods; all if it is empty
 * @param users only these clients; all if it is empty
 */
public record SpendLimitQuery(int limit, Optional<String> after, Set<Period> periods, Set<String> users) {
    /** The most clients of a page, whatever limit was asked for, and of a query. */
    private static final int MOST = 100;

    private static final int HIGHEST = 1000;

    public SpendLimitQuery {
        periods = Set.copyOf(periods);
        users = Set.copyOf(users);
    }

    /**
     * Reads a query.
     *
     * @param text as received, without the question mark
     * @throws InvalidValueException with the reason, for the caller
     */
    public static SpendLimitQuery parse(String text) throws InvalidValueException {
        var parameters = QueryPairs.all(text, List.of("limit", "page", "period[]", "user_ids[]", QueryPairs.BETA));
        var periods = EnumSet.noneOf(Period.class);
        for (var word : parameters.getOrDefault("period", List.of())) {
            periods.add(LimitWords.period(word));
        }
        var users = Set.copyOf(parameters.getOrDefault("user_ids", List.of()));
        if (users.size() > MOST) {
            throw new InvalidValueException("user_ids: has more than " + MOST + " entries");
        }
        int limit =
                QueryPairs.number("limit", QueryPairs.find(parameters, "limit").orElse("20"), HIGHEST);
        var after = PageToken.after(identity(periods, users), parameters);
        return new SpendLimitQuery(Math.min(limit, MOST), after, periods, users);
    }

    String pageAfter(String client) {
        return PageToken.of(identity(periods, users), List.of(client));
    }

    private static String identity(Set<Period> periods, Set<String> users) {
        return "effective limits " + new TreeSet<>(periods) + " " + new TreeSet<>(users);
    }
}
