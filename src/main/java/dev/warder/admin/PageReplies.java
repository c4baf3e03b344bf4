package dev.warder.admin;

import dev.warder.admin.AdminActions.Notes;
import dev.warder.admin.AdminHandler.Actors;
import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.page.DashboardPage;
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
    static boolean serves(String path) {
        return PageTarget.of(path, "").isPresent();
    }

    private static Optional<PageTarget> target(AdminRequest request, Optional<Form> query) {
        String name = query.map(each -> each.value(PageTarget.NAME)).orElse("");
        return PageTarget.of(request.call().target().path(), name);
    }

    CompletionStage<AdminReply> reply(AdminRequest request, Form form) {
        var query = Form.parse(request.call().target().query().orElse(""));
        var target = target(request, query);
        if (query.isEmpty() || target.isEmpty()) {
            return now(request.refusal(
                    ErrorReply.invalidRequest("The query has a malformed escape, or a parameter twice.")));
        }
        boolean isForm = request.call().method().equals("POST");
        if (isForm && !target.get().hasForms()) {
            return now(request.refusal(ErrorReply.methodNotAllowed(target.get().methods())));
        }
        var page = new PageRequest(
                target.get(),
                request.up(),
                query.get(),
                isForm ? Optional.of(form) : Optional.empty(),
                Actors.of(request, Optional.empty()),
                request.caller() instanceof Caller.Session session ? session.formToken() : "",
                notes.of(request));
        return pages.map(each -> each.reply(page))
                .orElseGet(() -> CompletableFuture.completedFuture(PrincipalPages.withoutDatabase(page)))
                .thenApply(reply -> reply(request, reply));
    }

    private AdminReply reply(AdminRequest request, PageReply reply) {
        if (reply instanceof PageReply.Shown shown) {
            return Notes.shown(request, AdminReply.page(shown.status(), DashboardPage.fields(), shown.html()));
        }
        if (reply instanceof PageReply.Done done) {
            return AdminReply.seeOther(request.up() + done.reference()).with(notes.cookie(request, done.note()));
        }
        return request.refusal(((PageReply.Refused) reply).reply());
    }

    private static CompletionStage<AdminReply> now(AdminReply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
