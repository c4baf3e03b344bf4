package dev.warder.admin;

import dev.warder.admin.ManagedCredentials.CredentialView;
import dev.warder.admin.page.Frame;
import dev.warder.admin.page.Html;
import dev.warder.admin.page.Navigation;
import dev.warder.admin.page.Page;
import dev.warder.oauth.CredentialStatus;
import dev.warder.oauth.TimeText;
import java.time.Instant;
import java.util.List;

/** The table of all managed credentials, with a button for each action. One thread at a time. */
final class CredentialsPage {
    static final String FORM_TOKEN = Frame.FORM_TOKEN;

    private static final String HEAD =
            """
            <div class="wide">
            <table>
            <caption>Every managed credential, in the configured order</caption>
            <thead><tr><th scope="col">Credential</th><th scope="col">State</th><th scope="col">Login</th>\
            <th scope="col">Access token</th><th scope="col">Last refresh</th><th scope="col">Actions</th></tr></thead>
            <tbody>
            """;

    private final Html page = new Html();
    private final Instant now;
    private final String up;
    private final String formToken;

    /**
     * @param up the relative reference from the page to the folder {@code /admin/}
     * @param formToken the token for the forms; without one the page has no forms
     */
    CredentialsPage(Instant now, String up, String formToken) {
        this.now = now;
        this.up = up;
        this.formToken = formToken;
    }

    String of(List<CredentialView> credentials, String note) {
        page.markup("<header>\n");
        Navigation.CREDENTIALS.addTo(page, up);
        page.markup("<h1>Managed credentials</h1>\n");
        form("logout", "Sign out", "");
        page.markup("</header>\n<main>\n");
        if (!note.isEmpty()) {
            page.markup("<p class=\"note\" role=\"status\">").text(note).markup("</p>\n");
        }
        if (credentials.isEmpty()) {
            page.markup("<p>None is configured: <code>upstream.credentials</code> is not set.</p>\n");
        } else {
            page.markup(HEAD);
            credentials.forEach(this::row);
            page.markup("</tbody>\n</table>\n</div>\n");
        }
        page.markup("<p>Times are those of this node, at ")
                .text(TimeText.of(now))
                .markup(".</p>\n</main>\n");
        return Page.of("Managed credentials", "", page);
    }

    private void row(CredentialView view) {
        var state = view.state();
        page.markup("<tr>\n<th scope=\"row\">").element("strong", state.name());
        page.element("p", state.kind().word()).markup("</th>\n<td>");
        state(view);
        page.markup("</td>\n<td>");
        view.status().ifPresentOrElse(this::login, () -> dash(view.renews() ? "unknown" : "set by the operator"));
        page.markup("</td>\n<td>");
        view.status().ifPresentOrElse(this::token, () -> dash("-"));
        page.markup("</td>\n<td>");
        view.status().ifPresentOrElse(this::refreshes, () -> dash("-"));
        page.markup("</td>\n<td>");
        actions(view);
        page.markup("</td>\n</tr>\n");
    }

    private void state(CredentialView view) {
        var state = view.state();
        page.markup(state.usable() ? "<p class=\"good\">usable</p>" : "<p class=\"bad\">not usable</p>");
        view.cause().ifPresent(cause -> page.element("p", cause));
        state.timeLeft().ifPresent(left -> page.element("p", "for another " + TimeText.of(left)));
        state.heldModels().forEach(held -> page.element("p", "not for " + held));
        view.unread().ifPresent(why -> page.element("p", why));
    }

    private void login(CredentialStatus status) {
        status.account().ifPresent(account -> page.element("p", account));
        if (!status.scopes().isEmpty()) {
            page.element("p", "scopes: " + String.join(" ", status.scopes()));
        }
        page.element("p", "kept in: " + status.place());
    }

    private void token(CredentialStatus status) {
        status.maskedToken().ifPresentOrElse(masked -> page.element("code", masked), () -> dash("none"));
        status.expiry()
                .ifPresent(expiry -> page.element(
                        "p", (expiry.isAfter(now) ? "expires " : "expired ") + TimeText.around(expiry, now)));
    }

    private void refreshes(CredentialStatus status) {
        page.element(
                "p",
                status.lastRefresh().map(time -> TimeText.around(time, now)).orElse("none since this node started"));
        status.lastError().ifPresent(error -> page.markup("<p class=\"bad\">last error</p>")
                .element("p", error));
    }

    private void actions(CredentialView view) {
        if (!view.renews()) {
            dash("-");
            return;
        }
        String name = view.state().name();
        boolean login = ManagedCredentials.isLogin(view.state());
        if (login) {
            form("credentials/" + name + "/login", "Log in", " " + name);
        }
        form("credentials/" + name + "/refresh", "Refresh", " " + name);
        if (login) {
            form("credentials/" + name + "/logout", "Log out", " " + name);
        }
    }

    private void form(String action, String label, String of) {
        if (formToken.isEmpty()) {
            return;
        }
        page.markup("<form method=\"post\"").attribute("action", up + action).markup(">");
        page.markup("<input type=\"hidden\" name=\"" + FORM_TOKEN + "\"")
                .attribute("value", formToken)
                .markup(">");
        page.markup("<button").attribute("aria-label", label + of).markup(">").text(label);
        page.markup("</button></form>\n");
    }

    private void dash(String text) {
        page.element("p", text);
    }
}
