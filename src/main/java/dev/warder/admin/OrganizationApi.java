package dev.warder.admin;

import dev.warder.adminapi.Administration;
import dev.warder.adminapi.RefusedChangeException;
import dev.warder.adminapi.Reports;
import dev.warder.adminapi.SpendLimitResource;
import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.PageDocument;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import dev.warder.ledger.Ledger;
import dev.warder.quota.BudgetRefusal;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Documents in the shape of Anthropic's Admin API, below {@code /v1/organizations}: reports, limits of spending and rate limits.
 * Thread-safe.
 */
final class OrganizationApi {
    private OrganizationApi() {}

    /** A report. */
    @FunctionalInterface
    interface Report {
        /**
         * Reads it.
         *
         * @param query as received, without the question mark
         * @param wanted whether its caller still waits
         * @return empty without a ledger
         */
        Optional<String> read(Reports reports, String query, BooleanSupplier wanted)
                throws InvalidValueException, SQLException;
    }

    static Endpoint.Work report(Report report) {
        return request -> {
            var reports = request.context().account.reports();
            BooleanSupplier wanted = () -> !request.record().hasEnded();
            return page(request, Reports::failure, () -> request.threads()
                    .export(() -> reply(
                            request,
                            report.read(reports, query(request), wanted),
                            ErrorReply.notFound(Ledger.MISSING))));
        };
    }

    /** The limits that count for each client, and what is spent. */
    static CompletionStage<AdminReply> effectiveLimits(AdminRequest request) {
        var limits = request.context().account.limits();
        return page(request, away -> BudgetRefusal.storeAway(), () -> request.threads()
                .query(() -> reply(request, limits.page(query(request)))));
    }

    /** Reads a page that may need much memory until its caller has it, unless there are too many. */
    private static CompletionStage<AdminReply> page(
            AdminRequest request,
            Function<SQLException, ErrorReply> failure,
            Supplier<CompletionStage<AdminReply>> reading) {
        var threads = request.threads();
        if (!threads.enter()) {
            return request.refused(
                    ErrorReply.rateLimited("Too many pages are read at the same time. Try again soon.", 1));
        }
        request.record().atEnd(threads::leave);
        return Failures.orAway(request, reading.get(), failure);
    }

    static CompletionStage<AdminReply> rateLimits(AdminRequest request) throws InvalidValueException {
        var limits = request.context().account.rateLimits().organization(query(request));
        return reply(request, limits, ErrorReply.modelNotFound("The model has no rate limits."))
                .now();
    }

    static CompletionStage<AdminReply> rateLimitsOfTeam(AdminRequest request) throws InvalidValueException {
        var limits = request.context().account.rateLimits().team(request.variable(), query(request));
        var none = ErrorReply.notFound("There is no workspace of this name; workspaces are the teams of the policy.");
        return reply(request, limits, none).now();
    }

    static AdminReply limits(Administration administration, AdminRequest request)
            throws InvalidValueException, SQLException {
        return reply(request, SpendLimitResource.list(administration.view(), query(request)));
    }

    static AdminReply setLimit(Administration administration, AdminRequest request)
            throws InvalidValueException, RefusedChangeException, SQLException {
        var body = PolicyApi.object(request);
        var limit = SpendLimitResource.set(administration, body, PolicyApi.change(request));
        return limit(request, Optional.of(limit));
    }

    static AdminReply audit(Administration administration, AdminRequest request)
            throws InvalidValueException, SQLException {
        return reply(request, SpendLimitResource.audit(administration, query(request)));
    }

    static AdminReply limit(Administration administration, AdminRequest request) throws SQLException {
        return limit(request, SpendLimitResource.find(administration.view(), request.variable()));
    }

    static AdminReply removeLimit(Administration administration, AdminRequest request)
            throws InvalidValueException, RefusedChangeException, SQLException {
        String id = request.variable();
        boolean isRemoved = SpendLimitResource.remove(administration, id, PolicyApi.change(request));
        var removed = JsonTree.typed("spend_limit_deleted").add("id", id).build();
        return limit(request, isRemoved ? Optional.of(removed) : Optional.empty());
    }

    private static AdminReply limit(AdminRequest request, Optional<JsonObject> limit) {
        return reply(
                request, limit.map(JsonObject::toString), ErrorReply.notFound("There is no spend limit of this id."));
    }

    private static String query(AdminRequest request) {
        return request.call().target().query().orElse("");
    }

    private static AdminReply reply(AdminRequest request, PageDocument<JsonObject> page) {
        return reply(request, Optional.of(JsonDocuments.text(page)), ErrorReply.notFound());
    }

    private static AdminReply reply(AdminRequest request, Optional<String> document, ErrorReply none) {
        return document.map(text -> AdminReply.json(200, text)
                        .with(new Field("request-id", request.call().id())))
                .orElseGet(() -> request.error(none));
    }
}
