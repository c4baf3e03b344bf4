package dev.warder.admin.page;

/** The links between the pages below {@code /admin/}. */
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

    private final String title;
    private final String reference;

    Navigation(String title, String reference) {
        this.title = title;
        this.reference = reference;
    }

    public String title() {
        return title;
    }

    public String reference() {
        return reference;
    }

    public void addTo(Html html, String up) {
        html.markup("<nav class=\"pages\" aria-label=\"Pages\">");
        for (var each : values()) {
            html.markup("<a").attribute("href", up + each.reference);
            if (each == this) {
                html.markup(" aria-current=\"page\"");
            }
            html.markup(">").text(each.title).markup("</a>\n");
        }
        html.markup("</nav>\n");
    }
}
