package dev.warder.organization.spendlimit;

import dev.warder.spendlimit.IncreaseDocument;
import dev.warder.spendlimit.IncreaseRequest;
import dev.warder.spendlimit.IncreaseRequest.Status;
import dev.warder.spendlimit.LimitWords;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What clients have spent under their effective limits. Immutable. */
record SpendSummaries(List<EffectiveLimitDocument> rows) {
    static final SpendSummaries NONE = new SpendSummaries(List.of());

    SpendSummaries {
        rows = List.copyOf(rows);
    }

    /** What is to be read for requests that are pending, of the first 100 clients; empty if there are none. */
    static Optional<SpendLimitQuery> query(List<IncreaseRequest> requests) {
        var clients = requests.stream()
                .filter(each -> each.status() == Status.PENDING)
                .map(IncreaseRequest::client)
                .distinct()
                .limit(SpendLimitQuery.MOST)
                .collect(Collectors.toSet());
        return clients.isEmpty()
                ? Optional.empty()
                : Optional.of(new SpendLimitQuery(clients.size(), Optional.empty(), Set.of(), clients));
    }

    /** A request with its summary, if it is pending and its client has a limit in its period. */
    IncreaseDocument document(IncreaseRequest request) {
        String period = LimitWords.word(request.period());
        var row = request.status() == Status.PENDING
                ? rows.stream()
                        .filter(each -> each.actor().userId().equals(request.client())
                                && each.period().equals(period))
                        .findFirst()
                : Optional.<EffectiveLimitDocument>empty();
        return IncreaseDocument.withSummary(request, row);
    }
}
