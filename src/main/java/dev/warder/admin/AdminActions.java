package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.ManagedCredentials.CredentialView;
import dev.warder.admin.page.Page;
import dev.warder.admin.page.Templates;
import dev.warder.credential.CredentialState;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.oauth.AuthorizationResponse;
import dev.warder.oauth.CredentialControl;
import dev.warder.oauth.CredentialControl.ControlException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actions of an administrator who was admitted. A program receives the outcome as JSON. A browser is redirected to
 * the table and receives the outcome in a sealed cookie, since a page must not show text from an address. Thread-safe;
 * no method waits.
 */
final class AdminActions {
    private AdminActions() {}

    /** An action on one of the managed credentials that renew themselves. */
    @FunctionalInterface
    interface OfCredential {
        CompletionStage<AdminReply> on(AdminRequest request, CredentialControl control);
    }

    /** The action on the credential that the path names. */
    static Endpoint.Work on(OfCredential action) {
        return request -> credentials(request)
                .control(request.variable())
                .map(control -> action.on(request, control))
                .orElseGet(() -> request.refused(ErrorReply.notFound()));
    }

    private static ManagedCredentials credentials(AdminRequest request) {
        return request.context().credentials;
    }

    private static Instant now(AdminRequest request) {
        return request.context().clock.instant();
    }

    static CompletionStage<AdminReply> drain(AdminRequest request) {
        var gateway = request.context().gateway;
        gateway.drain();
        ActionLog.ended(request, "drain", "-", true);
        return AdminReply.json(202, new Draining("draining", gateway.getOpenExchanges()))
                .now();
    }

    static CompletionStage<AdminReply> show(AdminRequest request) {
        return credentials(request)
                .views()
                .thenApply(views -> request.head().html()
                        ? page(request, views)
                        : AdminReply.json(200, CredentialDocument.All.of(views, now(request))));
    }

    /** Begins a login: redirects a browser to the authorization server, or returns the address to a program. */
    static CompletionStage<AdminReply> login(AdminRequest request, CredentialControl control) {
        try {
            var begun = control.beginLogin();
            String url = begun.url().toString();
            ActionLog.ended(request, "login", control.name(), true);
            var reply = request.head().html() ? AdminReply.seeOther(url) : AdminReply.json(200, new LoginBegun(url));
            return (request.caller() instanceof Caller.Session
                            ? reply.with(LoginTicket.issue(request, control.name(), begun.state()))
                            : reply)
                    .now();
        } catch (ControlException impossible) {
            ActionLog.ended(request, "login", control.name(), false);
            return failed(request, control, "cannot be logged in", 400, impossible)
                    .now();
        }
    }

    static CompletionStage<AdminReply> refresh(AdminRequest request, CredentialControl control) {
        return logged(request, "refresh", control, control.refresh())
                .handle((status, failure) -> failure == null
                        ? done(request, "The token of " + quoted(control) + " was renewed.", status)
                        : failed(request, control, "was not renewed", 502, failure));
    }

    static CompletionStage<AdminReply> logout(AdminRequest request, CredentialControl control) {
        return logged(request, "logout", control, control.logout())
                .handle((status, failure) -> failure == null
                        ? done(request, quoted(control) + " is logged out.", status)
                        : failed(request, control, "was not logged out", 502, failure));
    }

    /** Ends a login with the authorization server's response, which the browser carries. */
    static CompletionStage<AdminReply> callback(AdminRequest request) {
        var begun = LoginTicket.name(request, response(request).state());
        if (request.caller() instanceof Caller.Stranger stranger && begun.isEmpty()) {
            return SignInPage.stranger(request, stranger);
        }
        // A browser's ticket names the credential, and for a program it is the only login.
        var control = request.caller() instanceof Caller.Bearer
                ? credentials(request).login()
                : begun.flatMap(credentials(request)::control);
        if (control.isEmpty()) {
            ActionLog.ended(request, "login-callback", "-", false);
            return failedLogin(
                            request,
                            "This response belongs to no login that this browser began within the last ten minutes."
                                    + " Begin the login again.")
                    .now();
        }
        var found = response(request);
        if (found.problem().isPresent()) {
            ActionLog.ended(request, "login-callback", control.get().name(), false);
            return failedLogin(request, found.problem().get()).now();
        }
        var finished = control.get().finishLogin(found.code(), found.state());
        return logged(request, "login-callback", control.get(), finished).handle((status, failure) -> {
            if (failure != null) {
                return failedLogin(request, "The login failed: " + ManagedCredentials.words(failure));
            }
            String message = quoted(control.get()) + " is logged in.";
            return request.head().html() ? loggedIn(request, message) : done(request, message, status);
        });
    }

    private static AuthorizationResponse response(AdminRequest request) {
        return AuthorizationResponse.ofQuery(request.call().target().query().orElse(""));
    }

