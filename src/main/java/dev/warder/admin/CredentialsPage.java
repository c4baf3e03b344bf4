package dev.warder.admin;

import dev.warder.admin.ManagedCredentials.CredentialView;
import dev.warder.admin.page.Cell;
import dev.warder.admin.page.Html;
import dev.warder.admin.page.Navigation;
import dev.warder.admin.page.Page;
import dev.warder.admin.page.PageRequest;
import dev.warder.admin.page.Table;
import dev.warder.oauth.CredentialStatus;
import dev.warder.oauth.TimeText;
import java.time.Instant;
import java.util.List;

/**
 * The table of all managed credentials, with a button for each action. Immutable.
 *
 * @param up the relative reference from the page to the folder {@code /admin/}
 * @param formToken the token for the forms; without one the page has no forms
 */
record CredentialsPage(Instant now, String up, String formToken) {
    private static final String CAPTION = "Every managed credential, in the configured order";
    private static final String LINE = "<p>{}</p>";

    String of(List<CredentialView> credentials, String note) {
        var table = Table.with("Credential", "State", "Login", "Access token", "Last refresh", "Actions");
        credentials.forEach(view -> table.row(row(view)));
        var list = credentials.isEmpty()
                ? Html.of("<p>None is configured: <code>upstream.credentials</code> is not set.</p>\n")
                : Html.of("<div class=\"wide\">\n{}</div>\n", table.html(CAPTION));
        var notes = note.isEmpty() ? "" : Html.of("<p class=\"note\" role=\"status\">{}</p>\n", note);
        var signOut = form("logout", "Sign out", "");
        String markup =
                """
                <header>
                {}<h1>Managed credentials</h1>
                {}</header>
                <main>
                {}{}<p>Times are those of this node, at {}.</p>
                </main>
                """;
        var content = Html.of(markup, Navigation.CREDENTIALS.links(up), signOut, notes, list, TimeText.of(now));
        return Page.of("Managed credentials", "", content);
    }

    private List<Cell> row(CredentialView view) {
        var state = view.state();
        var status = view.status();
        String unknown = view.renews() ? "unknown" : "set by the operator";
        return List.of(
                Cell.html(Html.of(
                        "<strong>{}</strong><p>{}</p>",
                        state.name(),
                        state.kind().word())),
                Cell.html(state(view)),
                Cell.html(status.map(CredentialsPage::login).orElseGet(() -> Html.of(LINE, unknown))),
                Cell.html(status.map(this::token).orElseGet(() -> Html.of(LINE, "-"))),
                Cell.html(status.map(this::refreshes).orElseGet(() -> Html.of(LINE, "-"))),
                Cell.html(view.renews() ? actions(view) : Html.of(LINE, "-")));
    }

    private static Html state(CredentialView view) {
        var state = view.state();
        var html = Html.of(state.usable() ? "<p class=\"good\">usable</p>" : "<p class=\"bad\">not usable</p>");
        view.cause().ifPresent(cause -> html.markup(LINE, cause));
        state.timeLeft().ifPresent(left -> html.markup(LINE, "for another " + TimeText.of(left)));
        state.heldModels().forEach(held -> html.markup(LINE, "not for " + held));
        view.unread().ifPresent(why -> html.markup(LINE, why));
        return html;
    }

    private static Html login(CredentialStatus status) {
        var html = new Html();
        status.account().ifPresent(account -> html.markup(LINE, account));
        if (!status.scopes().isEmpty()) {
            html.markup("<p>scopes: {}</p>", String.join(" ", status.scopes()));
        }
        return html.markup("<p>kept in: {}</p>", status.place());
    }

    private Html token(CredentialStatus status) {
        var html = status.maskedToken()
                .map(masked -> Html.of("<code>{}</code>", masked))
                .orElseGet(() -> Html.of(LINE, "none"));
        status.expiry()
                .ifPresent(expiry -> html.markup(
                        "<p>{} {}</p>", expiry.isAfter(now) ? "expires" : "expired", TimeText.around(expiry, now)));
        return html;
    }

    private Html refreshes(CredentialStatus status) {
        var last = status.lastRefresh().map(time -> TimeText.around(time, now));
        var html = Html.of(LINE, last.orElse("none since this node started"));
        status.lastError().ifPresent(error -> html.markup("<p class=\"bad\">last error</p><p>{}</p>", error));
        return html;
    }

    private Html actions(CredentialView view) {
        String name = view.state().name();
        String folder = "credentials/" + name;
        var refresh = form(folder + "/refresh", "Refresh", " " + name);
        if (!ManagedCredentials.isLogin(view.state())) {
            return refresh;
        }
        return form(folder + "/login", "Log in", " " + name)
                .add(refresh)
                .add(form(folder + "/logout", "Log out", " " + name));
    }

    private Html form(String action, String label, String of) {
        if (formToken.isEmpty()) {
            return new Html();
        }
        String markup = "<form method=\"post\" action=\"{}{}\">{}<button aria-label=\"{}{}\">{}</button></form>\n";
        return Html.of(markup, up, action, Html.hidden(PageRequest.FORM_TOKEN, formToken), label, of, label);
    }

    /** Without the token, which permits actions. */
    @Override
    public String toString() {
        return "CredentialsPage";
    }
}
