package dev.warder.admin.page;

import dev.warder.ledger.CsvText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

    /**
     * A value of a table. Immutable.
     *
     * @param shown on the page
     * @param csv as a field of CSV
     * @param style a class of the style sheet: {@code n} for a number, {@code w} for what stays on one line; empty for none
     * @param bar the percentage of the bar before it; empty for none
     */
    public record Cell(String shown, String csv, String style, String bar) {
        static final String NUMBER = "n";

        /** A cell as it is, a count, a time, or a text; a dash for an empty {@code Optional}. */
        static Cell of(Object value) {
            if (value instanceof Cell cell) {
                return cell;
            }
            if (value instanceof Number count) {
                return number(Shown.count(count.longValue()), count.toString());
            }
            if (value instanceof Instant time) {
                return new Cell(Shown.time(time), Shown.exactTime(time), "w", "");
            }
            if (value instanceof Optional<?> optional) {
                return optional.<Cell>map(Cell::of).orElseGet(() -> new Cell("-", "", "", ""));
            }
            String text = String.valueOf(value);
            return new Cell(text, CsvText.field(text), "", "");
        }

        static Cell shortCount(long count) {
            return number(Shown.shortCount((double) count), Long.toString(count));
        }

        static Cell dollars(long nanos) {
            return number(Shown.dollars(nanos), Shown.exactDollars(nanos).toPlainString());
        }

        /** With a bar whose length is the share of {@code most}. */
        static Cell dollars(long nanos, long most) {
            double share = most == 0 ? 0 : (double) nanos / most;
            var cell = dollars(nanos);
            return new Cell(cell.shown, cell.csv, NUMBER, Plot.text(Math.max(0, Math.min(1, share)) * 100));
        }

        /** Milliseconds in CSV; a dash if nothing was measured. */
        static Cell duration(Duration time, long measured) {
            return measured == 0 ? number("-", "") : number(Shown.duration(time), Shown.exactMillis(time));
        }

        static Cell percent(long part, long whole) {
            return number(
                    Shown.percent(part, whole), whole == 0 ? "" : Long.toString(Math.round(100.0 * part / whole)));
        }

        static Cell number(String shown, String csv) {
            return new Cell(shown, csv, NUMBER, "");
        }

        public boolean isNumber() {
            return style.equals(NUMBER);
        }
    }
}
