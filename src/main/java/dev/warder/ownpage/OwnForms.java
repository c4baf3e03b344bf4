package dev.warder.ownpage;

import dev.warder.config.InvalidValueException;
import dev.warder.html.Html;
import dev.warder.html.Page;
import dev.warder.http.Form;
import dev.warder.spendlimit.IncreaseForm;
import dev.warder.spendlimit.LimitWords;

/** The forms of the page of a client. All are sent to the page itself. */
public final class OwnForms {
    /** The field with what a form is for. */
    public static final String ACTION = "action";

    /** Signs in. */
    public static final String SIGN_IN = "sign-in";

    /** Signs out. */
    public static final String SIGN_OUT = "sign-out";

    /** Asks for a higher limit. */
    public static final String ASK = "ask";

    /** The field with an access token. */
    public static final String TOKEN = "token";

    /** The field with the token of the session's forms. */
    public static final String FORM_TOKEN = "csrf";

    private static final String PERIOD = "period";
    private static final String AMOUNT = "amount";
    private static final String REASON = "reason";

    private OwnForms() {}

    /** What the form asks for. The amount is in US dollars. */
    public static IncreaseForm asked(String client, Form form) throws InvalidValueException {
        String dollars = form.value(AMOUNT).strip();
        String cents = dollars.isEmpty() ? "" : Long.toString(LimitWords.centsOfDollars(dollars));
        return IncreaseForm.read(client, form.value(PERIOD), cents, form.value(REASON));
    }

    /**
     * The page with the form to sign in.
     *
     * @param problem why the browser is not signed in; empty text for none
     */
    public static String signIn(String problem) {
        var html = new Html().markup("<main>\n<h1>Your use of this gateway</h1>\n");
        problem(html, problem);
        html.markup("<form method=\"post\">\n<label for=\"token\">Your access token</label>\n")
                .markup("<input id=\"token\" name=\"" + TOKEN
                        + "\" type=\"password\" autocomplete=\"off\" required autofocus>\n")
                .markup("<p><button name=\"" + ACTION + "\" value=\"" + SIGN_IN + "\">Sign in</button></p>\n")
                .markup("</form>\n</main>\n");
        return Page.of("Sign in", "", html);
    }

    /** Adds why something was not done; nothing for an empty text. */
    static void problem(Html html, String problem) {
        if (!problem.isEmpty()) {
            html.markup("<p class=\"bad\" role=\"alert\">").text(problem).markup("</p>\n");
        }
    }

    /** Adds the form that signs out. */
    static void signOut(Html html, String formToken) {
        html.markup("<form method=\"post\">");
        button(html, formToken, SIGN_OUT, "Sign out");
        html.markup("</form>");
    }

    private static void button(Html html, String formToken, String action, String title) {
        html.markup("<input type=\"hidden\" name=\"" + FORM_TOKEN + "\"")
                .attribute("value", formToken)
                .markup("><button name=\"" + ACTION + "\" value=\"" + action + "\">" + title + "</button>");
    }

    /** Adds the form that asks for a higher limit, with what was typed. */
    static void ask(Html html, String formToken, Form typed) {
        html.markup("<form method=\"post\">\n<label for=\"period\">Period</label>\n<select id=\"period\" name=\""
                + PERIOD + "\">");
        for (var period : LimitWords.PERIODS) {
            String word = LimitWords.word(period);
            html.markup(typed.value(PERIOD).equals(word) ? "<option selected>" : "<option>")
                    .text(word)
                    .markup("</option>");
        }
        html.markup("</select>\n<label for=\"amount\">New limit in US dollars (optional)</label>\n")
                .markup("<input id=\"amount\" name=\"" + AMOUNT + "\" inputmode=\"decimal\" maxlength=\"12\"")
                .markup(" autocomplete=\"off\"")
                .attribute("value", typed.value(AMOUNT))
                .markup(">\n<label for=\"reason\">Reason</label>\n<input id=\"reason\" name=\"" + REASON
                        + "\" autocomplete=\"off\" maxlength=\"" + IncreaseForm.LONGEST_REASON + "\"")
                .attribute("value", typed.value(REASON))
                .markup(">\n<p>");
        button(html, formToken, ASK, "Ask for it");
        html.markup("</p></form>\n");
    }
}
