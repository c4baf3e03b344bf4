package dev.warder.ownpage;

import dev.warder.html.Html;
import dev.warder.html.Page;
import dev.warder.http.Form;
import dev.warder.ledger.store.SessionSums;
import dev.warder.organization.spendlimit.OwnUsage;
import dev.warder.organization.spendlimit.OwnUsage.Spend;
import dev.warder.policy.OwnedLimits;
import dev.warder.policy.PolicyEntry;
import dev.warder.spendlimit.IncreaseRequest;
import dev.warder.spendlimit.IncreaseRequest.Resolution;
import dev.warder.spendlimit.LimitWords;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Writes the page of a client. One thread at a time. */
public final class OwnPage {
    private static final int CENT_DECIMALS = 2;

    /** The page, relative to itself. */
    public static final String REFERENCE = "me";

    /** Why a request for a higher limit cannot be made. */
    public static final String NO_REQUESTS =
            "This gateway has no database, and so no limits that could be raised here.";

    private final Html html = new Html();
    private final OwnView view;
    private final String formToken;

    private OwnPage(OwnView view, String formToken) {
        this.view = view;
        this.formToken = formToken;
    }

    /**
     * The page.
     *
     * @param problem why the form has led to nothing; empty text for none
     * @param typed what was typed
     */
    public static String of(OwnView view, String formToken, String problem, Form typed) {
        var page = new OwnPage(view, formToken);
        page.header();
        page.html.markup("<main>\n");
        OwnForms.problem(page.html, problem);
        page.spend();
        page.limits();
        page.sessions();
        page.requests(typed);
        page.html.markup("</main>\n");
        return Page.of("Your use", "", page.html);
    }

    private void header() {
        html.markup("<header><h1>").text("Use of " + view.client().name()).markup("</h1>\n");
        OwnForms.signOut(html, formToken);
        html.markup("</header>\n");
    }

    private void spend() {
        html.markup("<h2>Spend</h2>\n");
        if (view.used().isEmpty()) {
            html.markup("<p>Nothing is counted, or it cannot be read now.</p>\n");
            return;
        }
        var rows = view.used().get().spend();
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
        var limits = view.client()
                .entry()
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
        var found = view.used().flatMap(OwnUsage.Numbers::sessions);
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

    private void requests(Form typed) {
        html.markup("<h2>Higher limits</h2>\n");
        if (!view.mayAsk()) {
            html.markup("<p>").text(NO_REQUESTS).markup("</p>\n");
            return;
        }
        OwnForms.ask(html, formToken, typed);
        if (view.requests().isEmpty()) {
            html.markup("<p>Your requests cannot be read now.</p>\n");
            return;
        }
        var requests = view.requests().get();
        if (!requests.isEmpty()) {
            beginTable("Your requests", "Made (UTC)", "Period", "Asked for, USD", "Status", "New limit, USD");
            requests.forEach(this::request);
            endTable();
        }
    }

    private void request(IncreaseRequest request) {
        row(
                time(request.madeAt()),
                LimitWords.word(request.period()),
                LimitWords.dollars(request.askedCents()),
                request.status().word(),
                request.resolution()
                        .map(Resolution::grantedCents)
                        .map(LimitWords::dollars)
                        .orElse("-"));
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
