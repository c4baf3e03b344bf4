package dev.warder.adminapi;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;
import java.util.Optional;

/**
 * A page of a report. Immutable.
 *
 * @param hasMore whether there are other buckets
 * @param nextPage the value of {@code page} that has them; empty for the last page
 * @param <T> the buckets
 */
@JsonbPropertyOrder({"data", "hasMore", "nextPage"})
record ReportDocument<T>(
        List<T> data,
        @JsonbProperty("has_more") boolean hasMore,
        @JsonbProperty(value = "next_page", nillable = true) Optional<String> nextPage) {
    ReportDocument {
        data = List.copyOf(data);
    }

    static <T> ReportDocument<T> of(List<T> data, Optional<String> nextPage) {
        return new ReportDocument<>(data, nextPage.isPresent(), nextPage);
    }
}
