package dev.warder.admin;

import dev.warder.admin.AdminActions.ActionLog;
import dev.warder.admin.AdminActions.LoginTicket;
import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.AdminTarget.Action;
import dev.warder.admin.page.Html;
import dev.warder.admin.page.Page;
import dev.warder.admin.page.PageTarget;
import dev.warder.auth.AdministratorTokens;
import dev.warder.auth.Client;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import dev.warder.oauth.AuthorizationResponse;
import dev.warder.oauth.CredentialControl;
import dev.warder.policy.Actor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

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
    private final LedgerExports exports;
    private final DashboardReplies dashboards;
    private final BudgetReplies budgets;
    private final ReconciliationReplies reconciliation;
    private final PageReplies pages;

    AdminHandler(
            AdminAuth auth,
            LoginTicket ticket,
            ManagedCredentials credentials,
            AdminActions actions,
            LedgerExports exports,
            DashboardReplies dashboards,
            BudgetReplies budgets,
            ReconciliationReplies reconciliation,
            PageReplies pages) {
        this.auth = auth;
        this.ticket = ticket;
        this.credentials = credentials;
        this.actions = actions;
        this.exports = exports;
        this.dashboards = dashboards;
        this.budgets = budgets;
        this.reconciliation = reconciliation;
        this.pages = pages;
    }

    /**
     * The response, now or later.
     *
     * @param form the content of the body; empty if it cannot be read
     */
    CompletionStage<AdminReply> reply(AdminRequest request, Optional<Form> form) {
        var target = AdminTarget.of(request.call().target().path());
        var action = target.map(AdminTarget::action);
        if (action.equals(Optional.of(Action.SIGN_IN))
                && request.call().method().equals("POST")) {
            return signIn(request, form.orElse(Form.NONE));
        }
        boolean comesBack =
                action.equals(Optional.of(Action.CALLBACK)) && begun(request).isPresent();
        if (request.caller() instanceof Caller.Stranger stranger && !comesBack) {
            return stranger.due().thenApply(due -> stranger(request, stranger.reply()));
        }
        var refusal = refusal(request, target, form);
        return refusal.isPresent()
                ? now(request.refusal(refusal.get()))
                : act(request, target.orElseThrow(), form.orElse(Form.NONE));
    }

    private CompletionStage<AdminReply> signIn(AdminRequest request, Form form) {
        String person = form.value(SignInPage.PERSON).strip();
        if (!person.isEmpty() && !Actors.isName(person)) {
            // Before the token is checked, so that the reply is the same for any token.
            return now(misnamed(request, form));
        }
        var refusal = request.ownPage()
                ? auth.refusal(form.value("token"), request.from())
                : Optional.of(Caller.Stranger.now(foreign()));
        if (refusal.isEmpty()) {
            ActionLog.signedIn(request);
            return now(AdminReply.seeOther(request.up() + SignInPage.next(form))
                    .with(auth.session(request.cookies(), person)));
        }
        var reply = refusal.get().reply();
        return refusal.get()
                .due()
                .thenApply(due -> request.html()
                        ? SignInPage.of(request, reply, reply.message(), SignInPage.next(form), person)
                        : request.refusal(reply));
    }

    private static AdminReply misnamed(AdminRequest request, Form form) {
        var reply = ErrorReply.invalidRequest("Your name: must be 1 to 64 letters, digits and . _ @ -")
                .withoutRetry();
        return request.html()
                ? SignInPage.of(request, reply, reply.message(), SignInPage.next(form), "")
                : request.refusal(reply);
    }

    private static AdminReply stranger(AdminRequest request, ErrorReply reply) {
        return request.html() && reply.status() == 401
                ? SignInPage.of(
                        request,
                        reply,
                        "",
                        SignInPage.after(request.call().target().path()),
                        "")
                : request.refusal(reply);
    }

    private Optional<ErrorReply> refusal(AdminRequest request, Optional<AdminTarget> target, Optional<Form> form) {
        if (target.isEmpty() || isUnknown(target.get())) {
            return Optional.of(ErrorReply.notFound());
        }
        var methods = target.get().action().methods();
        if (!methods.contains(request.call().method())) {
            return Optional.of(ErrorReply.methodNotAllowed(methods));
        }
        boolean changes = request.call().method().equals("POST");
        if (request.caller() instanceof Caller.Token token) {
            var lacking = AdministratorTokens.refusalOf(token.client(), changes);
            if (lacking.isPresent()) {
                return lacking;
            }
        }
        if (changes && request.caller() instanceof Caller.Session session && !proven(request, session, form)) {
            return Optional.of(foreign());
        }
        return form.isPresent()
                ? Optional.empty()
                : Optional.of(ErrorReply.tooLarge("The form is too large or malformed."));
    }

    private boolean isUnknown(AdminTarget target) {
        return !target.name().isEmpty() && credentials.control(target.name()).isEmpty();
    }

    private static boolean proven(AdminRequest request, Caller.Session session, Optional<Form> form) {
        String shown = form.orElse(Form.NONE).value(CredentialsPage.FORM_TOKEN);
        return request.ownPage() && Seal.same(session.formToken(), shown);
    }

    private static ErrorReply foreign() {
        return ErrorReply.forbidden(
                "This form does not come from a page that was loaded since you signed in. Load the page again.");
    }

    private CompletionStage<AdminReply> act(AdminRequest request, AdminTarget target, Form form) {
        return switch (target.action()) {
            case DRAIN -> now(actions.drain(request));
            case SIGN_OUT -> now(signOut(request));
            case SHOW -> actions.show(request);
            case DESCRIPTION -> now(ApiDescription.reply());
            case EXPORT -> exports.reply(request);
            case DASHBOARD -> dashboards.reply(request);
            case BUDGETS -> budgets.reply(request);
            case RECONCILIATION -> reconciliation.reply(request);
            case PAGES -> pages.reply(request, form);
            case CALLBACK -> actions.callback(request, ofLogin(request), response(request));
            case LOGIN -> now(actions.login(request, control(target)));
            case REFRESH -> actions.refresh(request, control(target));
            case LOGOUT -> actions.logout(request, control(target));
            case SIGN_IN -> throw new IllegalStateException("sign-in was handled before");
        };
    }

    private AdminReply signOut(AdminRequest request) {
        auth.signOut(request.caller());
        return actions.signOut(request);
    }

    private CredentialControl control(AdminTarget target) {
        return credentials.control(target.name()).orElseThrow();
    }

    /** The credential whose login comes back: a browser's ticket names it, and for a program it is the only login. */
    private Optional<CredentialControl> ofLogin(AdminRequest request) {
        return request.caller() instanceof Caller.Bearer
                ? credentials.login()
                : begun(request).flatMap(credentials::control);
    }

    private Optional<String> begun(AdminRequest request) {
        return ticket.name(request, response(request).state());
    }

    private static AuthorizationResponse response(AdminRequest request) {
        return AuthorizationResponse.ofQuery(request.call().target().query().orElse(""));
    }

    private static CompletionStage<AdminReply> now(AdminReply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    /** {@code GET /admin/api/openapi.json}: the OpenAPI 3.1 document of everything below {@code /admin/api}. Thread-safe. */
    static final class ApiDescription {
        private static final String TEXT = read();

        private ApiDescription() {}

        static AdminReply reply() {
            return new AdminReply(200, "application/json", List.of(), TEXT);
        }

        private static String read() {
            try (InputStream file = ApiDescription.class.getResourceAsStream("openapi.json")) {
                return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }

    /** The form in which an administrator's browser sends the token, once. */
    static final class SignInPage {
        private static final String NEXT = "next";
        private static final String OVERVIEW = "overview";
        private static final String BUDGETS = "budgets";
        private static final String RECONCILIATION = "reconciliation";
        private static final String CREDENTIALS = "credentials";

        static final String PERSON = "person";

        private SignInPage() {}

        /** The page to load after signing in, relative to {@code /admin/}: only ours, whatever the form names. */
        static String next(Form form) {
            return switch (form.value(NEXT)) {
                case OVERVIEW -> "";
                case BUDGETS -> BUDGETS;
                case RECONCILIATION -> RECONCILIATION;
                default ->
                    PageTarget.of(PageTarget.FOLDER + form.value(NEXT), "")
                            .map(PageTarget::reference)
                            .orElse(CREDENTIALS);
            };
        }

        static String after(String path) {
            if (BudgetReplies.serves(path)) {
                return BUDGETS;
            }
            if (path.equals(ReconciliationReplies.PAGE)) {
                return RECONCILIATION;
            }
            var page = PageTarget.of(path, "");
            if (page.isPresent()) {
                return page.get().reference();
            }
            return DashboardReplies.serves(path) ? "" : CREDENTIALS;
        }

        /**
         * The page for a browser that is not signed in, instead of what it requested; the status and fields are those of
         * {@code reply}.
         *
         * @param problem why the form is shown again; or empty
         * @param next the page that follows, as {@link #after} returns it
         * @param person the name that was given; empty for none
         */
        static AdminReply of(AdminRequest request, ErrorReply reply, String problem, String next, String person) {
            var content = new Html().markup("<main>\n<h1>Warder</h1>\n");
            if (!problem.isEmpty()) {
                content.markup("<p class=\"bad\" role=\"alert\">").text(problem).markup("</p>\n");
            }
            content.markup("<form method=\"post\"")
                    .attribute("action", request.up() + "login")
                    .markup("""
                            >
                            """)
                    .markup("<input type=\"hidden\" name=\"" + NEXT + "\"")
                    .attribute("value", next.isEmpty() ? OVERVIEW : next)
                    .markup(">\n")
                    .markup(
                            """
                            <label for="token">Administrator's token (<code>admin.token</code>)</label>
                            <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
                            <label for="person">Your name, for the audit (optional)</label>
                            <input id="person" name="person" autocomplete="username" maxlength="64"\
                            """)
                    .attribute("pattern", Actors.NAME_PATTERN)
                    .attribute("value", person)
                    .markup(
                            """
                            >
                            <p><button>Sign in</button></p>
                            </form>
                            </main>
                            """);
            var fields = new ArrayList<Field>(reply.fields());
            fields.addAll(Page.fields());
            return AdminReply.page(reply.status(), fields, Page.of("Sign in", "", content));
        }
    }

    /** Who makes a change, for the audit. */
    public static final class Actors {
        /** Pattern of a person's name, so that no name looks like another line or field of the log. */
        public static final String NAME_PATTERN = "[0-9A-Za-z._@\\-]{1,64}";

        private static final Pattern NAME = Pattern.compile(NAME_PATTERN);

        private Actors() {}

        public static boolean isName(String text) {
            return NAME.matcher(text).matches();
        }

        /**
         * Who sends a request that was admitted.
         *
         * @param given the name that a caller with {@code admin.token} gives; that of the sign-in comes first
         */
        public static Actor of(AdminRequest request, Optional<String> given) {
            return new Actor(
                    name(request.caller(), given),
                    request.from(),
                    request.call().id());
        }

        private static String name(Caller caller, Optional<String> given) {
            if (caller instanceof Caller.Token token) {
                return token.client().auditName();
            }
            var person =
                    caller instanceof Caller.Session session ? session.person().or(() -> given) : given;
            return person.map(name -> Client.ADMINISTRATOR + " (" + name + ")").orElse(Client.ADMINISTRATOR);
        }
    }
}
