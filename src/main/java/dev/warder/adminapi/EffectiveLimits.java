package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.http.PageDocument;
import dev.warder.json.JsonTree;
import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.Period;
import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The clients of one page, with the budgets that limit them: those that enforce by day, week or month, of the client, of the
 * team that pays and of the organization. For each period the one with the smallest rest counts. Immutable.
 *
 * @param members the clients of the page, sorted by name
 * @param nextPage the value of {@code page} for the next one; empty if this is the last
 */
record EffectiveLimits(List<Member> members, Optional<String> nextPage) {
    private static final Set<Budget.Scope> SCOPES =
            EnumSet.of(Budget.Scope.CLIENT, Budget.Scope.TEAM, Budget.Scope.ORGANIZATION);

    /** A client and its budgets, in the order of {@link Budget.Scope}. */
    private record Member(Principal client, List<Share> shares) {}

    /** A budget in its current window. */
    private record Share(Budget budget, PeriodKey key) {
        private long spent(Map<PeriodKey, Amounts> states) {
            return Optional.ofNullable(states.get(key)).map(Amounts::allSpent).orElse(0L);
        }
    }

    /**
     * The parameters of {@code GET /v1/organizations/spend_limits/effective}, as Anthropic's SDKs write them. Immutable.
     *
     * @param query makes the next page
     * @param limit the most clients of a page, from 1
     * @param after the name of the last client of the page before; empty for the first page
     * @param periods only limits of these periods; all if it is empty
     * @param users only these clients; all if it is empty
     */
    record Asked(Query query, int limit, Optional<String> after, Set<Period> periods, Set<String> users) {
        /** The most clients of a page, whatever limit was asked for, and of a query. */
        private static final int MOST = 100;

        private static final int HIGHEST = 1000;

        Asked {
            periods = Set.copyOf(periods);
            users = Set.copyOf(users);
        }

        /**
         * Reads a query.
         *
         * @param text as received, without the question mark
         * @throws InvalidValueException with the reason, for the caller
         */
        static Asked parse(String text) throws InvalidValueException {
            var query = Query.parse(
                    "effective limits", text, List.of("limit", "page", "period[]", "user_ids[]"), List.of(Query.BETA));
            var periods = EnumSet.noneOf(Period.class);
            for (var word : query.all("period")) {
                periods.add(ConfiguredLimit.period(word));
            }
            var users = Set.copyOf(query.all("user_ids"));
            if (users.size() > MOST) {
                throw new InvalidValueException("user_ids: has more than " + MOST + " entries");
            }
            int limit = Math.min(query.limit(HIGHEST).orElse(20), MOST);
            var asked = query.as(periods, new TreeSet<>(users));
            return new Asked(asked, limit, asked.after(), periods, users);
        }

        /** The question about one client without a query. */
        static Asked ofClient(String name) {
            return new Asked(new Query("", Map.of()), 1, Optional.empty(), Set.of(), Set.of(name));
        }
    }

    /**
     * The effective limit of one client in one period.
     *
     * @param budget the limit of this client in one of {@link ConfiguredLimit#PERIODS}
     * @param spentNanos what was spent of it, in nano-dollars; at least 0
     */
    record Row(Principal client, Budget budget, long spentNanos) {
        private static final long NANOS_PER_CENT = 10_000_000;
        private static final int CENT_DECIMALS = 7;
        private static final int DECIMALS = 3;

        String period() {
            return ConfiguredLimit.word(budget.terms().period());
        }

        /** Whole cents, rounded down: a limit must not look higher than it is. */
        String limit() {
            return Long.toString(budget.terms().nanos() / NANOS_PER_CENT);
        }

        /** Cents, rounded up to three decimals: nothing that was spent is missing. */
        String spent() {
            var cents = BigDecimal.valueOf(spentNanos, CENT_DECIMALS).setScale(DECIMALS, RoundingMode.CEILING);
            return cents.signum() == 0 ? "0" : cents.stripTrailingZeros().toPlainString();
        }

        /** Whose budget it is: {@code user}, {@code rbac_group} for a team, or {@code organization}. */
        String source() {
            return switch (budget.scope()) {
                case CLIENT -> "user";
                case TEAM -> "rbac_group";
                case ORGANIZATION -> "organization";
                case TAG, MODEL, SESSION -> throw new IllegalArgumentException("the report has no such budget");
            };
        }

        /** The shape of type {@code SpendSummary} of Anthropic's Admin API (TypeScript SDK 1.12.0). */
        JsonObject json() {
            var actor = JsonTree.typed("user_actor")
                    .add("user_id", client.name())
                    .add("name", client.name())
                    .add("email_address", JsonTree.orNull(address()))
                    .add("deleted", false);
            var source = JsonTree.typed(source());
            if (budget.scope() != Budget.Scope.ORGANIZATION) {
                source.add(source() + "_id", budget.name());
            }
            return JsonTree.newObject()
                    .add("actor", actor)
                    .add("amount", limit())
                    .add("currency", "USD")
                    .add("period", period())
                    .add("period_to_date_spend", spent())
                    .add("scope", JsonTree.typed("user").add("user_id", client.name()))
                    .add("source", source)
                    .add("spend_limit_id", ConfiguredLimit.id(budget.key()))
                    .build();
        }

        private Optional<String> address() {
            return Stream.concat(Stream.of(client.name()), client.externalId().stream())
                    .filter(text -> text.matches("[^@\\s]+@[^@\\s]+"))
                    .findFirst();
        }
    }

    static EffectiveLimits of(Policy policy, Asked query, Instant now) {
        var members = policy.principals().stream()
                .filter(each -> query.users().isEmpty() || query.users().contains(each.name()))
                .filter(each -> query.after().isEmpty()
                        || each.name().compareTo(query.after().get()) > 0)
                .sorted(Comparator.comparing(Principal::name))
                .map(each -> new Member(each, shares(policy, each, query.periods(), now)))
                .filter(each -> !each.shares().isEmpty())
                .limit(query.limit() + 1L)
                .toList();
        var page = query.query()
                .first(members, query.limit(), each -> each.client().name(), each -> each);
        return new EffectiveLimits(page.data(), page.nextPage());
    }

    private static List<Share> shares(Policy policy, Principal client, Set<Period> periods, Instant now) {
        return policy.budgets(client, Optional.empty(), List.of(), Optional.empty()).stream()
                .filter(budget ->
                        SCOPES.contains(budget.scope()) && budget.terms().enforces())
                .filter(budget -> (periods.isEmpty() ? ConfiguredLimit.PERIODS : periods)
                        .contains(budget.terms().period()))
                .map(budget -> new Share(
                        budget,
                        new PeriodKey(budget.key(), budget.terms().windowAt(now).start())))
                .toList();
    }

    Collection<PeriodKey> keys() {
        return members.stream()
                .flatMap(each -> each.shares().stream())
                .map(Share::key)
                .distinct()
                .toList();
    }

    List<Row> rows(Map<PeriodKey, Amounts> states) {
        var rows = new ArrayList<Row>();
        for (var member : members) {
            for (var period : ConfiguredLimit.PERIODS) {
                member.shares().stream()
                        .filter(share -> share.budget().terms().period() == period)
                        // The first of several with the same rest.
                        .min(Comparator.comparingLong(
                                share -> share.budget().terms().nanos() - share.spent(states)))
                        .ifPresent(share -> rows.add(new Row(member.client(), share.budget(), share.spent(states))));
            }
        }
        return rows;
    }

    PageDocument<JsonObject> page(Map<PeriodKey, Amounts> states) {
        return new PageDocument<>(rows(states).stream().map(Row::json).toList(), nextPage);
    }
}
