package dev.warder.dashboard;

import dev.warder.html.Frame;
import dev.warder.html.Html;
import dev.warder.html.Navigation;
import dev.warder.policy.Period;
import dev.warder.whatif.ReachedWindow;
import dev.warder.whatif.Trial;
import dev.warder.whatif.TrialForm;
import dev.warder.whatif.TrialOwner;
import dev.warder.whatif.TrialResult;
import dev.warder.whatif.TrialScope;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The page that tries a budget on a month of the ledger. It is at {@code /admin/what-if}, and its references are relative to that. */
public final class WhatIfPage {
    private static final int ROWS = 100;
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

    private WhatIfPage() {}

    /** What the page has below its form. */
    public sealed interface Content {
        /** Nothing yet. */
        record Empty() implements Content {}

        /** Why there is no result. */
        record Problems(List<String> texts) implements Content {
            /** Copies the list. */
            public Problems {
                texts = List.copyOf(texts);
            }
        }

        /** A result. */
        record Found(TrialResult result) implements Content {}
    }

    /**
     * The page.
     *
     * @param form the fields as they were typed
     * @param formToken the value of the field {@code csrf} for the form that signs out; empty for no form
     */
    public static String page(TrialForm form, Content content, String formToken) {
        var html = Frame.begin("What if", DashboardPage.FOLDER, "main", false, Navigation.WHAT_IF)
                .markup("<h1>What if</h1>\n");
        Frame.signOut(html, DashboardPage.FOLDER, formToken);
        html.markup("</header>\n<main id=\"main\" tabindex=\"-1\">\n");
        if (content instanceof Content.Problems problems) {
            problems.texts().forEach(text -> html.markup("<p class=\"note full bad\" role=\"alert\">")
                    .text(text)
                    .markup("</p>\n"));
        }
        form(html, form);
        if (content instanceof Content.Found found) {
            result(html, form, found.result());
        }
        return html.markup("</main>\n</body>\n</html>\n").page();
    }

    /** All owners, or the windows of the one owner, as CSV (RFC 4180) with a line of titles. */
    public static String csv(TrialResult result) {
        return table(result, Integer.MAX_VALUE).csv();
    }

    private static void form(Html html, TrialForm form) {
        html.markup("<section class=\"panel full\" id=\"trial\" aria-labelledby=\"trial-title\">\n")
                .markup(
                        "<div class=\"head\"><h2 id=\"trial-title\">A budget, tried on a month of the ledger</h2></div>\n")
                .markup("<form class=\"book\" action=\"what-if\">");
        html.markup("<span><label for=\"scope\">For</label><select id=\"scope\" name=\"scope\">");
        for (var scope : TrialScope.values()) {
            option(html, scope.word(), scope.title(), form.scope());
        }
        html.markup("</select></span>");
        field(html, "name", "Client or team, if it is one", "text", form.name());
        field(html, "amount", "Amount in US dollars", "text", form.amount());
        html.markup("<span><label for=\"period\">Each</label><select id=\"period\" name=\"period\">");
        Trial.PERIODS.stream().map(Period::word).forEach(word -> option(html, word, word, form.period()));
        html.markup("</select></span>");
        field(html, "zone", "Time zone", "text", form.zone());
        field(html, "month", "Month", "month", form.month());
        html.markup("<button class=\"first\">Try</button></form>\n</section>\n");
    }

    private static void option(Html html, String value, String title, String chosen) {
        html.markup("<option")
                .attribute("value", value)
                .markup(value.equals(chosen) ? " selected>" : ">")
                .text(title)
                .markup("</option>");
    }

    private static void field(Html html, String name, String title, String type, String value) {
        html.markup("<span><label for=\"" + name + "\">")
                .text(title)
                .markup("</label><input type=\"" + type + "\" id=\"" + name + "\" name=\"" + name
                        + "\" maxlength=\"256\" autocomplete=\"off\"")
                .attribute("value", value)
                .markup("></span>");
    }

