package dev.warder.admin;

import dev.warder.admin.page.Html;
import dev.warder.admin.page.Page;
import dev.warder.admin.page.PageTarget;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import java.util.ArrayList;

/** The form in which an administrator's browser sends the token, once. */
final class SignInPage {
    private static final String NEXT = "next";
    private static final String OVERVIEW = "overview";
    private static final String BUDGETS = "budgets";
    private static final String RECONCILIATION = "reconciliation";
    private static final String CREDENTIALS = "credentials";

    /** The name of the field with the name of the person. */
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

    /** The page to load after signing in, relative to {@code /admin/}, for a browser that requested this path. */
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
