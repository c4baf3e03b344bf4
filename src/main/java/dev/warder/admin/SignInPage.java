package dev.warder.admin;

import dev.warder.html.Html;
import dev.warder.html.Page;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import java.util.ArrayList;

/** The form in which an administrator's browser sends the token, once. */
final class SignInPage {
    private static final String NEXT = "next";
    private static final String OVERVIEW = "overview";

    private SignInPage() {}

    /** The page to load after signing in, relative to {@code /admin/}: only ours, whatever the form names. */
    static String next(Form form) {
        return form.value(NEXT).equals(OVERVIEW) ? "" : "credentials";
    }

    /**
     * The page for a browser that is not signed in, instead of what it requested; the status and fields are those of
     * {@code reply}.
     *
     * @param problem why the form is shown again; or empty
     * @param overview whether the overview follows, and not the credentials
     */
    static AdminReply of(AdminRequest request, ErrorReply reply, String problem, boolean overview) {
        var content = new Html().markup("<main>\n<h1>Warder</h1>\n");
        if (!problem.isEmpty()) {
            content.markup("<p class=\"bad\" role=\"alert\">").text(problem).markup("</p>\n");
        }
        content.markup("<form method=\"post\"")
                .attribute("action", request.up() + "login")
                .markup("""
                        >
                        """)
                .markup(overview ? "<input type=\"hidden\" name=\"" + NEXT + "\" value=\"" + OVERVIEW + "\">\n" : "")
                .markup(
                        """
                        <label for="token">Administrator's token (<code>admin.token</code>)</label>
                        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
                        <p><button>Sign in</button></p>
                        </form>
                        </main>
                        """);
        var fields = new ArrayList<Field>(reply.fields());
        fields.addAll(Page.fields());
        return AdminReply.page(reply.status(), fields, Page.of("Sign in", "", content));
    }
}
