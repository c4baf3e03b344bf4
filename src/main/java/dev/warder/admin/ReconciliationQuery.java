package dev.warder.admin;

import dev.warder.http.Form;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The query of a list: days in UTC, both inclusive.
 *
 * @param csv whether the list is wanted as CSV
 */
record ReconciliationQuery(LocalDate from, LocalDate to, boolean csv) {
    /** The longest range in days. */
    static final int MOST_DAYS = 400;

    private static final int USUAL_DAYS = 31;

    /** The query, or empty if it is wrong; by itself the last 31 days that have ended. */
    static Optional<ReconciliationQuery> parse(Form query, Instant now) {
        var yesterday = now.atOffset(ZoneOffset.UTC).toLocalDate().minusDays(1);
        String format = query.value("format");
        var to = date(query.value("to"), yesterday);
        var from = to.flatMap(end -> date(query.value("from"), end.minusDays(USUAL_DAYS - 1)));
        boolean known = format.isEmpty() || format.equals("json") || format.equals("csv");
        if (!known || from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        boolean sound =
                !from.get().isAfter(to.get()) && from.get().plusDays(MOST_DAYS).isAfter(to.get());
        return sound
                ? Optional.of(new ReconciliationQuery(from.get(), to.get(), format.equals("csv")))
                : Optional.empty();
    }

    private static Optional<LocalDate> date(String text, LocalDate usual) {
        return text.isEmpty()
                ? Optional.of(usual)
                : ReconciliationPath.date(text).filter(day -> day.getYear() >= 2000 && day.getYear() <= 9999);
    }
}
