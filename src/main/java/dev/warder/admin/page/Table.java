package dev.warder.admin.page;

import dev.warder.ledger.CsvText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table of a panel, and its CSV. One thread at a time. */
public record Table(List<String> heads, List<List<Cell>> rows) {
    /** @param heads the titles of the columns; their CSV names are the same in lower case */
    static Table with(String... heads) {
        return new Table(List.of(heads), new ArrayList<>());
    }

    /** See {@link #row(List)}. */
    Table row(Object... values) {
        return row(List.of(values));
    }

    /** A value for each column, see {@link Cell#of}; the first one is the row's title, unless it is a number. */
    Table row(List<?> values) {
        if (values.size() != heads.size()) {
            throw new IllegalArgumentException("a row must have a cell for each column");
        }
        rows.add(values.stream().map(Cell::of).toList());
        return this;
    }

    /** The class of the style sheet for a column's title. */
    public String style(int column) {
        return !rows.isEmpty() && rows.get(0).get(column).isNumber() ? Cell.NUMBER : "";
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
}
