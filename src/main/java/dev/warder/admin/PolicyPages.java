package dev.warder.admin;

import dev.warder.admin.AdminActions.Notes;
import dev.warder.admin.page.AuditVerification;
import dev.warder.admin.page.AuditVerification.Outcome;
import dev.warder.admin.page.PageReply;
import dev.warder.admin.page.PageRequest;
import dev.warder.admin.page.PageTarget;
import dev.warder.admin.page.PrincipalPages;
import dev.warder.http.ErrorReply;
import dev.warder.principal.Administration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/** The pages of clients, teams, tokens, limits and the audit, with their forms. Thread-safe. */
final class PolicyPages {
    private PolicyPages() {}

    /** @param target makes the page of the name in the path */
    static Endpoint.Work of(Function<String, PageTarget> target) {
        return request -> {
            var query = request.parameters();
            var page = target.apply(request.variable()).named(query.value(PageTarget.NAME));
            boolean isForm = request.changes();
            if (isForm && page instanceof PageTarget.Objects) {
                return request.refused(ErrorReply.methodNotAllowed(List.of("GET", "HEAD")));
            }
            var asked = new PageRequest(
                    page,
                    request.up(),
                    query,
                    isForm ? Optional.of(request.form()) : Optional.empty(),
                    request.actor(),
                    request.formToken(),
                    Notes.of(request));
            var administration = request.context().find(Administration.class);
            return administration.isEmpty()
                    ? reply(request, PrincipalPages.withoutDatabase(asked)).now()
                    : reply(request, asked, administration.get());
        };
    }

    private static CompletionStage<AdminReply> reply(
            AdminRequest request, PageRequest asked, Administration administration) {
        var threads = request.threads();
        var pages = new PrincipalPages(administration, request.context().clock());
        CompletableFuture<Optional<Outcome>> verified = CompletableFuture.completedFuture(Optional.empty());
        if (asked.target() instanceof PageTarget.Audit && asked.form().isPresent()) {
            var verification =
                    new AuditVerification(administration, asked.form().get(), System::nanoTime);
            verified = verified(threads, verification).thenApply(Optional::of);
        }
        return verified.thenCompose(outcome -> threads.query(() -> pages.reply(asked, outcome)))
                .exceptionally(fault -> PrincipalPages.failed(
                        asked,
                        Failures.refusal(fault).orElseThrow(() -> new CompletionException(Failures.cause(fault)))))
                .thenApply(found -> reply(request, found));
    }

    /** Each piece is a task of its own, so that those of others have their turn between two of them. */
    private static CompletableFuture<Outcome> verified(AdminThreads.Share threads, AuditVerification verification) {
        return threads.export(verification::next)
                .exceptionally(fault -> {
                    var found = verification.soFar();
                    if (found.isEmpty() || !(Failures.cause(fault) instanceof RejectedExecutionException)) {
                        throw new CompletionException(Failures.cause(fault));
                    }
                    return found;
                })
                .thenCompose(outcome -> outcome.map(CompletableFuture::completedFuture)
                        .orElseGet(() -> verified(threads, verification)));
    }

    private static AdminReply reply(AdminRequest request, PageReply reply) {
        if (reply instanceof PageReply.Shown shown) {
            return Notes.shown(request, AdminReply.page(shown.status(), shown.html()));
        }
        if (reply instanceof PageReply.Done done) {
            return AdminReply.seeOther(request.up() + done.reference()).with(Notes.cookie(request, done.note()));
        }
        return request.refusal(((PageReply.Refused) reply).reply());
    }
}
