package dev.warder.adminapi;

import dev.warder.adminapi.PolicyRequest.DocumentReply;
import dev.warder.adminapi.ReportQueryReader.BucketWidth;
import dev.warder.config.InvalidValueException;
import dev.warder.http.AsyncOutcome;
import dev.warder.http.AsyncReply;
import dev.warder.http.AsyncResponse;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.store.Dimension;
import dev.warder.quota.budget.BudgetRefusal;
import dev.warder.record.RequestRecord;
import dev.warder.usage.DocumentReads;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service for administrators under one path. Thread-safe. */
@FunctionalInterface
interface Resource {
    /**
     * Begins the response to a request, inside {@code doFilter}.
     *
     * @param query as received, without the question mark; may be empty
     * @throws InvalidValueException with what is wrong with the query, for the caller
     */
    void get(Exchange exchange, String query) throws IOException, InvalidValueException;

    /** A request with its response. */
    record Exchange(
            ServletContext application,
            RequestRecord record,
            HttpServletRequest request,
            HttpServletResponse response) {
        <T> T part(Class<T> type) {
            return Attributes.get(application, type);
        }

        void refuse(ErrorReply error) throws IOException {
            record.refuse(request, response, error);
        }

        private void send(Optional<? extends Record> document, ErrorReply none) throws IOException {
            if (document.isEmpty()) {
                refuse(none);
            } else {
                var found = CompletableFuture.completedFuture((Record) document.get());
                PageRequest.begin(
                        part(Reports.class).reads(), () -> found, Reports::failure, record, request, response);
            }
        }
    }

    static Optional<Resource> at(String path) {
        var fixed = Optional.ofNullable(Table.PATHS.get(path));
        return fixed.isPresent() ? fixed : Table.ofTeam(path);
    }

    /** All paths. */
    final class Table {
        private static final String ROOT = "/v1/organizations/";

        private static final Map<String, Resource> PATHS = Map.of(
                ROOT + "spend_limits/effective", Table::spendLimits,
                ROOT + "usage_report/messages", Table::usage,
                ROOT + "cost_report", Table::cost,
                ROOT + "rate_limits", Table::rateLimits);

        private static final Pattern TEAM = Pattern.compile(ROOT + "workspaces/([^/]+)/rate_limits");

        private Table() {}

        private static Optional<Resource> ofTeam(String path) {
            var team = TEAM.matcher(path);
            if (!team.matches()) {
                return Optional.empty();
            }
            String name = URLDecoder.decode(team.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            return Optional.of((exchange, query) -> exchange.send(
                    exchange.part(RateLimitLists.class).team(name, RateLimitQuery.ofTeam(query)),
                    ErrorReply.notFound(
                            "There is no workspace of this name; workspaces are the teams of the policy.")));
        }

        private static void rateLimits(Exchange exchange, String query) throws IOException, InvalidValueException {
            exchange.send(
                    exchange.part(RateLimitLists.class).organization(RateLimitQuery.ofOrganization(query)),
                    ErrorReply.modelNotFound("The model has no rate limits."));
        }

        private static void spendLimits(Exchange exchange, String text) throws IOException, InvalidValueException {
            var query = SpendLimitQuery.parse(text);
            var limits = exchange.part(SpendLimits.class);
            PageRequest.begin(
                    limits.reads(),
                    () -> limits.page(query),
                    failed -> BudgetRefusal.storeAway(),
                    exchange.record(),
                    exchange.request(),
                    exchange.response());
        }

        private static void usage(Exchange exchange, String text) throws IOException, InvalidValueException {
            var query = UsageReportQuery.parse(text);
            var reports = exchange.part(Reports.class);
            if (!reports.hasLedger()) {
                exchange.refuse(ErrorReply.notFound(Ledger.MISSING));
                return;
            }
            PageRequest.begin(
                    reports.reads(),
                    () -> reports.usage(query),
                    Reports::failure,
                    exchange.record(),
                    exchange.request(),
                    exchange.response());
        }

        private static void cost(Exchange exchange, String text) throws IOException, InvalidValueException {
            var query = CostReportQuery.parse(text);
            var reports = exchange.part(Reports.class);
            if (!reports.hasLedger()) {
                exchange.refuse(ErrorReply.notFound(Ledger.MISSING));
                return;
            }
            PageRequest.begin(
                    reports.reads(),
                    () -> reports.cost(query),
                    Reports::failure,
                    exchange.record(),
                    exchange.request(),
                    exchange.response());
        }
    }

