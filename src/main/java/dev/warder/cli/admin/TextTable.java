package dev.warder.cli.admin;

import java.util.ArrayList;
import java.util.List;

/** A table in text, with columns of the width that they need. One thread at a time. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** @param headings one for each column */
    TextTable(List<String> headings) {
        rows.add(headings);
    }

    /** Adds a row with as many cells as there are columns; what a terminal could obey is replaced. */
    void add(List<String> cells) {
        rows.add(cells.stream()
                .map(cell -> cell.isEmpty() ? "-" : cell.replaceAll("\\p{C}", "?"))
                .toList());
    }

    /** The table, one line for each row. */
    String text() {
        var widths = new int[rows.get(0).size()];
        for (var row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        var text = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String cell = row.get(column);
                line.append(cell)
                        .append(" ".repeat(widths[column] - cell.length()))
                        .append(GAP);
            }
            text.append(line.toString().stripTrailing()).append("\n");
        }
        return text.toString();
    }
}
