package dev.warder.admin;

import dev.warder.admin.AdminTarget.Action;
import dev.warder.admin.Visit.Caller;
import dev.warder.http.ErrorReply;
import dev.warder.oauth.CredentialControl;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Handles a request to {@code /admin}, with refusals in the order 401, 404, 405, 403, 413.
 *
 * <p>A browser authenticates with a cookie, which it might also send for a page of another site. Three measures prevent
 * misuse of that. Each form also holds a token derived from the cookie. {@code SameSite=Strict} restricts the cookie to
 * requests from this site. The header fields that describe a form's origin are checked. A caller with the bearer token
 * needs none of these, because no browser adds one by itself. Thread-safe.
 */
final class AdminHandler {
    private final AdminAuth auth;
    private final LoginTicket ticket;
    private final ManagedCredentials credentials;
    private final AdminActions actions;

    AdminHandler(AdminAuth auth, LoginTicket ticket, ManagedCredentials credentials, AdminActions actions) {
        this.auth = auth;
        this.ticket = ticket;
        this.credentials = credentials;
        this.actions = actions;
    }

    /**
     * The response, now or later.
     *
     * @param form the content of the body; empty if it cannot be read
     */
    CompletionStage<AdminReply> reply(Visit visit, Optional<Form> form) {
        var target = AdminTarget.of(visit.call().target().path());
        var action = target.map(AdminTarget::action);
        if (action.equals(Optional.of(Action.SIGN_IN)) && visit.call().method().equals("POST")) {
            return signIn(visit, form.orElse(Form.NONE));
        }
        boolean comesBack =
                action.equals(Optional.of(Action.CALLBACK)) && begun(visit).isPresent();
        if (visit.caller() instanceof Caller.Stranger stranger && !comesBack) {
            return stranger.due().thenApply(due -> stranger(visit, stranger.reply()));
        }
        var refusal = refusal(visit, target, form);
        return refusal.isPresent() ? now(visit.refusal(refusal.get())) : act(visit, target.orElseThrow());
    }

    private CompletionStage<AdminReply> signIn(Visit visit, Form form) {
        var refusal = visit.ownPage()
                ? auth.refusal(form.value("token"), visit.from())
                : Optional.of(Caller.Stranger.now(foreign()));
        if (refusal.isEmpty()) {
            ActionLog.signedIn(visit);
            return now(AdminReply.seeOther(visit.up() + "credentials").with(auth.session(visit.cookies())));
        }
        var reply = refusal.get().reply();
        return refusal.get()
                .due()
                .thenApply(due -> visit.html() ? SignInPage.of(visit, reply, reply.message()) : visit.refusal(reply));
    }

    private static AdminReply stranger(Visit visit, ErrorReply reply) {
        return visit.html() && reply.status() == 401 ? SignInPage.of(visit, reply, "") : visit.refusal(reply);
    }

    private Optional<ErrorReply> refusal(Visit visit, Optional<AdminTarget> target, Optional<Form> form) {
        if (target.isEmpty() || isUnknown(target.get())) {
            return Optional.of(ErrorReply.notFound());
        }
        var methods = target.get().action().methods();
        if (!methods.contains(visit.call().method())) {
            return Optional.of(ErrorReply.methodNotAllowed(methods));
        }
        boolean changes = methods.contains("POST");
        if (changes && visit.caller() instanceof Caller.Session session && !proven(visit, session, form)) {
            return Optional.of(foreign());
        }
        return form.isPresent()
                ? Optional.empty()
                : Optional.of(ErrorReply.tooLarge("The form is too large or malformed."));
    }

    private boolean isUnknown(AdminTarget target) {
        return !target.name().isEmpty() && credentials.control(target.name()).isEmpty();
    }

    private static boolean proven(Visit visit, Caller.Session session, Optional<Form> form) {
        String shown = form.orElse(Form.NONE).value(CredentialsPage.FORM_TOKEN);
        return visit.ownPage() && Seal.same(session.formToken(), shown);
    }

    private static ErrorReply foreign() {
        return ErrorReply.forbidden(
                "This form does not come from a page that was loaded since you signed in. Load the page again.");
    }

    private CompletionStage<AdminReply> act(Visit visit, AdminTarget target) {
        return switch (target.action()) {
            case DRAIN -> now(actions.drain(visit));
            case SIGN_OUT -> now(signOut(visit));
            case SHOW -> actions.show(visit);
            case CALLBACK -> actions.callback(visit, ofLogin(visit), response(visit));
            case LOGIN -> now(actions.login(visit, control(target)));
            case REFRESH -> actions.refresh(visit, control(target));
            case LOGOUT -> actions.logout(visit, control(target));
            case SIGN_IN -> throw new IllegalStateException("sign-in was handled before");
        };
    }

    private AdminReply signOut(Visit visit) {
        auth.signOut(visit.caller());
        return actions.signOut(visit);
    }

    private CredentialControl control(AdminTarget target) {
        return credentials.control(target.name()).orElseThrow();
    }

    /** The credential whose login comes back: a browser's ticket names it, and for a program it is the only login. */
    private Optional<CredentialControl> ofLogin(Visit visit) {
        return visit.caller() instanceof Caller.Bearer
                ? credentials.login()
                : begun(visit).flatMap(credentials::control);
    }

    private Optional<String> begun(Visit visit) {
        return ticket.name(visit, response(visit).state());
    }

    private static AuthorizationAnswer response(Visit visit) {
        return AuthorizationAnswer.ofQuery(visit.call().target().query().orElse(""));
    }

    private static CompletionStage<AdminReply> now(AdminReply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
