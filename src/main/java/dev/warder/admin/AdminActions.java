package dev.warder.admin;

import dev.warder.admin.ManagedCredentials.CredentialView;
import dev.warder.admin.Visit.Caller;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.oauth.ControlException;
import dev.warder.oauth.CredentialControl;
import dev.warder.oauth.CredentialStatus;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The actions of an administrator who was admitted. A program receives the outcome as JSON. A browser is redirected to
 * the table and receives the outcome in a sealed cookie, since a page must not show text from an address. Thread-safe;
 * no method waits.
 */
final class AdminActions {
    private static final Duration NOTE = Duration.ofMinutes(1);
    private static final int LONGEST_NOTE = 500;

    private final ManagedCredentials credentials;
    private final GatewayMXBean gateway;
    private final Seal seal;
    private final InstantSource clock;

    AdminActions(ManagedCredentials credentials, GatewayMXBean gateway, Seal seal, InstantSource clock) {
        this.credentials = credentials;
        this.gateway = gateway;
        this.seal = seal;
        this.clock = clock;
    }

    /** Stops accepting new requests. */
    AdminReply drain(Visit visit) {
        gateway.drain();
        ActionLog.done(visit, "drain", "-");
        return AdminReply.json(202, ActionDocument.Draining.with(gateway.getOpenExchanges()));
    }

    /** Removes the session from the browser. */
    AdminReply signOut(Visit visit) {
        ActionLog.done(visit, "sign-out", "-");
        return AdminReply.seeOther(visit.up() + "credentials")
                .with(visit.cookies().none(AdminCookies.SESSION));
    }

    /** Shows every managed credential. */
    CompletionStage<AdminReply> show(Visit visit) {
        return credentials.views().thenApply(views -> visit.html() ? page(visit, views) : document(views));
    }

    /** Begins a login: redirects a browser to the authorization server, or returns the address to a program. */
    AdminReply login(Visit visit, CredentialControl control) {
        try {
            var url = control.beginLogin();
            ActionLog.done(visit, "login", control.name());
            var reply = visit.html()
                    ? AdminReply.seeOther(url.toString())
                    : AdminReply.json(200, new ActionDocument.LoginBegun(url.toString()));
            return visit.caller() instanceof Caller.Session
                    ? reply.with(new LoginTicket(seal).issue(visit.cookies(), control.name(), url))
                    : reply;
        } catch (ControlException impossible) {
            ActionLog.failed(visit, "login", control.name());
            return failed(visit, control, "cannot be logged in", 400, ManagedCredentials.words(impossible));
        }
    }

    /** Renews the token. */
    CompletionStage<AdminReply> refresh(Visit visit, CredentialControl control) {
        return logged(visit, "refresh", control, control.refresh())
                .handle((status, failure) -> failure == null
                        ? done(visit, "The token of " + quoted(control) + " was renewed.", status)
                        : failed(visit, control, "was not renewed", 502, ManagedCredentials.words(failure)));
    }

    /** Forgets the login. */
    CompletionStage<AdminReply> logout(Visit visit, CredentialControl control) {
        return logged(visit, "logout", control, control.logout())
                .handle((status, failure) -> failure == null
                        ? done(visit, quoted(control) + " is logged out.", status)
                        : failed(visit, control, "was not logged out", 502, ManagedCredentials.words(failure)));
    }

    /** Ends a login with the authorization server's response, which the browser carries. */
    CompletionStage<AdminReply> callback(Visit visit, Optional<CredentialControl> control, AuthorizationAnswer found) {
        if (control.isEmpty()) {
            ActionLog.failed(visit, "login-callback", "-");
            return failedLogin(
                    visit,
                    "This answer belongs to no login that this browser began within the last ten minutes."
                            + " Begin the login again.");
        }
        if (found.problem().isPresent()) {
            ActionLog.failed(visit, "login-callback", control.get().name());
            return failedLogin(visit, found.problem().get());
        }
        var finished = control.get().finishLogin(found.code(), found.state());
        return logged(visit, "login-callback", control.get(), finished).handle((status, failure) -> {
            if (failure != null) {
                return outcome(visit, "The login failed: " + ManagedCredentials.words(failure));
            }
            String message = quoted(control.get()) + " is logged in.";
            return visit.html() ? loggedIn(visit, message) : done(visit, message, status);
        });
    }

