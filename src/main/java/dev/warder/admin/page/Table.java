package dev.warder.admin.page;

import dev.warder.ledger.CsvText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table of a page, and its CSV. One thread at a time. */
public final class Table {
    private final List<String> heads;
    private final List<List<Cell>> rows = new ArrayList<>();

    private Table(List<String> heads) {
        this.heads = heads;
    }

    /** @param heads the titles of the columns; their CSV names are the same in lower case */
    public static Table with(String... heads) {
        return new Table(List.of(heads));
    }

    /** A cell for each column; the first one is the row's title, unless it is a number. */
    Table row(Cell... cells) {
        return row(List.of(cells));
    }

    public Table row(List<Cell> cells) {
        if (cells.size() != heads.size()) {
            throw new IllegalArgumentException("a row must have a cell for each column");
        }
        rows.add(cells);
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The file, RFC 4180, with a line of titles. */
    String csv() {
        var titles = heads.stream()
                .map(head -> CsvText.field(head.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_")));
        var lines = Stream.concat(
                Stream.of(titles), rows.stream().map(row -> row.stream().map(Cell::csv)));
        return lines.map(line -> line.collect(Collectors.joining(",", "", "\r\n")))
                .collect(Collectors.joining());
    }

    public Html html(String caption) {
        var html = begin(
                caption, heads, column -> !isEmpty() && isNumber(rows.get(0).get(column)));
        rows.forEach(row -> row(html, row));
        return html.markup(END);
    }

    /** The table in a region that scrolls, by keyboard too; or a sentence if there are no rows. */
    Html part(String id, String caption) {
        return isEmpty() ? Html.of(NONE) : wide(id, "", caption, html(caption));
    }

    /** A list over the whole width of a page, without CSV; nothing if there are no rows. */
    Html list(String id, String caption) {
        return isEmpty() ? new Html() : wide(id, "all", caption, html(caption));
    }

    static final String NONE = "<p class=\"none\">None.</p>\n";
    static final String END = "</tbody>\n</table>\n";

    static Html begin(String caption, List<String> heads, IntPredicate isNumber) {
        var html = Html.of("<table>\n<caption>{}</caption>\n<thead><tr>", caption);
        for (int i = 0; i < heads.size(); i++) {
            html.markup(isNumber.test(i) ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                    .markup("{}</th>", heads.get(i));
        }
        return html.markup("</tr></thead>\n<tbody>\n");
    }

    /** @param style a class of the style sheet; empty for none */
    static Html wide(String id, String style, String title, Html table) {
        String markup =
                """
                <div class="wide{}" tabindex="0" role="region" id="{}-wide" aria-label="Table: {}">
                {}</div>
                """;
        return Html.of(markup, style.isEmpty() ? "" : " " + style, id, title, table);
    }

    private static boolean isNumber(Cell cell) {
        return cell.style().equals(Cell.NUMBER);
    }

    private static void row(Html html, List<Cell> row) {
        html.markup("<tr>");
        for (int i = 0; i < row.size(); i++) {
            var cell = row.get(i);
            boolean isTitle = i == 0 && !isNumber(cell);
            html.markup(isTitle ? "<th scope=\"row\"" : "<td")
                    .markup(cell.style().isEmpty() ? ">" : " class=\"" + cell.style() + "\">")
                    .markup(isTitle ? "{}</th>" : "{}</td>", cell.shown());
        }
        html.markup("</tr>\n");
    }
}
