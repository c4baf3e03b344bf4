package dev.warder.adminapi;

import dev.warder.adminapi.BucketPage.Buckets;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Field;
import dev.warder.ledger.DatabaseGroups;
import dev.warder.ledger.DatabaseGroups.Group;
import dev.warder.ledger.store.Dimension;
import dev.warder.ledger.store.GroupSums;
import dev.warder.usage.DocumentReads;
import dev.warder.usage.PriceBook;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The reports of usage and of cost, from the rows of the ledger that the operator pays for. One thread reads them, so that this
 * node asks its database for at most one at a time. Thread-safe; no method waits.
 */
public final class Reports implements AutoCloseable {
    /** Pages that are read or sent at the same time: each may need 1 MB until a slow client has received it. */
    static final int MOST_OPEN = 8;

    /** The most groups of a page of usage; each has 0.5 KB. */
    static final int MOST_USAGE_GROUPS = 1000;

    static final int MOST_COST_GROUPS = 250;

    private static final int UNAVAILABLE = 503;
    private static final Field RETRY = new Field("retry-after", "5");

    private final Optional<DatabaseGroups> ledger;
    private final Supplier<PriceBook> prices;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final DocumentReads reads;

    /**
     * Creates them; nothing is read yet.
     *
     * @param ledger empty without a database
     * @param prices gives the prices by which costs are divided, and never waits
     * @param threads makes the thread
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    public Reports(
            Optional<DatabaseGroups> ledger,
            Supplier<PriceBook> prices,
            ThreadFactory threads,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.ledger = ledger;
        this.prices = prices;
        this.clock = clock;
        this.nanoTime = nanoTime;
        reads = new DocumentReads(MOST_OPEN, threads);
    }

    public DocumentReads reads() {
        return reads;
    }

    public static ErrorReply failure(SQLException failed) {
        String message = failed instanceof SQLTimeoutException
                ? "The report takes too long. Ask for shorter buckets, or try again later."
                : "The gateway cannot read its ledger at the moment.";
        return new ErrorReply(UNAVAILABLE, ErrorType.API, message, List.of(RETRY));
    }

    public boolean hasLedger() {
        return ledger.isPresent();
    }

    /** A page of usage. Fails with an {@link SQLException} if the database cannot be read now. */
    public CompletableFuture<ReportDocument<UsageReportDocument>> usage(ReportQuery query) {
        return reads.read(wanted -> {
            var buckets = buckets(query, MOST_USAGE_GROUPS, wanted);
            var data = buckets.buckets().stream()
                    .map(bucket -> new UsageReportDocument(
                            bucket.starts().toString(),
                            bucket.ends().toString(),
                            bucket.groups().stream()
                                    .map(group -> usage(query.grouping().by(), group))
                                    .toList()))
                    .toList();
            return ReportDocument.of(data, next(query, buckets));
        });
    }

    /** A page of cost. Fails with an {@link SQLException} if the database cannot be read now. */
    public CompletableFuture<ReportDocument<CostReportDocument>> cost(ReportQuery query) {
        return reads.read(wanted -> {
            var buckets = buckets(query, MOST_COST_GROUPS, wanted);
            var book = prices.get();
            var data = buckets.buckets().stream()
                    .map(bucket -> new CostReportDocument(
                            bucket.starts().toString(),
                            bucket.ends().toString(),
                            bucket.groups().stream()
                                    .flatMap(group ->
                                            CostRows.of(book, query.grouping().by(), group).stream())
                                    .toList()))
                    .toList();
            return ReportDocument.of(data, next(query, buckets));
        });
    }

    private Buckets buckets(ReportQuery query, int most, BooleanSupplier wanted) throws SQLException {
        return new BucketPage(ledger.orElseThrow(), query, most, clock.instant(), nanoTime).read(wanted);
    }

    private static Optional<String> next(ReportQuery query, Buckets buckets) {
        return buckets.next().map(position -> position.token(query.identity()));
    }

    private static UsageReportDocument.Result usage(Set<Dimension> by, Group group) {
        GroupSums sums = group.sums();
        return new UsageReportDocument.Result(
                sums.input(),
                new UsageReportDocument.Writes(sums.write1h(), sums.write5m()),
                sums.read(),
                sums.output(),
                new UsageReportDocument.Tools(sums.searches()),
                Optional.empty(),
                ReportWords.word(by, group, Dimension.CLIENT),
                Optional.empty(),
                ReportWords.word(by, group, Dimension.TEAM),
                ReportWords.word(by, group, Dimension.MODEL),
                ReportWords.word(by, group, Dimension.TIER),
                ReportWords.word(by, group, Dimension.PROMPT),
                ReportWords.word(by, group, Dimension.GEO),
                ReportWords.word(by, group, Dimension.SPEED));
    }

    /** Ends what waits. What runs goes on: an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        reads.close();
    }

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
}
