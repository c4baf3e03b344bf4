package dev.warder.admin.page;

/** The links between the pages below {@code /admin/}. */
public enum Navigation {
    /** What the node does. */
    OVERVIEW("Overview", ""),
    /** What is left of budgets. */
    BUDGETS("Budgets", "budgets"),
    /** Persons and services. */
    CLIENTS("Clients", "clients"),
    /** Groups of clients. */
    TEAMS("Teams", "teams"),
    /** Access tokens. */
    TOKENS("Tokens", "tokens"),
    /** Rate limits. */
    LIMITS("Limits", "limits"),
    /** What administrators have changed. */
    AUDIT("Audit", "audit"),
    /** The ledger against the reports of Anthropic. */
    RECONCILIATION("Reconciliation", "reconciliation"),
    /** Managed credentials. */
    CREDENTIALS("Credentials", "credentials");

    private final String title;
    private final String reference;

    Navigation(String title, String reference) {
        this.title = title;
        this.reference = reference;
    }

    /** The title of the page. */
    public String title() {
        return title;
    }

    /** The page relative to {@code /admin/}; empty text for the page at that path. */
    public String reference() {
        return reference;
    }

    /**
     * Adds links to all pages.
     *
     * @param up the relative reference from the page to the folder {@code /admin/}; not empty
     */
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
