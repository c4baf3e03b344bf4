package dev.warder.adminapi;

import dev.warder.adminapi.WorkspaceRateLimitDocument.Limit;
import dev.warder.adminapi.WorkspaceRateLimitDocument.Source;
import dev.warder.http.PageDocument;
import dev.warder.policy.Policy;
import dev.warder.policy.Team;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The rate limits of {@code policy.file} as lists of the Rate Limits API: those of the organization and of models, and those of
 * teams. Limits of clients have no place in it. Thread-safe; no method waits.
 *
 * @param policy gives the policy in use; empty without one, which has the limits
 */
public record RateLimitLists(Optional<Supplier<Policy>> policy) {
    private static final Comparator<RateLimitGroup> ORDER = Comparator.comparing(RateLimitGroup::position);

    Optional<PageDocument<RateLimitDocument>> organization(RateLimitQuery query) {
        var shared = policy.map(each -> each.get().sharedLimits()).orElse(List.of());
        var groups = sorted();
        shared.forEach(each -> groups.putAll(RateLimitGroup.of(each)));
        if (query.model().isPresent()) {
            groups.keySet().removeIf(each -> !each.has(query.model().get(), shared));
            if (groups.isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(page(groups, query, RateLimitLists::entry));
    }

    Optional<PageDocument<WorkspaceRateLimitDocument>> team(String name, RateLimitQuery query) {
        return policy.flatMap(each -> {
            var current = each.get();
            return current.teams().stream()
                    .filter(team -> team.name().equals(name))
                    .findFirst()
                    .map(team -> document(team, current, query));
        });
    }

    private static PageDocument<WorkspaceRateLimitDocument> document(Team team, Policy policy, RateLimitQuery query) {
        var ofOrganization = sorted();
        policy.sharedLimits().forEach(each -> ofOrganization.putAll(RateLimitGroup.of(each)));
        var own = sorted();
        own.putAll(RateLimitGroup.ofAll(team.limits()));
        var groups = sorted();
        groups.putAll(own);
        if (query.inherited()) {
            ofOrganization.forEach(groups::putIfAbsent);
        }
        return page(
                groups,
                query,
                group -> new WorkspaceRateLimitDocument(
                        "workspace_rate_limit",
                        team.name(),
                        group.getKey().entryId(),
                        group.getKey().document(),
                        group.getKey().type(),
                        group.getKey().models().map(List::of),
                        limits(
                                own.getOrDefault(group.getKey(), Map.of()),
                                ofOrganization.getOrDefault(group.getKey(), Map.of()),
                                query.inherited())));
    }

    private static List<Limit> limits(Map<String, Long> own, Map<String, Long> organization, boolean inherited) {
        var types = new TreeSet<>(own.keySet());
        if (inherited) {
            types.addAll(organization.keySet());
        }
        var limits = new ArrayList<Limit>();
        for (var type : types) {
            var shared = Optional.ofNullable(organization.get(type));
            var number = Optional.ofNullable(own.get(type));
            number.or(() -> shared)
                    .ifPresent(value -> limits.add(new Limit(
                            type, value, shared, new Source(number.isPresent() ? "workspace" : "organization"))));
        }
        return limits;
    }

    private static RateLimitDocument entry(Map.Entry<RateLimitGroup, Map<String, Long>> group) {
        return new RateLimitDocument(
                "rate_limit",
                group.getKey().entryId(),
                group.getKey().document(),
                group.getKey().type(),
                group.getKey().models().map(List::of),
                group.getValue().entrySet().stream()
                        .map(each -> new RateLimitDocument.Limit(each.getKey(), each.getValue()))
                        .toList());
    }

    private static TreeMap<RateLimitGroup, Map<String, Long>> sorted() {
        return new TreeMap<>(ORDER);
    }

    private static <T> PageDocument<T> page(
            TreeMap<RateLimitGroup, Map<String, Long>> groups,
            RateLimitQuery query,
            Function<Map.Entry<RateLimitGroup, Map<String, Long>>, T> entry) {
        var rest = groups.entrySet().stream()
                .filter(each -> query.type().map(each.getKey().type()::equals).orElse(true))
                .filter(each -> query.after()
                        .map(after -> each.getKey().position().compareTo(after) > 0)
                        .orElse(true))
                .toList();
        int size = Math.min(rest.size(), query.limit().orElse(rest.size()));
        var next = size < rest.size()
                ? Optional.of(query.pageAfter(rest.get(size - 1).getKey().position()))
                : Optional.<String>empty();
        return new PageDocument<>(rest.subList(0, size).stream().map(entry).toList(), next);
    }
}
