package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.ledger.Ledger;
import dev.warder.quota.budget.BudgetRefusal;
import dev.warder.record.RequestRecord;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

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
        /** An object of the application. */
        <T> T part(Class<T> type) {
            return Attributes.get(application, type);
        }

        void refuse(ErrorReply error) throws IOException {
            record.refuse(request, response, error);
        }

        /** A document that is known, or an error if there is none. */
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

    /** The resource of a path; empty if there is none. */
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
}
