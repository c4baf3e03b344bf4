package dev.warder.admin.page;

import java.util.List;

/** The parts of the pages below {@code /admin/}. All but those that the page of budgets links have a link on each page. */
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

    /** The pages that each page links to. */
    public static final List<Navigation> LINKS = List.of(OVERVIEW, BUDGETS, CLIENTS, TEAMS, TOKENS, AUDIT, CREDENTIALS);

    public final String title;
    public final String reference;

    Navigation(String title, String reference) {
        this.title = title;
        this.reference = reference;
    }

    /** The link that leads to it. */
    public Navigation link() {
        return LINKS.contains(this) ? this : BUDGETS;
    }
}
