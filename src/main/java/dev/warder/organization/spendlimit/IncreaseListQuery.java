package dev.warder.organization.spendlimit;

import dev.warder.config.InvalidValueException;
import dev.warder.http.PageDocument;
import dev.warder.organization.query.PageToken;
import dev.warder.organization.query.QueryPairs;
import dev.warder.principal.api.ApiReply;
import dev.warder.spendlimit.IncreaseQuery;
import dev.warder.spendlimit.IncreaseRequest;
import dev.warder.spendlimit.IncreaseRequest.Status;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters of {@code GET /v1/organizations/spend_limit_increase_requests} (Java SDK 3.10.0, {@code
 * IncreaseRequestListParams}). Immutable.
 *
 * @param clients only those of these clients; all if it is empty
 * @param statuses only those with one of these; all if it is empty
 * @param before only those before this one, which was the last one of the page before
 */
record IncreaseListQuery(int limit, Set<String> clients, Set<Status> statuses, long before) {
    private static final int USUAL = 20;
    private static final int MOST = 1000;

    IncreaseListQuery {
        clients = Set.copyOf(clients);
        statuses = Set.copyOf(statuses);
    }

    /** Reads parameters. One thread at a time. */
    private static final class Reader {
        private final Set<String> clients = new HashSet<>();
        private final Set<Status> statuses = EnumSet.noneOf(Status.class);
        private int limit = USUAL;
        private String page = "";

        void read(String name, String value) throws InvalidValueException {
            switch (name) {
                case "limit" -> limit = QueryPairs.number(name, value, MOST);
                case "page" -> page = value;
                case "status" ->
                    statuses.add(Status.of(value)
                            .orElseThrow(
                                    () -> new InvalidValueException("status: must be pending, approved or denied")));
                case "actor_ids" -> addClient(value);
                case "beta" -> {
                    // The SDKs' form of this request.
                }
                default ->
                    throw new InvalidValueException(
                            "The parameters are limit, page, actor_ids[] and status[]; the query has another one.");
            }
        }

        private void addClient(String value) throws InvalidValueException {
            clients.add(value);
            if (clients.size() > IncreaseQuery.MOST_CLIENTS) {
                throw new InvalidValueException("actor_ids: must be at most " + IncreaseQuery.MOST_CLIENTS);
            }
        }

        private long before() throws InvalidValueException {
            String position =
                    PageToken.position(identity(clients, statuses), page).get(0);
            return IncreaseRequest.number(position)
                    .orElseThrow(() -> new InvalidValueException("page: must be next_page of an earlier response"));
        }

        IncreaseListQuery query() throws InvalidValueException {
            return new IncreaseListQuery(limit, clients, statuses, page.isEmpty() ? Long.MAX_VALUE : before());
        }
    }

    /** A token of a page is not secret: its position may be any text. */
    static IncreaseListQuery parse(String text) throws InvalidValueException {
        var reader = new Reader();
        QueryPairs.read(text, reader::read);
        return reader.query();
    }

    private static String identity(Set<String> clients, Set<Status> statuses) {
        return "increase requests " + new TreeSet<>(statuses) + " " + new TreeSet<>(clients);
    }

    /** What is to be read: one more than the page has, which shows whether there is another page. */
    IncreaseQuery withOneMore() {
        return IncreaseQuery.of(clients, statuses, before, limit + 1);
    }

    /** The page. */
    ApiReply page(List<IncreaseRequest> found, SpendSummaries summaries) {
        var shown = found.subList(0, Math.min(limit, found.size()));
        var items = shown.stream().map(summaries::document).toList();
        Optional<String> next = found.size() > limit
                ? Optional.of(PageToken.of(
                        identity(clients, statuses),
                        List.of(shown.get(limit - 1).id())))
                : Optional.empty();
        return ApiReply.of(200, new PageDocument<>(items, next));
    }
}
