package dev.warder.admin.page;

import dev.warder.adminapi.OwnUsage;
import dev.warder.adminapi.OwnUsage.Spend;
import dev.warder.auth.Client;
import dev.warder.ledger.store.SessionSums;
import dev.warder.policy.OwnedLimits;
import dev.warder.policy.PolicyEntry;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes the page of a client. One thread at a time. */
public final class OwnPage {
    private static final int CENT_DECIMALS = 2;

    public static final String REFERENCE = "me";

    /** The field with what a form is for. All forms are sent to the page itself. */
    public static final String ACTION = "action";

    public static final String SIGN_IN = "sign-in";

    public static final String SIGN_OUT = "sign-out";

    public static final String TOKEN = "token";

    public static final String FORM_TOKEN = "csrf";

    private final Html html = new Html();
    private final Client client;
    private final Optional<OwnUsage.Numbers> used;

    private OwnPage(Client client, Optional<OwnUsage.Numbers> used) {
        this.client = client;
        this.used = used;
    }

    public static String signIn(String problem) {
        var html = new Html().markup("<main>\n<h1>Your use of this gateway</h1>\n");
        if (!problem.isEmpty()) {
            html.markup("<p class=\"bad\" role=\"alert\">").text(problem).markup("</p>\n");
        }
        html.markup("<form method=\"post\">\n<label for=\"token\">Your access token</label>\n")
                .markup("<input id=\"token\" name=\"" + TOKEN
                        + "\" type=\"password\" autocomplete=\"off\" required autofocus>\n")
                .markup("<p><button name=\"" + ACTION + "\" value=\"" + SIGN_IN + "\">Sign in</button></p>\n")
                .markup("</form>\n</main>\n");
        return Page.of("Sign in", "", html);
    }

    /**
     * The page.
     *
     * @param used empty without a database, or while it cannot be read
     */
    public static String of(Client client, Optional<OwnUsage.Numbers> used, String formToken) {
        var page = new OwnPage(client, used);
        page.header(formToken);
        page.html.markup("<main>\n");
        page.spend();
        page.limits();
        page.sessions();
        page.html.markup("</main>\n");
        return Page.of("Your use", "", page.html);
    }

    private void header(String formToken) {
        html.markup("<header><h1>")
                .text("Use of " + client.name())
                .markup("</h1>\n<form method=\"post\"><input type=\"hidden\" name=\"" + FORM_TOKEN + "\"")
                .attribute("value", formToken)
                .markup("><button name=\"" + ACTION + "\" value=\"" + SIGN_OUT
                        + "\">Sign out</button></form></header>\n");
    }

    private void spend() {
        html.markup("<h2>Spend</h2>\n");
        if (used.isEmpty()) {
            html.markup("<p>Nothing is counted, or it cannot be read now.</p>\n");
            return;
        }
        var rows = used.get().spend();
        if (rows.isEmpty()) {
            html.markup("<p>No limit by day, week or month applies to you.</p>\n");
            return;
        }
        beginTable("Spend under the limit that leaves the least", "Period", "Spent, USD", "Limit, USD", "Limit of");
        for (var row : rows) {
            row(row.period(), dollars(row.spent()), dollars(row.limit()), owner(row));
        }
        endTable();
    }

    private static String owner(Spend row) {
        return switch (row.of()) {
            case "user" -> "you";
            case "rbac_group" -> "your team";
            default -> "the organization";
        };
    }

    private void limits() {
        html.markup("<h2>Rate limits</h2>\n");
        var limits = client.entry()
                .map((PolicyEntry entry) -> entry.limits(List.of()))
                .orElse(List.of());
        if (limits.isEmpty()) {
            html.markup("<p>None apply to all your requests. Models may have some.</p>\n");
            return;
        }
        beginTable(
                "Rate limits",
                "Limit of",
                "Requests a minute",
                "Input tokens a minute",
                "Output tokens a minute",
                "At the same time");
        for (var each : limits) {
            row(
                    owner(each),
                    number(each.limits().requests()),
                    number(each.limits().inputTokens()),
                    number(each.limits().outputTokens()),
                    number(each.limits().concurrent()));
        }
        endTable();
    }

    private static String owner(OwnedLimits limits) {
        return switch (limits.scope()) {
            case CLIENT -> "you";
            case TEAM -> "team " + limits.owner();
            case MODEL -> "model " + limits.owner();
            case ORGANIZATION, TAG, SESSION -> "the organization";
        };
    }

    private static String number(OptionalLong limit) {
        return limit.isPresent() ? String.format(Locale.ROOT, "%,d", limit.getAsLong()) : "-";
    }

    private void sessions() {
        var found = used.flatMap(OwnUsage.Numbers::sessions);
        html.markup("<h2>Sessions of the last 24 hours</h2>\n");
        if (found.isEmpty()) {
            html.markup("<p>They cannot be read now.</p>\n");
            return;
        }
        var sessions = found.get();
        if (sessions.isEmpty()) {
            html.markup("<p>None.</p>\n");
            return;
        }
        beginTable("Sessions", "Session", "Requests", "Cost, USD", "Last request (UTC)");
        for (SessionSums each : sessions) {
            row(
                    each.id(),
                    Long.toString(each.rows()),
                    each.dollars().setScale(4, RoundingMode.CEILING).toPlainString(),
                    time(each.lastEnd()));
        }
        endTable();
    }

    private void beginTable(String caption, String... heads) {
        html.markup("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + caption
                + "\"><table>\n<caption>" + caption + "</caption>\n<thead><tr>");
        for (var head : heads) {
            html.markup("<th scope=\"col\">").text(head).markup("</th>");
        }
        html.markup("</tr></thead>\n<tbody>\n");
    }

    private void row(String title, String... cells) {
        html.markup("<tr><th scope=\"row\">").text(title).markup("</th>");
        for (var cell : cells) {
            html.markup("<td>").text(cell).markup("</td>");
        }
        html.markup("</tr>\n");
    }

    private void endTable() {
        html.markup("</tbody>\n</table></div>\n");
    }

    private static String dollars(String cents) {
        return new BigDecimal(cents)
                .movePointLeft(CENT_DECIMALS)
                .setScale(CENT_DECIMALS, RoundingMode.CEILING)
                .toPlainString();
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", "");
    }
}
