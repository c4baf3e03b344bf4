package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.page.OwnPage;
import dev.warder.admin.page.Page;
import dev.warder.http.ErrorReply;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The page {@code /me} of a client. Thread-safe; no method waits. */
final class OwnPages {
    private OwnPages() {}

    /** A form of the page, also that of a caller that signs in. */
    static CompletionStage<AdminReply> form(AdminRequest request) {
        if (request.content().form().isEmpty()) {
            return request.refused(ErrorReply.tooLarge("The form is too large or malformed."));
        }
        if (!request.head().ownPage()) {
            return foreign(request);
        }
        String action = request.form().value(OwnPage.ACTION);
        if (action.equals(OwnPage.SIGN_IN)) {
            return signIn(request, request.form().value(OwnPage.TOKEN).strip()).now();
        }
        if (request.caller() instanceof Caller.Stranger stranger) {
            return request.refused(stranger.reply());
        }
        var own = (Caller.Own) request.caller();
        if (!AdminAuth.isProven(request, own.formToken())) {
            return foreign(request);
        }
        return action.equals(OwnPage.SIGN_OUT)
                ? back().with(new OwnSession(request.context()).signOut(request.cookies(), own))
                        .now()
                : show(request);
    }

    private static CompletionStage<AdminReply> foreign(AdminRequest request) {
        return request.refused(
                ErrorReply.forbidden("This form does not come from a page that was loaded since you signed in."));
    }

    private static AdminReply signIn(AdminRequest request, String token) {
        var sessions = new OwnSession(request.context());
        var refusal = sessions.refusal(token, request.call(), request.head().from());
        return refusal.isPresent()
                ? request.refusal(refusal.get())
                : back().with(sessions.cookie(request.cookies(), token));
    }

    private static AdminReply back() {
        return AdminReply.seeOther(OwnPage.REFERENCE);
    }

    static CompletionStage<AdminReply> show(AdminRequest request) {
        var own = (Caller.Own) request.caller();
        return request.context()
                .account
                .ownUsage()
                .map(usage -> usage.of(own.client().name()).handle((found, failed) -> Optional.ofNullable(found)))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()))
                .thenApply(
                        used -> AdminReply.page(200, Page.fields(), OwnPage.of(own.client(), used, own.formToken())));
    }
}
