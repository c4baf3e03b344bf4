package dev.warder.adminapi;

import dev.warder.auth.Client;
import dev.warder.auth.Right;
import dev.warder.config.InvalidValueException;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.http.GatewayFilter;
import dev.warder.http.Route;
import dev.warder.http.SmallBody;
import dev.warder.ledger.Ledger;
import dev.warder.principal.ApiReply;
import dev.warder.quota.budget.BudgetRefusal;
import dev.warder.record.RequestRecord;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Serves what is below {@code /v1/organizations} to callers whose access token has the right {@code admin:read}. For
 * them nothing else is below this path; requests of all other callers pass. It is a filter because the caller
 * decides, and a mapping knows only the path. Thread-safe.
 */
public final class OrganizationFilter extends GatewayFilter {
    private static final String ROOT = "/v1/organizations/";
    private static final Map<String, Page> PAGES = Map.of(
            ROOT + "spend_limits/effective",
            OrganizationFilter::spendLimits,
            ROOT + "usage_report/messages",
            (request, query) -> report(request, ReportQuery.ofUsage(query), Reports::usage),
            ROOT + "cost_report",
            (request, query) -> report(request, ReportQuery.ofCost(query), Reports::cost),
            ROOT + "rate_limits",
            OrganizationFilter::rateLimits);
    private static final Pattern TEAM = Pattern.compile(ROOT + "workspaces/([^/]+)/rate_limits");

    /** A resource that is only read. */
    @FunctionalInterface
    private interface Page {
        /**
         * Begins the response to a request, inside {@code doFilter}.
         *
         * @param query as received, without the question mark; may be empty
         * @throws InvalidValueException with what is wrong with the query, for the caller
         */
        void get(OrganizationRequest request, String query) throws IOException, InvalidValueException;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var record = Attributes.get(request, RequestRecord.class);
        boolean served = record.call().route() == Route.ORGANIZATION
                && Attributes.get(request, Client.class).has(Right.ADMIN_READ);
        if (served) {
            serve(new OrganizationRequest(record, request, response));
        } else {
            chain.doFilter(request, response);
        }
    }

    private static void serve(OrganizationRequest request) throws IOException {
        var call = request.record().call();
        String path = call.target().path();
        var limits = SpendLimitResource.at(path);
        if (limits.isPresent()) {
            request.serve(limits.get());
            return;
        }
        var page = Optional.ofNullable(PAGES.get(path)).or(() -> ofTeam(path));
        if (page.isEmpty()) {
            request.refuse(ErrorReply.notFound());
        } else if (!call.method().equals("GET")) {
            request.refuse(ErrorReply.methodNotAllowed(List.of("GET")));
        } else if (SmallBody.isSent(request.request())) {
            request.refuse(ErrorReply.invalidRequest("This request must not have a body."));
        } else {
            try {
                page.get().get(request, call.target().query().orElse(""));
            } catch (InvalidValueException refused) {
                request.refuse(ErrorReply.invalidRequest(refused.reason()));
            }
        }
    }

    private static void spendLimits(OrganizationRequest request, String text)
            throws IOException, InvalidValueException {
        var query = EffectiveLimits.Asked.parse(text);
        var limits = request.part(SpendLimits.class);
        request.page(limits.reads(), () -> limits.page(query), failed -> BudgetRefusal.storeAway());
    }

    private static void report(
            OrganizationRequest request,
            ReportQuery query,
            BiFunction<Reports, ReportQuery, CompletableFuture<ApiReply>> reading)
            throws IOException {
        var reports = request.part(Reports.class);
        if (reports.ledger().isPresent()) {
            request.page(reports.reads(), () -> reading.apply(reports, query), Reports::failure);
        } else {
            request.refuse(ErrorReply.notFound(Ledger.MISSING));
        }
    }

    private static void rateLimits(OrganizationRequest request, String query)
            throws IOException, InvalidValueException {
        send(
                request,
                request.part(RateLimitLists.class).organization(query),
                ErrorReply.modelNotFound("The model has no rate limits."));
    }

    private static Optional<Page> ofTeam(String path) {
        var team = TEAM.matcher(path);
        if (!team.matches()) {
            return Optional.empty();
        }
        String name = URLDecoder.decode(team.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
        return Optional.of((request, query) -> send(
                request,
                request.part(RateLimitLists.class).team(name, query),
                ErrorReply.notFound("There is no workspace of this name; workspaces are the teams of the policy.")));
    }

    private static void send(OrganizationRequest request, Optional<String> document, ErrorReply none)
            throws IOException {
        if (document.isEmpty()) {
            request.refuse(none);
        } else {
            var found = CompletableFuture.completedFuture(ApiReply.of(200, document.get()));
            request.page(request.part(Reports.class).reads(), () -> found, Reports::failure);
        }
    }
}