    /**
     * The parameters of {@code GET /v1/organizations/cost_report} (page "Get Cost Report" of Anthropic's API, {@code
     * beta.organization.cost_report.retrieve}).
     */
    final class CostReportQuery {
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
            var reader = new ReportQueryReader("cost");
            QueryPairs.read(text, (name, value) -> {
                if (!reader.read(name, value)) {
                    read(reader, name, value);
                }
            });
            return reader.query();
        }

        private static void read(ReportQueryReader reader, String name, String value) throws InvalidValueException {
            switch (name) {
                case "bucket_width" -> {
                    if (!value.equals(BucketWidth.DAY.word())) {
                        throw new InvalidValueException("bucket_width: must be 1d");
                    }
                }
                case "group_by" -> reader.groupBy(group(value));
                default ->
                    throw new InvalidValueException(
                            "The parameters are starting_at, ending_at, bucket_width, limit, page"
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

    /** One request for a page, which gets its response later. Thread-safe. */
    final class PageRequest implements AsyncOutcome {
        private static final Logger LOG = LoggerFactory.getLogger(Resource.class);

        private final RequestRecord record;
        private final CompletableFuture<? extends Record> page;
        private final Function<SQLException, ErrorReply> failure;

        private PageRequest(
                RequestRecord record,
                CompletableFuture<? extends Record> page,
                Function<SQLException, ErrorReply> failure) {
            this.record = record;
            this.page = page;
            this.failure = failure;
        }

        /**
         * Begins the response, inside {@code doFilter}, and ends the record now or later.
         *
         * @param reads has the places of such pages
         * @param reading begins to read the page; it fails with an {@link SQLException} if the database cannot be read
         * @param failure the error for such a failure
         */
        static void begin(
                DocumentReads reads,
                Supplier<? extends CompletableFuture<? extends Record>> reading,
                Function<SQLException, ErrorReply> failure,
                RequestRecord record,
                HttpServletRequest request,
                HttpServletResponse response)
                throws IOException {
            if (!reads.enter()) {
                record.refuse(
                        request,
                        response,
                        ErrorReply.rateLimited("Too many pages are read at the same time. Try again soon.", 1));
                return;
            }
            record.atEnd(() -> reads.leave());
            var page = reading.get();
            // A page is not read after its request has ended.
            record.atEnd(() -> page.cancel(false));
            new PageRequest(record, page, failure).respond(request, response);
        }

        private void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
            var async = AsyncResponse.begin(request, response, record.call().id(), this);
            var unused = page.whenComplete((found, fault) -> {
                if (!page.isCancelled()) {
                    async.send(
                            fault == null ? DocumentReply.of(record, found) : DocumentReply.of(record, refusal(fault)));
                }
            });
        }

        @Override
        public Optional<AsyncReply> late() {
            return Optional.of(DocumentReply.of(record, ErrorReply.timeout("The response did not come in time.")));
        }

        @Override
        public void ended(End how) {
            record.end(how);
        }

        private ErrorReply refusal(Throwable fault) {
            if (fault instanceof SQLException failed) {
                LOG.debug("a page cannot be read (SQL state {})", failed.getSQLState());
                return failure.apply(failed);
            }
            LOG.error("request {} failed", record.call().id(), fault);
            return ErrorReply.internal();
        }
    }

    /**
     * The parameters of {@code GET /v1/organizations/usage_report/messages} (page "Get Messages Usage Report" of
     * Anthropic's API, {@code beta.organization.usage_report.retrieve_messages}). Accounts are refused: the callers of this
     * gateway have none.
     */
    final class UsageReportQuery {
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
}
