package dev.warder.admin;

import dev.warder.admin.AdminActions.ActionLog;
import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.Endpoint.Found;
import dev.warder.admin.Endpoint.Kind;
import dev.warder.admin.page.Templates;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** The form in which an administrator's browser sends the token, once. */
final class SignInPage {
    /** Pattern of a person's name, so that no name looks like another line or field of the log. */
    private static final String NAME_PATTERN = "[0-9A-Za-z._@\\-]{1,64}";

    private static final Pattern NAME = Pattern.compile(NAME_PATTERN);
    private static final String NEXT = "next";
    private static final String OVERVIEW = "overview";
    private static final String CREDENTIALS = "credentials";
    private static final String PERSON = "person";

    private SignInPage() {}

    /** Checks a form that was sent. */
    static CompletionStage<AdminReply> signIn(AdminRequest request) {
        var form = request.form();
        String person = form.value(PERSON).strip();
        if (!person.isEmpty() && !NAME.matcher(person).matches()) {
            // Before the token is checked, so that the reply is the same for any token.
            var misnamed = ErrorReply.invalidRequest("Your name: must be 1 to 64 letters, digits and . _ @ -");
            return again(request, misnamed.withoutRetry(), form, "").now();
        }
        var auth = new AdminAuth(request.context());
        var refusal = request.head().ownPage()
                ? auth.refusal(form.value("token"), request.head().from())
                : Optional.of(Caller.Stranger.now(ErrorReply.forbidden(AdminAuth.FOREIGN)));
        if (refusal.isEmpty()) {
            ActionLog.signedIn(request);
            return AdminReply.seeOther(request.up() + next(form))
                    .with(auth.session(request.cookies(), person))
                    .now();
        }
        var refused = refusal.get();
        return refused.due().thenApply(due -> again(request, refused.reply(), form, person));
    }

    static CompletionStage<AdminReply> signOut(AdminRequest request) {
        new AdminAuth(request.context()).signOut(request.caller());
        ActionLog.ended(request, "sign-out", "-", true);
        return request.toCredentials()
                .with(request.cookies().none(AdminCookies.SESSION))
                .now();
    }

    /** The form to sign in once more, which says why; for a program the error. */
    private static AdminReply again(AdminRequest request, ErrorReply reply, Form form, String person) {
        return request.head().html() ? of(request, reply, reply.message(), next(form), person) : request.refusal(reply);
    }

    /** The reply to a caller that is not admitted. */
    static CompletionStage<AdminReply> stranger(AdminRequest request, Caller.Stranger stranger) {
        var reply = stranger.reply();
        boolean isPage = request.head().html()
                && reply.status() == 401
                && request.found().kind() != Kind.API
                && request.found().kind() != Kind.OWN;
        return stranger.due()
                .thenApply(due -> isPage ? of(request, reply, "", after(request), "") : request.refusal(reply));
    }

    /** The page to load after signing in, relative to {@code /admin/}: only ours, whatever the form names. */
    private static String next(Form form) {
        String next = form.value(NEXT);
        if (next.equals(OVERVIEW)) {
            return "";
        }
        boolean isOurs = RequestTarget.parse(AdminEndpoints.FOLDER + next, Optional.empty(), "")
                .map(target -> new Call("", "GET", target, Route.ADMIN))
                .map(call -> Found.in(AdminEndpoints.ALL, call))
                .filter(found -> found.kind() == Kind.PAGE && found.endpoint().isPresent())
                .isPresent();
        return isOurs && !next.isEmpty() ? next : CREDENTIALS;
    }

    /** The next page that the form names, where a browser asks for what this request does. */
    private static String after(AdminRequest request) {
        String path = request.call().target().path();
        return switch (request.found().kind()) {
            case PAGE -> path.substring(Math.min(path.length(), AdminEndpoints.FOLDER.length()));
            case PART -> path.startsWith(AdminEndpoints.BUDGETS) ? "budgets" : "";
            default -> CREDENTIALS;
        };
    }

    /**
     * The page for a browser that is not signed in, instead of what it requested; the status and fields are those of
     * {@code reply}.
     *
     * @param problem why the form is shown again; or empty
     * @param next the page that follows, as {@link #after} returns it
     * @param person the name that was given; empty for none
     */
    private static AdminReply of(AdminRequest request, ErrorReply reply, String problem, String next, String person) {
        var page = Map.<String, Object>of(
                "problem", problem,
                "up", request.up(),
                "next", next.isEmpty() ? OVERVIEW : next,
                "pattern", NAME_PATTERN,
                "person", person);
        return AdminReply.page(reply, Templates.of("signIn", page));
    }
}