    private static CompletionStage<CredentialStatus> logged(
            Visit visit, String action, CredentialControl control, CompletionStage<CredentialStatus> work) {
        return work.whenComplete((status, failure) -> {
            if (failure == null) {
                ActionLog.done(visit, action, control.name());
            } else {
                ActionLog.failed(visit, action, control.name());
            }
        });
    }

    /**
     * A page instead of a redirect. The browser would follow a redirect as a request of the authorization server's page,
     * without the session's cookie. The page loads the table at once, and that request comes from our own page.
     */
    private AdminReply loggedIn(Visit visit, String message) {
        String page = visit.message(message, visit.up() + "credentials");
        return AdminReply.page(200, Page.fieldsOfSecretAddress(), page)
                .with(note(visit, message))
                .with(visit.cookies().none(AdminCookies.LOGIN));
    }

    private CompletionStage<AdminReply> failedLogin(Visit visit, String problem) {
        return CompletableFuture.completedFuture(outcome(visit, problem));
    }

    private AdminReply outcome(Visit visit, String problem) {
        var reply = ErrorReply.invalidRequest(problem).withoutRetry();
        return visit.html()
                ? AdminReply.page(400, Page.fieldsOfSecretAddress(), visit.message(problem, ""))
                : AdminReply.error(reply, visit.call().id());
    }

    private AdminReply done(Visit visit, String message, CredentialStatus status) {
        if (visit.html()) {
            return AdminReply.seeOther(visit.up() + "credentials").with(note(visit, message));
        }
        var view = credentials.states().get().stream()
                .filter(state -> state.name().equals(status.name()))
                .findFirst()
                .map(state -> CredentialView.renewing(state, status));
        return view.map(found -> AdminReply.json(200, CredentialDocument.of(found, clock.instant())))
                .orElseGet(() ->
                        AdminReply.error(ErrorReply.notFound(), visit.call().id()));
    }

    private AdminReply failed(Visit visit, CredentialControl control, String what, int status, String why) {
        String message = quoted(control) + " " + what + ": " + why;
        if (visit.html()) {
            return AdminReply.seeOther(visit.up() + "credentials").with(note(visit, message));
        }
        var reply = status == 400 ? ErrorReply.invalidRequest(message) : ErrorReply.badGateway(message);
        return AdminReply.error(reply.withoutRetry(), visit.call().id());
    }

    private Field note(Visit visit, String message) {
        String text = message.length() > LONGEST_NOTE ? message.substring(0, LONGEST_NOTE) : message;
        return visit.cookies().strict(AdminCookies.NOTE, seal.close("note", text, "", NOTE), NOTE);
    }

    private AdminReply page(Visit visit, List<CredentialView> views) {
        String formToken = visit.caller() instanceof Caller.Session session ? session.formToken() : "";
        String note =
                visit.note().flatMap(value -> seal.open("note", value, "")).orElse("");
        String page = new CredentialsPage(clock.instant(), visit.up(), formToken).of(views, note);
        var reply = AdminReply.page(200, Page.fieldsWithLogin(plainOrigin()), page);
        return visit.note().isPresent() ? reply.with(visit.cookies().none(AdminCookies.NOTE)) : reply;
    }

    private AdminReply document(List<CredentialView> views) {
        return AdminReply.json(200, CredentialDocument.All.of(views, clock.instant()));
    }

    private String plainOrigin() {
        return credentials
                .authorizeUrl()
                .filter(url -> "http".equalsIgnoreCase(url.getScheme()))
                .map(AdminActions::origin)
                .orElse("");
    }

    private static String origin(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    private static String quoted(CredentialControl control) {
        return "\"" + control.name() + "\"";
    }
}