    private static void result(Html html, TrialForm form, TrialResult result) {
        html.markup("<section class=\"panel full\" id=\"result\" aria-labelledby=\"result-title\">\n")
                .markup("<div class=\"head\"><h2 id=\"result-title\">")
                .text(title(result.trial()))
                .markup("</h2>");
        if (result.all().requests() == 0) {
            html.markup("</div>\n<p class=\"none\">There are no requests with a cost in that time.</p>\n</section>\n");
            return;
        }
        html.markup("<div class=\"more\"><a")
                .attribute("href", "what-if?" + query(form) + "&format=csv")
                .markup(">CSV</a></div></div>\n<p id=\"summary\">")
                .text(summary(result))
                .markup("</p>\n");
        var table = table(result, ROWS);
        if (!table.rows().isEmpty()) {
            html.markup("<div class=\"wide all\" tabindex=\"0\" role=\"region\" aria-label=\"Table: Refused\">\n")
                    .markup(table.html("Refused").page())
                    .markup("</div>\n");
        }
        long more = rows(result) - table.rows().size();
        if (more > 0) {
            html.markup("<p class=\"none\">")
                    .text(Shown.count(more) + " further rows are in the CSV.")
                    .markup("</p>\n");
        }
        html.markup(
                        "<p class=\"foot\">An estimate from the sums that the ledger keeps for each hour of UTC, with the teams of")
                .markup(
                        " today. In the hour in which the amount is reached, requests are refused in the same proportion as")
                .markup(
                        " cost. Requests that wait, or that are sent later instead, are not considered.</p>\n</section>\n");
    }

    private static String title(Trial trial) {
        String owner = trial.scope().isNamed() ? trial.name() : trial.scope().title();
        return owner + ": $"
                + Shown.exactDollars(trial.nanos()).stripTrailingZeros().toPlainString() + " each "
                + trial.period().word() + ", " + trial.month();
    }

    private static String summary(TrialResult result) {
        var all = result.all();
        String refused = all.refused() == 0
                ? "Nothing would have been refused."
                : "About " + Shown.count(all.refusedRequests()) + " requests for " + Shown.dollars(all.refused()) + " ("
                        + Shown.percent(all.refused(), all.spent()) + ") would have been refused.";
        String owners = result.trial().scope().isForEach()
                ? " " + Shown.count(result.affected()) + " of "
                        + Shown.count(result.owners().size()) + " would have reached the amount."
                : " The amount would have been reached in " + Shown.count(all.reached()) + " of "
                        + Shown.count(all.windows()) + " "
                        + result.trial().period().word() + "s with requests.";
        String end = result.upTo()
                .map(at -> " The ledger was read up to " + Shown.time(at) + " UTC.")
                .orElse("");
        String since = result.since()
                .map(at -> " The ledger has only hours since " + Shown.time(at) + " UTC.")
                .orElse("");
        return Shown.count(all.requests()) + " requests cost " + Shown.dollars(all.spent()) + ". " + refused + owners
                + since + end;
    }

    private static Table table(TrialResult result, int most) {
        return result.trial().scope().isForEach() ? owners(result, most) : windows(result, most);
    }

    private static long rows(TrialResult result) {
        return result.trial().scope().isForEach()
                ? result.owners().size()
                : result.windows().size();
    }

    private static Table owners(TrialResult result, int most) {
        String first = result.trial().scope() == TrialScope.EACH_TEAM ? "Team" : "Client";
        var table = Table.with(first, "Spent", "Refused", "Requests", "Requests refused", "Periods", "Periods reached");
        result.owners().stream().limit(most).forEach(owner -> table.row(cells(owner)));
        return table.table();
    }

    private static Cell[] cells(TrialOwner owner) {
        return new Cell[] {
            Cell.text(owner.name()),
            Cell.dollars(owner.spent()),
            Cell.dollars(owner.refused()),
            Cell.count(owner.requests()),
            Cell.count(owner.refusedRequests()),
            Cell.count(owner.windows()),
            Cell.count(owner.reached())
        };
    }

    private static Table windows(TrialResult result, int most) {
        var table = Table.with("Begins", "Reached in the hour of", "Spent", "Refused", "Requests refused");
        result.windows().stream().limit(most).forEach(window -> table.row(cells(window, result.trial())));
        return table.table();
    }

    private static Cell[] cells(ReachedWindow window, Trial trial) {
        return new Cell[] {
            hour(window.window().start(), trial),
            hour(window.at(), trial),
            Cell.dollars(window.spent()),
            Cell.dollars(window.refused()),
            Cell.count(window.refusedRequests())
        };
    }

    /** In the time zone of the trial. */
    private static Cell hour(Instant at, Trial trial) {
        boolean utc = trial.zone().normalized().equals(ZoneOffset.UTC);
        String shown = HOUR.format(at.atZone(trial.zone())) + " "
                + (utc ? "UTC" : trial.zone().getId());
        return new Cell(shown, Shown.exactTime(at), false, true, Optional.empty());
    }

    private static String query(TrialForm form) {
        return "scope=" + encoded(form.scope()) + "&name=" + encoded(form.name()) + "&amount=" + encoded(form.amount())
                + "&period=" + encoded(form.period()) + "&zone=" + encoded(form.zone()) + "&month="
                + encoded(form.month());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
