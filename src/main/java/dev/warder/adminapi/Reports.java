package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import dev.warder.json.JsonTree;
import dev.warder.ledger.DatabaseGroups;
import dev.warder.ledger.DatabaseGroups.Dimension;
import dev.warder.ledger.DatabaseGroups.Group;
import dev.warder.usage.PriceBook;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The reports of usage and of cost, from the rows of the ledger that the operator pays for. They wait for the database. Thread-safe.
 *
 * @param ledger empty without a database
 * @param prices gives the prices by which costs are divided, and never waits
 * @param nanoTime a clock that never goes back, in nanoseconds
 */
public record Reports(
        Optional<DatabaseGroups> ledger, Supplier<PriceBook> prices, InstantSource clock, LongSupplier nanoTime) {
    /** The most groups of a page of usage; each has 0.5 KB. */
    static final int MOST_USAGE_GROUPS = 1000;

    static final int MOST_COST_GROUPS = 250;

    private static final int UNAVAILABLE = 503;
    private static final Field RETRY = new Field("retry-after", "5");

    public static ErrorReply failure(SQLException failed) {
        String message = failed instanceof SQLTimeoutException
                ? "The report takes too long. Ask for shorter buckets, or try again later."
                : "The gateway cannot read its ledger at the moment.";
        return new ErrorReply(UNAVAILABLE, ErrorType.API, message, List.of(RETRY));
    }

    /**
     * A page of usage; empty without a ledger.
     *
     * @param query as received, without the question mark
     * @param wanted whether the caller still waits
     * @throws InvalidValueException with what is wrong with the query, for the caller
     * @throws SQLException if the database cannot be read now
     */
    public Optional<String> usage(String query, BooleanSupplier wanted) throws InvalidValueException, SQLException {
        var asked = ReportQuery.ofUsage(query);
        return page(asked, MOST_USAGE_GROUPS, wanted, group -> List.of(usage(asked, group)));
    }

    /** A page of cost, as {@link #usage(String, BooleanSupplier)}. */
    public Optional<String> cost(String query, BooleanSupplier wanted) throws InvalidValueException, SQLException {
        var asked = ReportQuery.ofCost(query);
        var book = prices.get();
        return page(asked, MOST_COST_GROUPS, wanted, group -> KindCosts.results(book, asked, group));
    }

    /** @param results makes the results of a group */
    private Optional<String> page(
            ReportQuery query, int most, BooleanSupplier wanted, Function<Group, List<JsonObject>> results)
            throws SQLException {
        if (ledger.isEmpty()) {
            return Optional.empty();
        }
        var page = new BucketPage(ledger.get(), query, most, clock.instant(), nanoTime).read(wanted);
        var data = JsonTree.newArray();
        for (var bucket : page.buckets()) {
            var all = JsonTree.newArray();
            bucket.groups().forEach(group -> results.apply(group).forEach(all::add));
            data.add(JsonTree.newObject()
                    .add("starting_at", bucket.starts().toString())
                    .add("ending_at", bucket.ends().toString())
                    .add("results", all));
        }
        var next = page.next().map(query::page);
        return Optional.of(JsonTree.newObject()
                .add("data", data)
                .add("has_more", next.isPresent())
                .add("next_page", JsonTree.orNull(next))
                .build()
                .toString());
    }

    /** The shape of page "Get Messages Usage Report" of Anthropic's API, type {@code MessagesUsageReport}. */
    private static JsonObject usage(ReportQuery query, Group group) {
        var sums = group.sums();
        var writes = JsonTree.newObject()
                .add("ephemeral_1h_input_tokens", sums.write1h())
                .add("ephemeral_5m_input_tokens", sums.write5m());
        var result = JsonTree.newObject()
                .add("uncached_input_tokens", sums.input())
                .add("cache_creation", writes)
                .add("cache_read_input_tokens", sums.read())
                .add("output_tokens", sums.output())
                .add("server_tool_use", JsonTree.newObject().add("web_search_requests", sums.searches()))
                // The callers of this gateway have no accounts.
                .addNull("account_id")
                .add("api_key_id", JsonTree.orNull(query.word(group, Dimension.CLIENT)))
                .addNull("service_account_id")
                .add("workspace_id", JsonTree.orNull(query.word(group, Dimension.TEAM)))
                .add("model", JsonTree.orNull(query.word(group, Dimension.MODEL)))
                .add("service_tier", JsonTree.orNull(query.word(group, Dimension.TIER)))
                .add("context_window", JsonTree.orNull(query.word(group, Dimension.PROMPT)))
                .add("inference_geo", JsonTree.orNull(query.word(group, Dimension.GEO)));
        query.word(group, Dimension.SPEED).ifPresent(speed -> result.add("speed", speed));
        return result.build();
    }
}
