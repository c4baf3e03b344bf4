package dev.warder.admin;

import dev.warder.admin.AdminActions.Notes;
import dev.warder.admin.AdminHandler.Actors;
import dev.warder.admin.page.PageReply;
import dev.warder.admin.page.PageRequest;
import dev.warder.admin.page.PageTarget;
import dev.warder.admin.page.PrincipalPages;
import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The pages of clients, teams, tokens, limits and the audit, with their forms. Thread-safe.
 *
 * @param pages empty without a database
 */
record PageReplies(Optional<PrincipalPages> pages, Notes notes) {
    /** @param found the page of the path alone */
    CompletionStage<AdminReply> reply(AdminRequest request, PageTarget found, Form form) {
        var query = request.query();
        if (query.isEmpty()) {
            return request.refused(
                    ErrorReply.invalidRequest("The query has a malformed escape, or a parameter twice."));
        }
        var target = found.named(query.get().value(PageTarget.NAME));
        boolean isForm = request.call().method().equals("POST");
        if (isForm && !target.methods().contains("POST")) {
            return request.refused(ErrorReply.methodNotAllowed(target.methods()));
        }
        var page = new PageRequest(
                target,
                request.up(),
                query.get(),
                isForm ? Optional.of(form) : Optional.empty(),
                Actors.of(request, Optional.empty()),
                request.formToken(),
                notes.of(request));
        return pages.map(each -> each.reply(page))
                .orElseGet(() -> CompletableFuture.completedFuture(PrincipalPages.withoutDatabase(page)))
                .thenApply(reply -> reply(request, reply));
    }

    private AdminReply reply(AdminRequest request, PageReply reply) {
        if (reply instanceof PageReply.Shown shown) {
            return Notes.shown(request, AdminReply.page(shown.status(), shown.html()));
        }
        if (reply instanceof PageReply.Done done) {
            return AdminReply.seeOther(request.up() + done.reference()).with(notes.cookie(request, done.note()));
        }
        return request.refusal(((PageReply.Refused) reply).reply());
    }
}
