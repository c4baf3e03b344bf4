package dev.warder.admin.page;

import dev.warder.ledger.CsvText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A value of a table. Immutable.
 *
 * @param shown as text on the page, not escaped
 * @param csv as a field of CSV
 * @param number whether it is aligned as a number
 * @param whole whether it stays on one line
 * @param share from 0 to 1, the length of a bar next to the text; empty for no bar
 */
record Cell(String shown, String csv, boolean number, boolean whole, Optional<Double> share) {
    static Cell text(String text) {
        return new Cell(text, CsvText.field(text), false, false, Optional.empty());
    }

    static Cell text(Optional<String> text) {
        return text.map(Cell::text).orElseGet(() -> new Cell("-", "", false, false, Optional.empty()));
    }

    static Cell count(long count) {
        return number(Shown.count(count), Long.toString(count));
    }

    static Cell shortCount(long count) {
        return number(Shown.shortCount((double) count), Long.toString(count));
    }

    static Cell dollars(long nanos) {
        return number(Shown.dollars(nanos), Shown.exactDollars(nanos).toPlainString());
    }

    static Cell dollars(long nanos, long most) {
        var cell = dollars(nanos);
        return new Cell(cell.shown, cell.csv, true, true, Optional.of(most == 0 ? 0 : (double) nanos / most));
    }

    /** Milliseconds in CSV; a dash if nothing was measured. */
    static Cell duration(Duration time, long measured) {
        return measured == 0 ? number("-", "") : number(Shown.duration(time), Shown.exactMillis(time));
    }

    static Cell percent(long part, long whole) {
        return number(Shown.percent(part, whole), whole == 0 ? "" : Long.toString(Math.round(100.0 * part / whole)));
    }

    static Cell time(Instant time) {
        return new Cell(Shown.time(time), Shown.exactTime(time), false, true, Optional.empty());
    }

    static Cell number(String shown, String csv) {
        return new Cell(shown, csv, true, true, Optional.empty());
    }
}
