package dev.warder.dashboard;

import dev.warder.html.Html;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The panels, in the order of the page. */
public enum Panel {
    NODE("This node", "full", false, NodePanels::node),
    REQUESTS("Requests", "half", true, TimePanels::requests),
    TOKENS("Tokens", "half", true, TimePanels::tokens),
    COST("Cost", "third", true, TimePanels::cost),
    FIRST_BYTE("Time to first byte", "third", true, TimePanels::firstByte),
    ADDED_LATENCY("Added latency", "third", true, TimePanels::addedLatency),
    LIVE("Open now", "third", false, NodePanels::live),
    CREDENTIALS("Credentials", "wider", false, NodePanels::credentials),
    MODELS("Models", "half", true, SharePanels::models),
    CLIENTS("Clients", "half", true, SharePanels::clients),
    SESSIONS("Sessions", "full", true, SharePanels::sessions),
    REFUSALS("Last refusals and failures", "full", false, NodePanels::refusals);

    private final String title;
    private final String width;
    private final boolean ofLedger;
    private final Function<Snapshot, Content> content;

    Panel(String title, String width, boolean ofLedger, Function<Snapshot, Content> content) {
        this.title = title;
        this.width = width;
        this.ofLedger = ofLedger;
        this.content = content;
    }

    /** The panel whose CSV has this name. */
    public static Optional<Panel> named(String word) {
        return Arrays.stream(values())
                .filter(panel -> panel.word().equals(word))
                .findFirst();
    }

    /** Its name in addresses: lower case and hyphens. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it shows what the ledger has. */
    boolean isOfLedger() {
        return ofLedger;
    }

    Content content(Snapshot snapshot) {
        return content.apply(snapshot);
    }

    /** The panel as a section of the page. */
    Html html(Snapshot snapshot) {
        var html = new Html()
                .markup("<section class=\"panel " + width + "\" id=\"" + word() + "\" aria-labelledby=\"" + word()
                        + "-title\">\n<div class=\"head\"><h2 id=\"" + word() + "-title\">")
                .text(title)
                .markup("</h2><a id=\"" + word() + "-csv\"")
                .attribute(
                        "href", "panels/" + word() + ".csv?" + snapshot.view().query())
                .attribute("aria-label", "CSV of " + title)
                .markup(">CSV</a></div>\n");
        if (ofLedger && snapshot.report().isEmpty()) {
            html.markup("<p class=\"bad\">The ledger cannot be read now.</p>\n");
        } else {
            show(html, content(snapshot));
        }
        return html.markup("</section>\n");
    }

    private void show(Html html, Content content) {
        if (!content.facts().isEmpty()) {
            html.markup("<ul class=\"facts\">");
            content.facts().forEach(fact -> html.markup("<li>")
                    .element("b", fact.value())
                    .markup(" ")
                    .text(fact.label())
                    .markup("</li>"));
            html.markup("</ul>\n");
        }
        content.notes()
                .forEach(note -> html.markup("<p class=\"note\">").text(note).markup("</p>\n"));
        var table = content.table().html(title).page();
        content.plot().ifPresent(plot -> html.markup(plot.page()));
        if (content.folded()) {
            html.markup("<details id=\"" + word() + "-table\"><summary id=\"" + word() + "-more\">Table</summary>\n");
            wide(html, table);
            html.markup("</details>\n");
        } else if (content.table().rows().isEmpty()) {
            html.markup("<p class=\"none\">None.</p>\n");
        } else {
            wide(html, table);
        }
    }

    /** A region that scrolls, by keyboard too. */
    private void wide(Html html, String table) {
        html.markup("<div class=\"wide\" tabindex=\"0\" role=\"region\" id=\"" + word() + "-wide\"")
                .attribute("aria-label", "Table: " + title)
                .markup(">\n")
                .markup(table)
                .markup("</div>\n");
    }
}
