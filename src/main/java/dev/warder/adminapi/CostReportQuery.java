package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.ledger.store.Dimension;
import java.util.EnumSet;
import java.util.Set;

/**
 * The parameters of {@code GET /v1/organizations/cost_report} (page "Get Cost Report" of Anthropic's API, {@code
 * beta.organization.cost_report.retrieve}).
 */
public final class CostReportQuery {
    /** What a description consists of. */
    static final Set<Dimension> DESCRIPTION =
            EnumSet.of(Dimension.MODEL, Dimension.TIER, Dimension.SPEED, Dimension.GEO, Dimension.PROMPT);

    private CostReportQuery() {}

    /**
     * Reads a query.
     *
     * @param text as received, without the question mark
     * @throws InvalidValueException with the reason, for the caller
     */
    public static ReportQuery parse(String text) throws InvalidValueException {
        var reader = new ReportReader("cost");
        QueryPairs.read(text, (name, value) -> {
            if (!reader.read(name, value)) {
                read(reader, name, value);
            }
        });
        return reader.query();
    }

    private static void read(ReportReader reader, String name, String value) throws InvalidValueException {
        switch (name) {
            case "bucket_width" -> {
                if (!value.equals(BucketWidth.DAY.word())) {
                    throw new InvalidValueException("bucket_width: must be 1d");
                }
            }
            case "group_by" -> reader.groupBy(group(value));
            default ->
                throw new InvalidValueException("The parameters are starting_at, ending_at, bucket_width, limit, page"
                        + " and group_by[]; the query has another one.");
        }
    }

    private static Set<Dimension> group(String value) throws InvalidValueException {
        return switch (value) {
            case "workspace_id" -> Set.of(Dimension.TEAM);
            case "description" -> DESCRIPTION;
            default -> throw new InvalidValueException("group_by: must be workspace_id or description");
        };
    }
}
