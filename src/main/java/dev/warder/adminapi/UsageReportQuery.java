package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.ledger.store.Dimension;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of {@code GET /v1/organizations/usage_report/messages} (page "Get Messages Usage Report" of Anthropic's API,
 * {@code beta.organization.usage_report.retrieve_messages}). Accounts are refused: the callers of this gateway have none.
 */
public final class UsageReportQuery {
    private static final Map<String, Dimension> GROUPS = Map.of(
            "api_key_id", Dimension.CLIENT,
            "workspace_id", Dimension.TEAM,
            "model", Dimension.MODEL,
            "service_tier", Dimension.TIER,
            "context_window", Dimension.PROMPT,
            "inference_geo", Dimension.GEO,
            "speed", Dimension.SPEED);

    private static final Map<String, Dimension> NAMES = Map.of(
            "api_key_ids", Dimension.CLIENT,
            "workspace_ids", Dimension.TEAM,
            "models", Dimension.MODEL);

    private static final Set<String> TIERS =
            Set.of("standard", "batch", "priority", "priority_on_demand", "flex", "flex_discount");

    private static final Set<String> SPEEDS = Set.of("standard", "fast");

    private static final String PARAMETERS =
            "The parameters are starting_at, ending_at, bucket_width, limit, page, group_by[], api_key_ids[],"
                    + " workspace_ids[], models[], service_tiers[], context_window[], inference_geos[] and speeds[];"
                    + " the query has another one.";

    private UsageReportQuery() {}

    /**
     * Reads a query.
     *
     * @param text as received, without the question mark
     * @throws InvalidValueException with the reason, for the caller
     */
    public static ReportQuery parse(String text) throws InvalidValueException {
        var reader = new ReportQueryReader("usage");
        QueryPairs.read(text, (name, value) -> {
            if (!reader.read(name, value)) {
                read(reader, name, value);
            }
        });
        return reader.query();
    }

    private static void read(ReportQueryReader reader, String name, String value) throws InvalidValueException {
        switch (name) {
            case "bucket_width" ->
                reader.width(BucketWidth.named(value)
                        .orElseThrow(() -> new InvalidValueException("bucket_width: must be 1m, 1h or 1d")));
            case "group_by" -> reader.groupBy(Set.of(group(value)));
            case "api_key_ids", "workspace_ids", "models" -> names(reader, name, value);
            case "service_tiers" -> {
                one(name, value, TIERS);
                reader.only(name, Dimension.TIER, value);
            }
            case "speeds" -> {
                one(name, value, SPEEDS);
                reader.only(name, Dimension.SPEED, value);
            }
            case "context_window" -> reader.only(name, Dimension.PROMPT, prompt(name, value));
            case "inference_geos" -> {
                one(name, value, ReportWords.GEOS);
                reader.only(name, Dimension.GEO, ReportWords.geoOfWord(value));
            }
            case "account_ids", "service_account_ids" ->
                throw new InvalidValueException(
                        name + ": this gateway has no accounts; clients are selected by api_key_ids[]");
            default -> throw new InvalidValueException(PARAMETERS);
        }
    }

    private static void names(ReportQueryReader reader, String name, String value) throws InvalidValueException {
        var dimension = NAMES.get(name);
        if (dimension == null || value.isEmpty()) {
            throw new InvalidValueException(name + ": must not be empty");
        }
        reader.only(name, dimension, value);
    }

    private static Dimension group(String value) throws InvalidValueException {
        var dimension = GROUPS.get(value);
        if (dimension == null) {
            throw new InvalidValueException("group_by: must be api_key_id, workspace_id, model, service_tier,"
                    + " context_window, inference_geo or speed");
        }
        return dimension;
    }

    private static String prompt(String name, String value) throws InvalidValueException {
        one(name, value, ReportWords.WINDOWS);
        return ReportWords.promptOfWindow(value);
    }

    private static void one(String name, String value, Set<String> words) throws InvalidValueException {
        if (!words.contains(value)) {
            throw new InvalidValueException(name + ": must be one of "
                    + String.join(", ", words.stream().sorted().toList()));
        }
    }
}
