package dev.warder.adminapi;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;
import java.util.Optional;

/**
 * The cost of a day in UTC, in the shape of {@code GET /v1/organizations/cost_report} (page "Get Cost Report" of
 * Anthropic's API, type {@code CostReport}). Immutable.
 */
@JsonbPropertyOrder({"startingAt", "endingAt", "results"})
record CostReportDocument(
        @JsonbProperty("starting_at") String startingAt,
        @JsonbProperty("ending_at") String endingAt,
        List<Result> results) {
    CostReportDocument {
        results = List.copyOf(results);
    }

    /**
     * The cost of one kind of use. Members other than the amount and the team are null if the report is not grouped by
     * description.
     *
     * @param currency always {@code USD}
     * @param amount cents, exact
     * @param team the name of the team that paid; empty if there is none, or the report is not grouped by it
     * @param type {@code tokens} or {@code web_search}
     * @param kind the kind of tokens; empty for other types
     */
    @JsonbPropertyOrder({"currency", "amount", "team", "description", "type", "window", "model", "tier", "kind", "geo"})
    record Result(
            String currency,
            String amount,
            @JsonbProperty(value = "workspace_id", nillable = true) Optional<String> team,
            @JsonbProperty(nillable = true) Optional<String> description,
            @JsonbProperty(value = "cost_type", nillable = true) Optional<String> type,
            @JsonbProperty(value = "context_window", nillable = true) Optional<String> window,
            @JsonbProperty(nillable = true) Optional<String> model,
            @JsonbProperty(value = "service_tier", nillable = true) Optional<String> tier,
            @JsonbProperty(value = "token_type", nillable = true) Optional<String> kind,
            @JsonbProperty(value = "inference_geo", nillable = true) Optional<String> geo) {}
}
