package dev.warder.organization.spendlimit;

import dev.warder.config.InvalidValueException;
import dev.warder.organization.query.PageToken;
import dev.warder.policy.Period;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is asked of the effective spend limits: the parameters of Anthropic's SDKs, which write lists as {@code period[]=daily}.
 * Immutable.
 *
 * @param limit the most clients of a page, from 1
 * @param after the name of the last client of the page before; empty for the first page
 * @param periods only limits of these periods; all if it is empty
 * @param users only these clients; all if it is empty
 */
public record SpendLimitQuery(int limit, Optional<String> after, Set<Period> periods, Set<String> users) {
    /** The most clients of a page, whatever limit was asked for. */
    static final int MOST = 100;

    private static final int USUAL = 20;
    private static final int HIGHEST = 1000;
    private static final int MOST_USERS = 100;

    /** Copies the sets. */
    public SpendLimitQuery {
        periods = Set.copyOf(periods);
        users = Set.copyOf(users);
    }

    /** Reads parameters. One thread at a time. */
    private static final class Reader {
        private int limit = USUAL;
        private String page = "";
        private final Set<Period> periods = new HashSet<>();
        private final Set<String> users = new HashSet<>();

        void read(String pair) throws InvalidValueException {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            switch (name) {
                case "limit" -> limit = limit(value);
                case "page" -> page = value;
                case "period[]", "period" -> periods.add(LimitWords.period(value));
                case "user_ids[]", "user_ids" -> users.add(value);
                case "beta" -> {
                    // The SDKs' beta form of this request: it has the same shape.
                }
                default ->
                    throw new InvalidValueException(
                            "The parameters are limit, page, period[] and user_ids[]; the query has another one.");
            }
        }

        SpendLimitQuery query() throws InvalidValueException {
            if (users.size() > MOST_USERS) {
                throw new InvalidValueException("user_ids: has more than " + MOST_USERS + " entries");
            }
            Optional<String> after = page.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            PageToken.position(identity(periods, users), page).get(0));
            return new SpendLimitQuery(Math.min(limit, MOST), after, periods, users);
        }
    }

    /**
     * Reads a query.
     *
     * @param text as received, without the question mark
     * @throws InvalidValueException with the reason, for the caller
     */
    public static SpendLimitQuery parse(String text) throws InvalidValueException {
        var reader = new Reader();
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                reader.read(pair);
            }
        }
        return reader.query();
    }

    /** The value of {@code page} that begins after the client of this name. */
    String pageAfter(String client) {
        return PageToken.of(identity(periods, users), List.of(client));
    }

    private static String identity(Set<Period> periods, Set<String> users) {
        return "effective limits " + new TreeSet<>(periods) + " " + new TreeSet<>(users);
    }

    private static int limit(String value) throws InvalidValueException {
        if (value.matches("[0-9]{1,4}")) {
            int limit = Integer.parseInt(value);
            if (limit >= 1 && limit <= HIGHEST) {
                return limit;
            }
        }
        throw new InvalidValueException("limit: must be from 1 to " + HIGHEST);
    }

    private static String decoded(String text) throws InvalidValueException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidValueException("The query has a malformed escape.");
        }
    }
}
