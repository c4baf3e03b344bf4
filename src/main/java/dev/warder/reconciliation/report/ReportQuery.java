package dev.warder.reconciliation.report;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of the Admin API: one report of one UTC day. Immutable.
 *
 * @param path of the report
 * @param filter the parameter that restricts the report to {@code ids}; empty for none
 */
record ReportQuery(String path, LocalDate day, List<String> groups, String filter, List<String> ids) {
    private static final List<String> CELL =
            List.of("workspace_id", "model", "service_tier", "context_window", "inference_geo");

    ReportQuery {
        groups = List.copyOf(groups);
        ids = List.copyOf(ids);
    }

    /** The usage of the whole organization. */
    static ReportQuery usage(LocalDate day) {
        return new ReportQuery("/v1/organizations/usage_report/messages", day, CELL, "", List.of());
    }

    /** The usage of some ids, each by itself. */
    static ReportQuery usage(LocalDate day, IdKind kind, List<String> ids) {
        var groups = new ArrayList<>(CELL);
        groups.add(kind.member());
        return new ReportQuery("/v1/organizations/usage_report/messages", day, groups, kind.filter(), ids);
    }

    /** The cost of the whole organization. */
    static ReportQuery cost(LocalDate day) {
        var groups = List.of("workspace_id", "description");
        return new ReportQuery("/v1/organizations/cost_report", day, groups, "", List.of());
    }

    /** @param page the token of a page; empty for the first one */
    URI url(URI base, Optional<String> page) {
        var query = new StringBuilder("starting_at=" + day + "T00%3A00%3A00Z&ending_at=" + day.plusDays(1)
                + "T00%3A00%3A00Z&bucket_width=1d&limit=1");
        groups.forEach(group -> query.append("&group_by%5B%5D=").append(group));
        ids.forEach(id -> query.append('&').append(filter).append("%5B%5D=").append(id));
        page.ifPresent(each -> query.append("&page=").append(URLEncoder.encode(each, StandardCharsets.UTF_8)));
        return URI.create(base + path + "?" + query);
    }
}
