package dev.warder.admin;

import dev.warder.admin.OwnSession.SignedIn;
import dev.warder.admin.page.OwnPage;
import dev.warder.admin.page.Page;
import dev.warder.adminapi.OwnUsage;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import dev.warder.http.SmallBodies;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The responses of {@code /me}. Immutable; no method waits.
 *
 * @param usage empty without a database
 * @param from the address of the caller
 * @param ownPage whether no header field shows that another site's page sent the request
 */
record OwnPageReplies(
        OwnSession sessions, Optional<OwnUsage> usage, Call call, AdminCookies cookies, String from, boolean ownPage) {
    /** Whose share of the memory for bodies is used. */
    SmallBodies.Caller bodyCaller() {
        return sessions.of(cookies, call, from)
                .session()
                .map(session -> SmallBodies.Caller.client(session.client().name()))
                .orElse(SmallBodies.Caller.STRANGERS);
    }

    /** @param form the content of the body; empty if it cannot be read */
    CompletionStage<AdminReply> reply(Optional<Form> form) {
        boolean isForm = call.method().equals("POST");
        if (isForm && form.isEmpty()) {
            return now(page(ErrorReply.tooLarge("The form is too large or malformed.")));
        }
        if (isForm && !ownPage) {
            return now(page(foreign()));
        }
        String action = form.filter(any -> isForm)
                .map(fields -> fields.value(OwnPage.ACTION))
                .orElse("");
        if (action.equals(OwnPage.SIGN_IN)) {
            return now(signIn(form.orElseThrow().value(OwnPage.TOKEN).strip()));
        }
        var found = sessions.of(cookies, call, from);
        if (found.refusal().isPresent()) {
            return now(page(found.refusal().get()));
        }
        var session = found.session();
        if (!isForm) {
            return show(session.get());
        }
        if (!Seal.same(session.get().formToken(), form.orElseThrow().value(OwnPage.FORM_TOKEN))) {
            return now(page(foreign()));
        }
        return action.equals(OwnPage.SIGN_OUT)
                ? now(back().with(sessions.signOut(cookies, session.get())))
                : show(session.get());
    }

    private AdminReply signIn(String token) {
        var refusal = sessions.refusal(token, call, from);
        return refusal.isPresent() ? page(refusal.get()) : back().with(sessions.cookie(cookies, token));
    }

    private CompletionStage<AdminReply> show(SignedIn session) {
        return usage.map(each -> each.of(session.client().name()).handle((found, failed) -> Optional.ofNullable(found)))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()))
                .thenApply(used -> html(200, List.of(), OwnPage.of(session.client(), used, session.formToken())));
    }

    private AdminReply page(ErrorReply refusal) {
        return html(refusal.status(), refusal.fields(), OwnPage.signIn(refusal.message()));
    }

    private static AdminReply html(int status, List<Field> more, String html) {
        var fields = new ArrayList<>(more);
        fields.addAll(Page.fields());
        return AdminReply.page(status, fields, html);
    }

    private static AdminReply back() {
        return AdminReply.seeOther(OwnPage.REFERENCE);
    }

    private static ErrorReply foreign() {
        return ErrorReply.forbidden("This form does not come from a page that was loaded since you signed in.");
    }

    private static CompletionStage<AdminReply> now(AdminReply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
