package dev.warder.organization.spendlimit;

import dev.warder.config.InvalidValueException;
import dev.warder.http.PageDocument;
import dev.warder.organization.query.PageToken;
import dev.warder.organization.query.QueryPairs;
import dev.warder.principal.Administration;
import dev.warder.principal.api.ApiReply;
import dev.warder.principal.api.AuditDocument;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /v1/organizations/spend_limits/audit}: the changes of all that has spend limits, and decisions about requests for
 * higher ones, the newest first, each as below {@code /admin/api/audit}. Immutable.
 *
 * @param before the number of the last entry of the page before; the largest number for the first page
 */
record SpendLimitAudit(int limit, long before) {
    private static final int USUAL = 100;
    private static final int MOST = 1000;
    private static final String IDENTITY = "audit of spend limits";

    /** Reads parameters. One thread at a time. */
    private static final class Reader {
        private int limit = USUAL;
        private String page = "";

        void read(String name, String value) throws InvalidValueException {
            switch (name) {
                case "limit" -> limit = QueryPairs.number(name, value, MOST);
                case "page" -> page = value;
                default ->
                    throw new InvalidValueException("The parameters are limit and page; the query has another one.");
            }
        }
    }

    static SpendLimitAudit parse(String query) throws InvalidValueException {
        var reader = new Reader();
        QueryPairs.read(query, reader::read);
        return new SpendLimitAudit(reader.limit, reader.page.isEmpty() ? Long.MAX_VALUE : number(reader.page));
    }

    private static long number(String page) throws InvalidValueException {
        String text = PageToken.position(IDENTITY, page).get(0);
        // The digest of a token has no key.
        return text.matches("[1-9][0-9]{0,17}") ? Long.parseLong(text) : 0;
    }

    /** The page. Waits for the database. */
    ApiReply page(Administration administration) throws SQLException {
        var entries = administration.audit().ofLimits(before, limit + 1);
        var shown = entries.subList(0, Math.min(limit, entries.size()));
        Optional<String> next = entries.size() > limit
                ? Optional.of(PageToken.of(
                        IDENTITY, List.of(Long.toString(shown.get(limit - 1).number()))))
                : Optional.empty();
        return ApiReply.of(
                200, new PageDocument<>(shown.stream().map(AuditDocument::of).toList(), next));
    }
}
