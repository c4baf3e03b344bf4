package dev.warder.admin.page;

import dev.warder.ledger.CsvText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The values of a panel: its table on the page and its CSV. Immutable.
 *
 * @param heads the titles of the columns; their CSV names are the same in lower case
 * @param rows as many cells in each as there are heads; the first one is the row's title
 */
record Table(List<String> heads, List<List<Cell>> rows) {
    Table {
        heads = List.copyOf(heads);
        rows = List.copyOf(rows);
    }

    static Builder with(String... heads) {
        return new Builder(List.of(heads));
    }

    /** Collects rows. One thread at a time. */
    static final class Builder {
        private final List<String> heads;
        private final List<List<Cell>> rows = new ArrayList<>();

        private Builder(List<String> heads) {
            this.heads = heads;
        }

        Builder row(Cell... cells) {
            if (cells.length != heads.size()) {
                throw new IllegalArgumentException("a row must have a cell for each column");
            }
            rows.add(List.of(cells));
            return this;
        }

        Table table() {
            return new Table(heads, rows);
        }
    }

    /** The file, RFC 4180, with a line of titles. */
    String csv() {
        var lines = new StringBuilder();
        lines.append(heads.stream()
                        .map(head -> CsvText.field(head.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_")))
                        .collect(Collectors.joining(",")))
                .append("\r\n");
        for (var row : rows) {
            lines.append(row.stream().map(Cell::csv).collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        return lines.toString();
    }

    Html html(String caption) {
        var html = new Html().markup("<table>\n<caption>").text(caption).markup("</caption>\n<thead><tr>");
        for (int i = 0; i < heads.size(); i++) {
            html.markup(isNumber(i) ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                    .text(heads.get(i))
                    .markup("</th>");
        }
        html.markup("</tr></thead>\n<tbody>\n");
        rows.forEach(row -> row(html, row));
        return html.markup("</tbody>\n</table>\n");
    }

    private boolean isNumber(int column) {
        return !rows.isEmpty() && rows.get(0).get(column).number();
    }

    private static void row(Html html, List<Cell> row) {
        html.markup(row.get(0).whole() ? "<tr><th scope=\"row\" class=\"w\">" : "<tr><th scope=\"row\">")
                .text(row.get(0).shown())
                .markup("</th>");
        for (var cell : row.subList(1, row.size())) {
            html.markup(cell.number() ? "<td class=\"n\">" : cell.whole() ? "<td class=\"w\">" : "<td>");
            cell.share().ifPresent(share -> html.markup(Plot.bar(share)));
            html.text(cell.shown()).markup("</td>");
        }
        html.markup("</tr>\n");
    }
}
