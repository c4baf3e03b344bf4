package dev.warder.adminapi;

import dev.warder.http.PageDocument;
import dev.warder.ledger.lease.PeriodState;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.Period;
import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The clients of one page, with the budgets that limit them: those that enforce by day, week or month, of the client, of the
 * team that pays and of the organization. For each period the one with the smallest rest counts. Immutable.
 *
 * @param members the clients of the page, sorted by name
 * @param nextPage the value of {@code page} for the next one; empty if this is the last
 */
record EffectiveLimits(List<Member> members, Optional<String> nextPage) {
    private static final Set<BudgetScope> SCOPES =
            EnumSet.of(BudgetScope.CLIENT, BudgetScope.TEAM, BudgetScope.ORGANIZATION);

    /** A client and its budgets, in the order of {@link BudgetScope}. */
    private record Member(Principal client, List<Share> shares) {}

    /** A budget in its current window. */
    private record Share(Budget budget, PeriodKey key) {
        private long spent(Map<PeriodKey, PeriodState> states) {
            return Optional.ofNullable(states.get(key))
                    .map(each -> each.spent() + each.overage())
                    .orElse(0L);
        }
    }

    static EffectiveLimits of(Policy policy, SpendLimitQuery query, Instant now) {
        var wanted = policy.principals().stream()
                .filter(each -> query.users().isEmpty() || query.users().contains(each.name()))
                .filter(each -> query.after().isEmpty()
                        || each.name().compareTo(query.after().get()) > 0)
                .sorted(Comparator.comparing(Principal::name))
                .iterator();
        var members = new ArrayList<Member>();
        while (wanted.hasNext()) {
            var client = wanted.next();
            var shares = shares(policy, client, query.periods(), now);
            if (!shares.isEmpty()) {
                if (members.size() == query.limit()) {
                    var last = members.get(members.size() - 1).client();
                    return new EffectiveLimits(members, Optional.of(query.pageAfter(last.name())));
                }
                members.add(new Member(client, shares));
            }
        }
        return new EffectiveLimits(members, Optional.empty());
    }

    Collection<PeriodKey> keys() {
        return members.stream()
                .flatMap(each -> each.shares().stream())
                .map(Share::key)
                .distinct()
                .toList();
    }

    PageDocument<EffectiveLimitDocument> with(Map<PeriodKey, PeriodState> states) {
        var rows = new ArrayList<EffectiveLimitDocument>();
        for (var member : members) {
            for (var period : LimitWords.PERIODS) {
                member.shares().stream()
                        .filter(share -> share.budget().terms().period() == period)
                        // The first of several with the same rest.
                        .min(Comparator.comparingLong(
                                share -> share.budget().terms().nanos() - share.spent(states)))
                        .ifPresent(share -> rows.add(
                                EffectiveLimitDocument.of(member.client(), share.budget(), share.spent(states))));
            }
        }
        return new PageDocument<>(rows, nextPage);
    }

    private static List<Share> shares(Policy policy, Principal client, Set<Period> periods, Instant now) {
        return policy.budgets(client, Optional.empty(), List.of(), Optional.empty()).stream()
                .filter(budget ->
                        SCOPES.contains(budget.scope()) && budget.terms().enforces())
                .filter(budget -> (periods.isEmpty() ? LimitWords.PERIODS : periods)
                        .contains(budget.terms().period()))
                .map(budget -> new Share(
                        budget,
                        new PeriodKey(budget.key(), budget.terms().windowAt(now).start())))
                .toList();
    }
}
