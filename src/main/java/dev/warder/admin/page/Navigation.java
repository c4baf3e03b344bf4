package dev.warder.admin.page;

/** The pages below {@code /admin/} that have a link on each of them. */
public enum Navigation {
    OVERVIEW("Overview", ""),
    BUDGETS("Budgets", "budgets"),
    CLIENTS("Clients", "clients"),
    TEAMS("Teams", "teams"),
    TOKENS("Tokens", "tokens"),
    LIMITS("Limits", "limits"),
    AUDIT("Audit", "audit"),
    RECONCILIATION("Reconciliation", "reconciliation"),
    CREDENTIALS("Credentials", "credentials");

    final String title;
    final String reference;

    Navigation(String title, String reference) {
        this.title = title;
        this.reference = reference;
    }

    /** The links of this page to all, where {@code up} leads from it to the folder {@code /admin/}. */
    public Html links(String up) {
        var html = Html.of("<nav class=\"pages\" aria-label=\"Pages\">");
        for (var each : values()) {
            String markup = "<a href=\"{}{}\"{}>{}</a>\n";
            html.markup(markup, up, each.reference, Html.when(each == this, " aria-current=\"page\""), each.title);
        }
        return html.markup("</nav>\n");
    }
}
