package dev.warder.admin;

import dev.warder.admin.AdminActions.ActionLog;
import dev.warder.admin.AdminActions.Notes;
import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.AdminTarget.Action;
import dev.warder.admin.page.Page;
import dev.warder.admin.page.PageReply;
import dev.warder.admin.page.PageRequest;
import dev.warder.admin.page.PageTarget;
import dev.warder.admin.page.PrincipalPages;
import dev.warder.admin.page.Templates;
import dev.warder.auth.AdministratorTokens;
import dev.warder.auth.Client;
import dev.warder.config.TextFile;
import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.policy.Actor;
import java.util.List;
import java.util.Map;
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
record AdminHandler(AdminAuth auth, AdminActions actions, ReportReplies reports, PageReplies pages) {
    /** The OpenAPI 3.1 document of everything below {@code /admin/api}. */
    private static final String DESCRIPTION = TextFile.of(AdminHandler.class, "openapi.json");

    /**
     * The response, now or later.
     *
     * @param target the resource of the path; empty if there is none
     * @param form the content of the body; empty if it cannot be read
     */
    CompletionStage<AdminReply> reply(AdminRequest request, Optional<AdminTarget> target, Optional<Form> form) {
        var action = target.map(AdminTarget::action);
        if (action.equals(Optional.of(Action.SIGN_IN))
                && request.call().method().equals("POST")) {
            return signIn(request, form.orElse(Form.NONE));
        }
        boolean comesBack = action.equals(Optional.of(Action.CALLBACK))
                && actions.begun(request).isPresent();
        if (request.caller() instanceof Caller.Stranger stranger && !comesBack) {
            return stranger.due().thenApply(due -> stranger(request, target, stranger.reply()));
        }
        var refusal = refusal(request, target, form);
        return refusal.isPresent()
                ? request.refused(refusal.get())
                : act(request, target.orElseThrow(), form.orElse(Form.NONE));
    }

    private CompletionStage<AdminReply> signIn(AdminRequest request, Form form) {
        String person = form.value(SignInPage.PERSON).strip();
        if (!person.isEmpty() && !Actors.isName(person)) {
            // Before the token is checked, so that the reply is the same for any token.
            var misnamed = ErrorReply.invalidRequest("Your name: must be 1 to 64 letters, digits and . _ @ -");
            return again(request, misnamed.withoutRetry(), form, "").now();
        }
        var refusal = request.ownPage()
                ? auth.refusal(form.value("token"), request.from())
                : Optional.of(Caller.Stranger.now(foreign()));
        if (refusal.isEmpty()) {
            ActionLog.signedIn(request);
            return AdminReply.seeOther(request.up() + SignInPage.next(form))
                    .with(auth.session(request.cookies(), person))
                    .now();
        }
        var refused = refusal.get();
        return refused.due().thenApply(due -> again(request, refused.reply(), form, person));
    }

    /** The form to sign in once more, which says why; for a program the error. */
    private static AdminReply again(AdminRequest request, ErrorReply reply, Form form, String person) {
        return request.html()
                ? SignInPage.of(request, reply, reply.message(), SignInPage.next(form), person)
                : request.refusal(reply);
    }

    private static AdminReply stranger(AdminRequest request, Optional<AdminTarget> target, ErrorReply reply) {
        return request.html() && reply.status() == 401
                ? SignInPage.of(request, reply, "", SignInPage.after(target), "")
                : request.refusal(reply);
    }

    private Optional<ErrorReply> refusal(AdminRequest request, Optional<AdminTarget> target, Optional<Form> form) {
        if (target.isEmpty()
                || target.get().isOfCredential()
                        && actions.control(target.get()).isEmpty()) {
            return Optional.of(ErrorReply.notFound());
        }
        var methods = target.get().action().methods;
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

    private static boolean proven(AdminRequest request, Caller.Session session, Optional<Form> form) {
        String shown = form.orElse(Form.NONE).value(PageRequest.FORM_TOKEN);
        return request.ownPage() && Seal.same(session.formToken(), shown);
    }

    private static ErrorReply foreign() {
        return ErrorReply.forbidden(
                "This form does not come from a page that was loaded since you signed in. Load the page again.");
    }

    private CompletionStage<AdminReply> act(AdminRequest request, AdminTarget target, Form form) {
        return switch (target.action()) {
            case DRAIN -> actions.drain(request).now();
            case SIGN_OUT -> signOut(request).now();
            case SHOW -> actions.show(request);
            case DESCRIPTION -> new AdminReply(200, "application/json", List.of(), DESCRIPTION).now();
            case EXPORT -> reports.export(request);
            case ROOT -> AdminReply.seeOther("admin/").now();
            case STYLE ->
                ReportReplies.file("text/css;charset=utf-8", Page.style()).now();
            case SCRIPT ->
                ReportReplies.file("text/javascript;charset=utf-8", Page.script())
                        .now();
            case OVERVIEW, PANELS, PANEL_CSV -> reports.overview(request, target);
            case BUDGETS, BUDGET_PANELS -> reports.budgets(request, target.action() == Action.BUDGET_PANELS);
            case RECONCILIATION, RECONCILIATION_DOCUMENT ->
                reports.reconciliation(request, target.action() == Action.RECONCILIATION);
            case PAGE -> pages.reply(request, target.page().orElseThrow(), form);
            case CALLBACK -> actions.callback(request);
            case LOGIN ->
                actions.login(request, actions.control(target).orElseThrow()).now();
            case REFRESH -> actions.refresh(request, actions.control(target).orElseThrow());
            case LOGOUT -> actions.logout(request, actions.control(target).orElseThrow());
            case SIGN_IN -> throw new IllegalStateException("sign-in was handled before");
        };
    }

    private AdminReply signOut(AdminRequest request) {
        auth.signOut(request.caller());
        return actions.signOut(request);
    }

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
                    PageTarget.of(PageTarget.FOLDER + form.value(NEXT))
                            .map(PageTarget::reference)
                            .orElse(CREDENTIALS);
            };
        }

        /** The next page that the form names, where a browser asks for {@code target}. */
        static String after(Optional<AdminTarget> target) {
            return target.map(found -> switch (found.action()) {
                        case BUDGETS, BUDGET_PANELS -> BUDGETS;
                        case RECONCILIATION -> RECONCILIATION;
                        case PAGE -> found.page().orElseThrow().reference();
                        case ROOT, OVERVIEW, PANELS, PANEL_CSV, STYLE, SCRIPT -> "";
                        default -> CREDENTIALS;
                    })
                    .orElse(CREDENTIALS);
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
            var page = Map.<String, Object>of(
                    "problem",
                    problem,
                    "up",
                    request.up(),
                    "next",
                    next.isEmpty() ? OVERVIEW : next,
                    "pattern",
                    Actors.NAME_PATTERN,
                    "person",
                    person);
            return AdminReply.page(reply, Templates.of("signIn", page));
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
