package dev.warder.admin;

import dev.warder.admin.AdminHandler.Actors;
import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.page.AuditExport;
import dev.warder.auth.AdministratorTokens;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import dev.warder.http.SmallBodies;
import dev.warder.principal.ApiReply;
import dev.warder.principal.ApiRequest;
import dev.warder.principal.ApiTarget;
import dev.warder.principal.PrincipalApi;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The resources of the policy below {@code /admin/api}, with refusals in the order 401, 405, 403, 413. Thread-safe.
 *
 * @param api empty without a database
 */
record ApiReplies(Optional<PrincipalApi> api) {
    private static final int LONGEST_OBJECT = 64 * 1024;

    private static final int LONGEST_FILES = 12 << 20;

    CompletionStage<AdminReply> reply(AdminRequest request, ApiTarget target, Optional<String> body) {
        var fields = request.fields();
        if (request.caller() instanceof Caller.Stranger stranger) {
            return stranger.due().thenApply(due -> request.error(stranger.reply()));
        }
        var query = request.query();
        var refusal = refusalOfHead(request, target).or(() -> refusal(query, body));
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(request.error(refusal.get()));
        }
        if (isExport(target, request)) {
            return export(request, new AuditExport(api.orElseThrow()));
        }
        var asked = new ApiRequest(
                request.call().method(),
                target,
                query.orElseThrow(),
                body.orElseThrow(),
                new ApiRequest.Conditions(fields.ifMatch(), fields.idempotencyKey()),
                request.token(),
                Actors.of(request, fields.administrator()));
        return api.orElseThrow().reply(asked).thenApply(reply -> reply(request, reply));
    }

    /** The bytes of the longest body that is kept; 0 where the request is refused for what comes before. */
    int longestBody(AdminRequest request, ApiTarget target) {
        if (!request.isAdmitted() || refusalOfHead(request, target).isPresent()) {
            return 0;
        }
        return target instanceof ApiTarget.Import ? LONGEST_FILES : LONGEST_OBJECT;
    }

    static SmallBodies.Caller bodyCaller(AdminRequest request) {
        if (request.caller() instanceof Caller.Token token) {
            return SmallBodies.Caller.administrator(token.client().name());
        }
        return request.isAdmitted() ? SmallBodies.Caller.ADMINISTRATORS : SmallBodies.Caller.STRANGERS;
    }

    private Optional<ErrorReply> refusalOfHead(AdminRequest request, ApiTarget target) {
        if (!target.methods().contains(request.call().method())) {
            return Optional.of(ErrorReply.methodNotAllowed(target.methods()));
        }
        boolean changes = !request.call().method().equals("GET");
        if (request.caller() instanceof Caller.Token token) {
            var lacking = AdministratorTokens.refusalOf(token.client(), changes);
            if (lacking.isPresent()) {
                return lacking;
            }
        }
        if (changes && request.caller() instanceof Caller.Session) {
            // A browser sends its cookie by itself, also for a page of another site.
            return Optional.of(ErrorReply.forbidden("Changes need a bearer token; a browser uses the pages."));
        }
        return api.isPresent()
                ? Optional.empty()
                : Optional.of(ErrorReply.notFound(
                        "There is no database: bind jdbc/warder, or with java -jar set data.dir or database.url."));
    }

    private static Optional<ErrorReply> refusal(Optional<Form> query, Optional<String> body) {
        if (query.isEmpty()) {
            return Optional.of(ErrorReply.invalidRequest("The query has a malformed escape, or a parameter twice."));
        }
        return body.isPresent() ? Optional.empty() : Optional.of(ErrorReply.tooLarge("The body is too large."));
    }

    private static AdminReply reply(AdminRequest request, ApiReply reply) {
        if (reply.refusal().isPresent()) {
            return request.error(reply.refusal().get());
        }
        var json = new AdminReply(reply.status(), "application/json", List.of(), reply.body());
        return reply.revision().isPresent()
                ? json.with(new Field("ETag", "\"" + reply.revision().getAsLong() + "\""))
                : json;
    }

    private static CompletionStage<AdminReply> export(AdminRequest request, AuditExport export) {
        return export.next().thenApply(text -> export.refusal()
                .map(request::error)
                .orElseGet(() -> new AdminReply(
                        200,
                        "text/csv;charset=utf-8",
                        List.of(AdminReply.attachment("warder-audit.csv")),
                        text,
                        Optional.of(export::next))));
    }

    static boolean isExport(ApiTarget target, AdminRequest request) {
        return target instanceof ApiTarget.Audit
                && request.query()
                        .filter(query -> query.value("format").equals("csv"))
                        .isPresent();
    }
}
