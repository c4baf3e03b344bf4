package dev.warder.http;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;
import java.util.Optional;

/**
 * A page of a list. Immutable.
 *
 * @param nextPage the value of {@code page} that has the next items; empty for the last page
 * @param <T> the items: documents of fixed shape
 */
@JsonbPropertyOrder({"data", "nextPage"})
public record PageDocument<T>(
        List<T> data, @JsonbProperty(value = "next_page", nillable = true) Optional<String> nextPage) {
    public PageDocument {
        data = List.copyOf(data);
    }
}
