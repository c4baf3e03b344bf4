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

    public final String title;
    public final String reference;

    Navigation(String title, String reference) {
        this.title = title;
        this.reference = reference;
    }
}
