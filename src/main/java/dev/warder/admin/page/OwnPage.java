package dev.warder.admin.page;

import dev.warder.adminapi.OwnUsage;
import dev.warder.adminapi.OwnUsage.Spend;
import dev.warder.auth.Client;
import dev.warder.ledger.store.SessionSums;
import dev.warder.policy.OwnedLimits;
import dev.warder.policy.PolicyEntry;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes the page of a client. */
public final class OwnPage {
    private static final int CENT_DECIMALS = 2;

    public static final String REFERENCE = "me";

    /** The field with what a form is for. All forms are sent to the page itself. */
    public static final String ACTION = "action";

    public static final String SIGN_IN = "sign-in";

    public static final String SIGN_OUT = "sign-out";

    public static final String TOKEN = "token";

    private OwnPage() {}

    public static String signIn(String problem) {
        var content = Html.of(
                """
                <main>
                <h1>Your use of this gateway</h1>
                {}<form method="post">
                <label for="token">Your access token</label>
                <input id="token" name="token" type="password" autocomplete="off" required autofocus>
                <p><button name="action" value="sign-in">Sign in</button></p>
                </form>
                </main>
                """,
                Page.problem(problem));
        return Page.of("Sign in", "", content);
    }

    /**
     * The page.
     *
     * @param used empty without a database, or while it cannot be read
     */
    public static String of(Client client, Optional<OwnUsage.Numbers> used, String formToken) {
        var spend = used.map(each -> spend(each.spend()))
                .orElseGet(() -> Html.of("<p>Nothing is counted, or it cannot be read now.</p>\n"));
        var sessions = used.flatMap(OwnUsage.Numbers::sessions)
                .map(OwnPage::sessions)
                .orElseGet(() -> Html.of("<p>They cannot be read now.</p>\n"));
        String markup =
                """
                <header><h1>Use of {}</h1>
                <form method="post">{}<button name="action" value="sign-out">Sign out</button></form></header>
                <main>
                <h2>Spend</h2>
                {}<h2>Rate limits</h2>
                {}<h2>Sessions of the last 24 hours</h2>
                {}</main>
                """;
        var token = Html.hidden(PageRequest.FORM_TOKEN, formToken);
        return Page.of("Your use", "", Html.of(markup, client.name(), token, spend, limits(client), sessions));
    }

    private static Html spend(List<Spend> rows) {
        var table = Table.with("Period", "Spent, USD", "Limit, USD", "Limit of");
        for (var row : rows) {
            table.row(
                    Cell.text(row.period()),
                    Cell.text(dollars(row.spent())),
                    Cell.text(dollars(row.limit())),
                    Cell.text(owner(row)));
        }
        return table(
                table, "Spend under the limit that leaves the least", "No limit by day, week or month applies to you.");
    }

    private static String owner(Spend row) {
        return switch (row.of()) {
            case "user" -> "you";
            case "rbac_group" -> "your team";
            default -> "the organization";
        };
    }

    private static Html limits(Client client) {
        var table = Table.with(
                "Limit of", "Requests a minute", "Input tokens a minute", "Output tokens a minute", "At the same time");
        client.entry()
                .map((PolicyEntry entry) -> entry.limits(List.of()))
                .orElse(List.of())
                .forEach(each -> table.row(
                        Cell.text(owner(each)),
                        number(each.limits().requests()),
                        number(each.limits().inputTokens()),
                        number(each.limits().outputTokens()),
                        number(each.limits().concurrent())));
        return table(table, "Rate limits", "None apply to all your requests. Models may have some.");
    }

    private static String owner(OwnedLimits limits) {
        return switch (limits.scope()) {
            case CLIENT -> "you";
            case TEAM -> "team " + limits.owner();
            case MODEL -> "model " + limits.owner();
            case ORGANIZATION, TAG, SESSION -> "the organization";
        };
    }

    private static Cell number(OptionalLong limit) {
        return Cell.text(limit.isPresent() ? Shown.count(limit.getAsLong()) : "-");
    }

    private static Html sessions(List<SessionSums> sessions) {
        var table = Table.with("Session", "Requests", "Cost, USD", "Last request (UTC)");
        for (var each : sessions) {
            table.row(
                    Cell.text(each.id()),
                    Cell.text(Long.toString(each.rows())),
                    Cell.text(each.dollars().setScale(4, RoundingMode.CEILING).toPlainString()),
                    Cell.text(Shown.time(each.lastEnd())));
        }
        return table(table, "Sessions", "None.");
    }

    /** @param none a sentence in the place of a table without rows */
    private static Html table(Table table, String caption, String none) {
        return table.isEmpty()
                ? Html.of("<p>{}</p>\n", none)
                : Html.of(
                        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</div>\n",
                        caption,
                        table.html(caption));
    }

    private static String dollars(String cents) {
        return new BigDecimal(cents)
                .movePointLeft(CENT_DECIMALS)
                .setScale(CENT_DECIMALS, RoundingMode.CEILING)
                .toPlainString();
    }
}
