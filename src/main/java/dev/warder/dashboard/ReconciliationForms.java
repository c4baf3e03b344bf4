package dev.warder.dashboard;

import dev.warder.html.Html;
import dev.warder.reconciliation.ReconciliationReport;
import java.time.LocalDate;
import java.util.stream.Stream;

/** The forms of the page of reconciliation. */
final class ReconciliationForms {
    private ReconciliationForms() {}

    /** A button that looks at the reports now. */
    static void look(Html html, String formToken) {
        if (!formToken.isEmpty()) {
            html.markup("<form method=\"post\" action=\"api/reconciliation/run\">");
            hidden(html, "csrf", formToken);
            html.markup("<button>Look now</button></form>\n");
        }
    }

    /**
     * Books what is open of a day, or of one model or credential of it.
     *
     * @param version of what the administrator sees, which is what is booked
     */
    static void book(
            Html html,
            ReconciliationPage.Administrator administrator,
            ReconciliationReport report,
            LocalDate day,
            String version) {
        var lines = report.lines().stream()
                .filter(line -> line.id().day().equals(day))
                .toList();
        String id = "b-" + day;
        html.markup("<details><summary>").text("Book differences of " + day).markup("</summary>\n");
        html.markup("<form class=\"book\" method=\"post\"")
                .attribute("action", "api/reconciliation/" + day + "/book")
                .markup(">\n");
        hidden(html, "csrf", administrator.formToken());
        hidden(html, "from", report.from().toString());
        hidden(html, "to", report.to().toString());
        hidden(html, "version", version);
        choice(html, id + "-model", "model", "Model", lines.stream().map(line -> line.id()
                .model()));
        choice(
                html,
                id + "-credential",
                "credential",
                "Credential",
                lines.stream().map(line -> line.id().credential()));
        text(html, id + "-reason", "reason", "Reason", 200, " required");
        administrator
                .namePattern()
                .ifPresent(
                        pattern -> text(html, id + "-name", "name", "Your name", 64, " pattern=\"" + pattern + "\""));
        html.markup("<button>Book</button></form></details>\n");
    }

    private static void hidden(Html html, String name, String value) {
        html.markup("<input type=\"hidden\" name=\"" + name + "\"")
                .attribute("value", value)
                .markup(">");
    }

    private static void choice(Html html, String id, String name, String label, Stream<String> values) {
        html.markup("<span><label").attribute("for", id).markup(">" + label + "</label> <select name=\"" + name + "\"");
        html.attribute("id", id).markup("><option value=\"\">all</option>");
        // A name that is empty would stand for all.
        values.filter(value -> !value.isEmpty()).distinct().sorted().forEach(value -> html.markup("<option")
                .attribute("value", value)
                .markup(">")
                .text(value)
                .markup("</option>"));
        html.markup("</select></span>\n");
    }

    private static void text(Html html, String id, String name, String label, int most, String more) {
        html.markup("<span><label")
                .attribute("for", id)
                .markup(">" + label + "</label> <input type=\"text\" name=\"" + name + "\" maxlength=\"" + most
                        + "\" autocomplete=\"off\"" + more);
        html.attribute("id", id).markup("></span>\n");
    }
}
