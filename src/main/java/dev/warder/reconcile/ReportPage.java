package dev.warder.reconcile;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A page of a report. Immutable.
 *
 * @param results of one day
 * @param next the token of the next page; empty after the last one
 */
record ReportPage(List<JsonObject> results, Optional<String> next) {
    private static final int CENT_DIGITS = 7;
    private static final int LONGEST_AMOUNT = 40;

    /** Reads a page; members that a report has added are ignored. */
    static ReportPage parse(String text, LocalDate day) throws ReportException {
        var page = JsonTree.parseObject(text).orElseThrow(() -> new ReportException("a page is not a JSON object"));
        if (!page.containsKey("data") || !page.containsKey("has_more")) {
            throw new ReportException("a page has no data or no has_more");
        }
        var results = new ArrayList<JsonObject>();
        for (var bucket : JsonTree.array(page, "data")) {
            if (bucket instanceof JsonObject object
                    && JsonTree.text(object, "starting_at").startsWith(day.toString())) {
                JsonTree.array(object, "results").stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .forEach(results::add);
            }
        }
        var next = JsonTree.findText(page, "next_page").filter(Predicate.not(String::isEmpty));
        boolean more = page.getBoolean("has_more", false);
        if (more && next.isEmpty()) {
            throw new ReportException("a page has more after it and no next_page");
        }
        return new ReportPage(List.copyOf(results), more ? next : Optional.empty());
    }

    static CostShares.Cell cell(JsonObject result) {
        return new CostShares.Cell(
                JsonTree.text(result, "workspace_id"),
                JsonTree.text(result, "model"),
                JsonTree.text(result, "service_tier"),
                JsonTree.text(result, "context_window"),
                JsonTree.text(result, "inference_geo"));
    }

    /** A result of the usage report, which has no cost. */
    static Side usage(JsonObject result) throws ReportException {
        var writes = JsonTree.object(result, "cache_creation");
        return new Side(
                0,
                required(result, "uncached_input_tokens"),
                required(writes, "ephemeral_5m_input_tokens"),
                required(writes, "ephemeral_1h_input_tokens"),
                required(result, "cache_read_input_tokens"),
                required(result, "output_tokens"),
                JsonTree.count(JsonTree.object(result, "server_tool_use"), "web_search_requests", 0));
    }

    /** A number that is missing would pass for 0, and all that was used for a difference. */
    private static long required(JsonObject object, String name) throws ReportException {
        long count = JsonTree.count(object, name, -1);
        if (count < 0) {
            throw new ReportException("a result of the usage report has no number " + name);
        }
        return count;
    }

    /** A result of the cost report: its amount is cents with any number of digits. */
    static CostShares.Line costLine(JsonObject result) throws ReportException {
        if (!JsonTree.text(result, "currency").equals("USD")) {
            throw new ReportException("an amount of the cost report is not in USD");
        }
        String type = JsonTree.text(result, "cost_type");
        String kind = JsonTree.text(result, "token_type");
        return new CostShares.Line(cell(result), type, kind, nanos(JsonTree.text(result, "amount")));
    }

    private static BigDecimal nanos(String cents) throws ReportException {
        if (cents.length() > LONGEST_AMOUNT || !cents.matches("-?[0-9]+(\\.[0-9]+)?")) {
            throw new ReportException("an amount of the cost report is not a decimal number");
        }
        return new BigDecimal(cents).movePointRight(CENT_DIGITS);
    }
}