    private static CompletionStage<CredentialControl.Status> logged(
            AdminRequest request,
            String action,
            CredentialControl control,
            CompletionStage<CredentialControl.Status> work) {
        return work.whenComplete(
                (status, failure) -> ActionLog.ended(request, action, control.name(), failure == null));
    }

    /**
     * A page instead of a redirect. The browser would follow a redirect as a request of the authorization server's page,
     * without the session's cookie. The page loads the table at once, and that request comes from our own page.
     */
    private static AdminReply loggedIn(AdminRequest request, String message) {
        String page = request.message(message, request.up() + "credentials");
        return AdminReply.page(200, Page.fieldsOfSecretAddress(), page)
                .with(Notes.cookie(request, message))
                .with(request.cookies().none(AdminCookies.LOGIN));
    }

    private static AdminReply failedLogin(AdminRequest request, String problem) {
        return request.head().html()
                ? AdminReply.page(400, Page.fieldsOfSecretAddress(), request.message(problem, ""))
                : request.error(ErrorReply.invalidRequest(problem).withoutRetry());
    }

    private static AdminReply done(AdminRequest request, String message, CredentialControl.Status status) {
        if (request.head().html()) {
            return noted(request, message);
        }
        return credentials(request).states().get().stream()
                .filter(state -> state.name().equals(status.name()))
                .findFirst()
                .map(state -> new CredentialView(state, Optional.of(status), Optional.empty()))
                .map(view -> AdminReply.json(200, CredentialDocument.of(view, now(request))))
                .orElseGet(() -> request.error(ErrorReply.notFound()));
    }

    private static AdminReply failed(
            AdminRequest request, CredentialControl control, String what, int status, Throwable failure) {
        String message = quoted(control) + " " + what + ": " + ManagedCredentials.words(failure);
        if (request.head().html()) {
            return noted(request, message);
        }
        var reply = status == 400 ? ErrorReply.invalidRequest(message) : ErrorReply.badGateway(message);
        return request.error(reply.withoutRetry());
    }

    private static AdminReply noted(AdminRequest request, String message) {
        return request.toCredentials().with(Notes.cookie(request, message));
    }

    private static AdminReply page(AdminRequest request, List<CredentialView> views) {
        var page = Map.<String, Object>of(
                "credentials", views,
                "note", Notes.of(request),
                "now", now(request),
                "up", request.up(),
                "formToken", request.formToken());
        return Notes.shown(
                request,
                AdminReply.page(200, Page.fieldsWithLogin(plainOrigin(request)), Templates.of("credentials", page)));
    }

    private static String plainOrigin(AdminRequest request) {
        return credentials(request)
                .authorizeUrl()
                .filter(url -> "http".equalsIgnoreCase(url.getScheme()))
                .map(url -> url.getScheme() + "://" + url.getRawAuthority())
                .orElse("");
    }

    private static String quoted(CredentialControl control) {
        return "\"" + control.name() + "\"";
    }

    /** The gateway takes no new requests. */
    record Draining(String status, int openExchanges) {}

    /**
     * A login has begun. No text form, because the address contains the login's {@code state}.
     *
     * @param authorizeUrl where the administrator's browser goes
     */
    record LoginBegun(String authorizeUrl) {
        @Override
        public String toString() {
            return "LoginBegun";
        }
    }

    /**
     * One line at INFO for each action of an administrator, logger {@code dev.warder.admin}:
     * {@code id= action= credential= by= from= result=}. {@code by} is {@code token}, {@code session}, {@code
     * access-token:} with its
     * name, or {@code login-ticket}
     * for a browser that returns from the authorization server; {@code from} is {@code getRemoteAddr()}.
     */
    static final class ActionLog {
        private static final Logger LOG = LoggerFactory.getLogger("dev.warder.admin");

        private ActionLog() {}

        static void ended(AdminRequest request, String action, String credential, boolean done) {
            write(request, action, credential, way(request.caller()), done);
        }

        static void signedIn(AdminRequest request) {
            write(request, "sign-in", "-", "token", true);
        }

        private static void write(AdminRequest request, String action, String credential, String by, boolean done) {
            LOG.info(
                    "id={} action={} credential={} by={} from={} result={}",
                    request.call().id(),
                    action,
                    credential,
                    by,
                    request.head().from(),
                    done ? "done" : "failed");
        }

        private static String way(Caller caller) {
            if (caller instanceof Caller.Bearer) {
                return "token";
            }
            if (caller instanceof Caller.Token token) {
                return "access-token:" + token.client().tokenName();
            }
            return caller instanceof Caller.Session ? "session" : "login-ticket";
        }
    }

