package dev.warder.adminapi;

import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;
import java.util.Optional;

/**
 * Use from one time to another, in RFC 3339, in the shape of {@code GET /v1/organizations/usage_report/messages} (page
 * "Get Messages Usage Report" of Anthropic's API, type {@code MessagesUsageReport}). Immutable.
 */
@JsonbPropertyOrder({"startingAt", "endingAt", "results"})
record UsageReportDocument(
        @JsonbProperty("starting_at") String startingAt,
        @JsonbProperty("ending_at") String endingAt,
        List<Result> results) {
    UsageReportDocument {
        results = List.copyOf(results);
    }

    /**
     * The use of a group. A member by which the report is not grouped is null.
     *
     * @param account always empty: the callers of this gateway have no accounts
     * @param serviceAccount always empty
     * @param client the name of a client
     * @param team the name of the team that paid
     * @param speed only there if the report is grouped by it
     */
    @JsonbPropertyOrder({
        "uncached",
        "writes",
        "read",
        "output",
        "tools",
        "account",
        "client",
        "serviceAccount",
        "team",
        "model",
        "tier",
        "window",
        "geo",
        "speed"
    })
    record Result(
            @JsonbProperty("uncached_input_tokens") long uncached,
            @JsonbProperty("cache_creation") Writes writes,
            @JsonbProperty("cache_read_input_tokens") long read,
            @JsonbProperty("output_tokens") long output,
            @JsonbProperty("server_tool_use") Tools tools,
            @JsonbProperty(value = "account_id", nillable = true) Optional<String> account,
            @JsonbProperty(value = "api_key_id", nillable = true) Optional<String> client,
            @JsonbProperty(value = "service_account_id", nillable = true) Optional<String> serviceAccount,
            @JsonbProperty(value = "workspace_id", nillable = true) Optional<String> team,
            @JsonbProperty(nillable = true) Optional<String> model,
            @JsonbProperty(value = "service_tier", nillable = true) Optional<String> tier,
            @JsonbProperty(value = "context_window", nillable = true) Optional<String> window,
            @JsonbProperty(value = "inference_geo", nillable = true) Optional<String> geo,
            Optional<String> speed) {}

    /** Tokens that were written to the upstream's cache. */
    @JsonbPropertyOrder({"oneHour", "fiveMinutes"})
    record Writes(
            @JsonbProperty("ephemeral_1h_input_tokens") long oneHour,
            @JsonbProperty("ephemeral_5m_input_tokens") long fiveMinutes) {}

    /** Uses of the upstream's tools. */
    record Tools(@JsonbProperty("web_search_requests") long searches) {}
}
