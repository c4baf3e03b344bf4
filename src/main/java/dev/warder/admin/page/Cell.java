package dev.warder.admin.page;

import dev.warder.ledger.CsvText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

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
        return number(Shown.percent(part, whole), whole == 0 ? "" : Long.toString(Math.round(100.0 * part / whole)));
    }

    static Cell number(String shown, String csv) {
        return new Cell(shown, csv, NUMBER, "");
    }

    public boolean isNumber() {
        return style.equals(NUMBER);
    }
}
