package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.Endpoint.Kind;
import dev.warder.admin.page.PageRequest;
import dev.warder.auth.Client;
import dev.warder.auth.ClientDirectory.Verdict;
import dev.warder.auth.Right;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.PresentedTokens;
import dev.warder.http.Route;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Authenticates administrators: callers that send {@code admin.token} as a bearer token (RFC 6750), and browsers that
 * signed in with it and received a cookie. That cookie is not the container's session, which another node of a cluster
 * would not know. It is sealed under the token, holds only a random number and the name that was given, and lasts eight hours. Every node accepts it
 * until then or until the token is replaced. Signing out ends it in this process and removes it from the browser.
 *
 * <p>A browser might also send its cookie for a page of another site. Three measures prevent misuse of that. Each form also holds
 * a token derived from the cookie. {@code SameSite=Strict} restricts the cookie to requests from this site. The header fields that
 * describe a form's origin are checked. A caller with a bearer token needs none of these, because no browser adds one by itself.
 *
 * <p>Requests are refused in the order 401, 404, 405, 403, 404 without a database, 400, 413. Thread-safe.
 */
record AdminAuth(AdminContext context) {
    static final String FOREIGN =
            "This form does not come from a page that was loaded since you signed in. Load the page again.";

    private static final Duration SESSION = Duration.ofHours(8);
    private static final String PURPOSE = "session";

    /** Between the number and the name, which has none. */
    private static final char BETWEEN = ' ';

    /** The caller of this request. A bearer token decides, right or wrong, whatever cookie came with it. */
    Caller caller(HttpServletRequest request, Call call, AdminCookies cookies, String from) {
        if (call.route() == Route.ORGANIZATION) {
            return new Caller.Token(Attributes.get(request, Client.class));
        }
        if (call.route() == Route.OWN_PAGE) {
            return new OwnSession(context).caller(cookies, call, from);
        }
        var presented = PresentedTokens.bearer(request);
        if (presented.isPresent()) {
            return byAccessToken(presented.get(), request, call)
                    .or(() -> refusal(presented.get(), from).map(refused -> refused))
                    .orElseGet(Caller.Bearer::new);
        }
        return cookies.find(AdminCookies.SESSION)
                .flatMap(this::session)
                .orElseGet(() -> Caller.Stranger.now(
                        ErrorReply.challenge("This path needs the administrator's token as a bearer token.")));
    }

    private Optional<Caller> byAccessToken(String presented, HttpServletRequest request, Call call) {
        if (!isApi(call)) {
            return Optional.empty();
        }
        return context.access
                .clients()
                .admit(presented, call, String.valueOf(request.getRemoteAddr()))
                .map(verdict -> verdict instanceof Verdict.Admitted admitted
                        ? new Caller.Token(admitted.client())
                        : Caller.Stranger.now(((Verdict.Refused) verdict).reply()));
    }

    /** Access tokens are accepted there only. */
    static boolean isApi(Call call) {
        return call.target().path().startsWith(AdminEndpoints.API);
    }

    /** The reason for refusing this token, and when its caller may receive the refusal; empty when it is accepted. */
    Optional<Caller.Stranger> refusal(String presented, String from) {
        return Caller.Stranger.of(
                context.access.throttle().check(List.of(context.token()), presented, from),
                "That is not the administrator's token.",
                "Too many wrong administrator tokens were presented.");
    }

    /** Ends a session in this process: its cookie is refused from now on, wherever it is kept. */
    void signOut(Caller caller) {
        if (caller instanceof Caller.Session session) {
            context.signedOut.add(session.number(), SESSION);
        }
    }

    Field session(AdminCookies cookies, String person) {
        String text = Seal.random(context.random, 16) + (person.isEmpty() ? "" : BETWEEN + person);
        return cookies.strict(AdminCookies.SESSION, context.seal().close(PURPOSE, text, "", SESSION), SESSION);
    }

    private Optional<Caller> session(String cookie) {
        return context.seal()
                .open(PURPOSE, cookie, "")
                .map(text -> session(cookie, text))
                .filter(session -> !context.signedOut.contains(session.number()))
                .map(session -> session);
    }

    private Caller.Session session(String cookie, String text) {
        int between = text.indexOf(BETWEEN);
        return new Caller.Session(
                context.seal().sign("form", cookie, ""),
                between < 0 ? text : text.substring(0, between),
                between < 0 ? Optional.empty() : Optional.of(text.substring(between + 1)));
    }

    /** The reason for refusing a request of an admitted caller before its body is read; empty if there is none. */
    static Optional<ErrorReply> refusalOfHead(AdminRequest request) {
        var found = request.found();
        if (found.endpoint().isEmpty()) {
            return Optional.of(
                    found.allowed().isEmpty() ? ErrorReply.notFound() : ErrorReply.methodNotAllowed(found.allowed()));
        }
        var needed = request.changes() ? Right.ADMIN_WRITE : Right.ADMIN_READ;
        var lacking =
                request.token().filter(client -> !client.has(needed)).map(client -> client.refusalWithout(needed));
        if (lacking.isPresent()) {
            return lacking;
        }
        if (found.kind() == Kind.API && request.changes() && request.caller() instanceof Caller.Session) {
            // A browser sends its cookie by itself, also for a page of another site.
            return Optional.of(ErrorReply.forbidden("Changes need a bearer token; a browser uses the pages."));
        }
        if (found.kind() == Kind.API && request.context().administration.isEmpty()) {
            return Optional.of(PolicyApi.withoutDatabase(request));
        }
        boolean hasBody = request.head().bodyType().isPresent();
        return found.kind() == Kind.ORGANIZATION
                        && hasBody
                        && found.endpoint().get().longest() == 0
                ? Optional.of(ErrorReply.invalidRequest("This request must not have a body."))
                : Optional.empty();
    }

    /** The reason for refusing, after its body was read, a request that {@link #refusalOfHead} lets pass; empty if there is none. */
    static Optional<ErrorReply> refusalOfBody(AdminRequest request) {
        boolean isProven = !request.changes()
                || !(request.caller() instanceof Caller.Session session)
                || isProven(request, session.formToken());
        if (!isProven) {
            return Optional.of(ErrorReply.forbidden(FOREIGN));
        }
        boolean isForm = request.found().kind() != Kind.API && request.found().kind() != Kind.ORGANIZATION;
        boolean isUnread = isForm
                ? request.content().form().isEmpty()
                : request.content().text().isEmpty();
        return isUnread
                ? Optional.of(
                        ErrorReply.tooLarge(isForm ? "The form is too large or malformed." : "The body is too large."))
                : Optional.empty();
    }

    /** Checks that a form comes from a page that was made for the session of its caller. */
    static boolean isProven(AdminRequest request, String formToken) {
        return request.head().ownPage() && Seal.same(formToken, request.form().value(PageRequest.FORM_TOKEN));
    }
}