    /**
     * Binds a login to the browser that began it. The authorization server leads the browser back from another site, so the
     * session's {@code SameSite=Strict} cookie does not come along. With {@code state} alone, anyone who saw it could end
     * the login in another browser. So the login sets a second cookie, {@code SameSite=Lax}, for ten minutes: the
     * credential's name, sealed together with {@code state}. It is valid only for the end of this login. Thread-safe.
     */
    private static final class LoginTicket {
        private static final Duration LIFE = Duration.ofMinutes(10);
        private static final String PURPOSE = "login";

        static Field issue(AdminRequest request, String name, String state) {
            String ticket = request.context().seal().close(PURPOSE, name, state, LIFE);
            return request.cookies().lax(AdminCookies.LOGIN, ticket, LIFE);
        }

        static Optional<String> name(AdminRequest request, String state) {
            return request.cookies()
                    .find(AdminCookies.LOGIN)
                    .filter(any -> !state.isEmpty())
                    .flatMap(ticket -> request.context().seal().open(PURPOSE, ticket, state));
        }
    }

    /**
     * The outcome of an action, which the browser brings to the next page in a sealed cookie, since a page must not show
     * text from an address. Thread-safe.
     */
    static final class Notes {
        private static final Duration LIFE = Duration.ofMinutes(1);
        private static final int LONGEST = 500;
        private static final String PURPOSE = "note";

        private Notes() {}

        static Field cookie(AdminRequest request, String message) {
            String text = message.length() > LONGEST ? message.substring(0, LONGEST) : message;
            String note = request.context().seal().close(PURPOSE, text, "", LIFE);
            return request.cookies().strict(AdminCookies.NOTE, note, LIFE);
        }

        static String of(AdminRequest request) {
            return request.cookies()
                    .find(AdminCookies.NOTE)
                    .flatMap(note -> request.context().seal().open(PURPOSE, note, ""))
                    .orElse("");
        }

        /** The reply that shows the outcome, and with which the browser forgets it. */
        static AdminReply shown(AdminRequest request, AdminReply reply) {
            boolean isNoted = request.cookies().find(AdminCookies.NOTE).isPresent();
            return isNoted ? reply.with(request.cookies().none(AdminCookies.NOTE)) : reply;
        }
    }

    /**
     * One managed credential in the JSON for programs. Times are RFC 3339, durations whole seconds. Immutable; the text
     * form shows only the name.
     *
     * @param kind {@code api-key}, {@code oauth} and so on
     * @param reason why the credential is not usable
     * @param retryAfterSeconds how long it stays unusable, if known
     * @param heldModels absent if there are none
     * @param renewable whether the gateway renews its token; the members after this one are absent otherwise
     * @param place where its login is stored, in words
     * @param token the masked token
     * @param lastError why the last renewal failed, or why the store cannot be read
     */
    record CredentialDocument(
            String name,
            String kind,
            boolean usable,
            Optional<String> reason,
            Optional<Long> retryAfterSeconds,
            Optional<List<HeldModel>> heldModels,
            boolean renewable,
            Optional<String> place,
            Optional<String> account,
            Optional<List<String>> scopes,
            Optional<String> token,
            Optional<Instant> expiresAt,
            Optional<Long> expiresInSeconds,
            Optional<Instant> lastRefresh,
            Optional<String> lastError) {
        static CredentialDocument of(CredentialView view, Instant now) {
            var state = view.state();
            var status = view.status();
            var expiry = status.flatMap(CredentialControl.Status::expiry);
            return new CredentialDocument(
                    state.name(),
                    state.kind().word(),
                    state.usable(),
                    view.cause(),
                    state.timeLeft().map(Duration::toSeconds),
                    HeldModel.all(state),
                    view.renews(),
                    status.map(CredentialControl.Status::place),
                    status.flatMap(CredentialControl.Status::account),
                    status.map(CredentialControl.Status::scopes),
                    status.flatMap(CredentialControl.Status::maskedToken),
                    expiry,
                    expiry.map(time -> Duration.between(now, time).toSeconds()),
                    status.flatMap(CredentialControl.Status::lastRefresh),
                    view.unread().or(() -> status.flatMap(CredentialControl.Status::lastError)));
        }

        @Override
        public String toString() {
            return "CredentialDocument[" + name + "]";
        }

        /** All managed credentials, in the configured order. */
        record All(List<CredentialDocument> credentials) {
            static All of(List<CredentialView> views, Instant now) {
                return new All(views.stream()
                        .map(view -> CredentialDocument.of(view, now))
                        .toList());
            }

            All {
                credentials = List.copyOf(credentials);
            }
        }

        /** A model that the upstream limits for the credential. */
        record HeldModel(String model, String reason, long retryAfterSeconds) {
            private static Optional<List<HeldModel>> all(CredentialState state) {
                return Optional.of(state.heldModels().stream()
                                .map(held -> new HeldModel(
                                        held.model(),
                                        held.cause(),
                                        held.timeLeft().toSeconds()))
                                .toList())
                        .filter(models -> !models.isEmpty());
            }
        }
    }
}
