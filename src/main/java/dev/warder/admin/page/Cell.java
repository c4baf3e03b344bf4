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
 */
public record Cell(Html shown, String csv, String style) {
    static final String NUMBER = "n";
    static final String WHOLE = "w";

    static Cell text(String text) {
        return new Cell(new Html().text(text), CsvText.field(text), "");
    }

    static Cell text(Optional<String> text) {
        return text.map(Cell::text).orElseGet(() -> new Cell(new Html().text("-"), "", ""));
    }

    /** A text that stays on one line. */
    static Cell whole(String text) {
        return new Cell(new Html().text(text), CsvText.field(text), WHOLE);
    }

    /** In a table that has no CSV. */
    public static Cell html(Html shown) {
        return new Cell(shown, "", "");
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

    /** With a bar whose length is the share of {@code most}. */
    static Cell dollars(long nanos, long most) {
        var bar = Html.of(Plot.bar(most == 0 ? 0 : (double) nanos / most));
        return new Cell(bar.text(Shown.dollars(nanos)), dollars(nanos).csv, NUMBER);
    }

    /** Milliseconds in CSV; a dash if nothing was measured. */
    static Cell duration(Duration time, long measured) {
        return measured == 0 ? number("-", "") : number(Shown.duration(time), Shown.exactMillis(time));
    }

    static Cell percent(long part, long whole) {
        return number(Shown.percent(part, whole), whole == 0 ? "" : Long.toString(Math.round(100.0 * part / whole)));
    }

    static Cell time(Instant time) {
        return new Cell(new Html().text(Shown.time(time)), Shown.exactTime(time), WHOLE);
    }

    static Cell number(String shown, String csv) {
        return new Cell(new Html().text(shown), csv, NUMBER);
    }
}
