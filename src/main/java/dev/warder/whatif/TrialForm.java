package dev.warder.whatif;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ValueSyntax;
import dev.warder.http.Form;
import dev.warder.policy.reading.PolicySyntax;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a trial as they were typed. Immutable.
 *
 * @param scope a word of {@link TrialScope}
 * @param amount US dollars
 * @param period a word of {@link dev.warder.policy.Period}
 * @param zone an IANA time zone
 * @param month such as {@code 2026-10}
 */
public record TrialForm(String scope, String name, String amount, String period, String zone, String month) {
    private static final int LONGEST_NAME = 256;
    private static final int FIRST_YEAR = 2000;
    private static final int LAST_YEAR = 9998;

    /** The fields of an address; what is missing is the usual value, and the month the last one that is over. */
    public static TrialForm of(Form query, InstantSource clock) {
        var last = YearMonth.from(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))
                .minusMonths(1);
        return new TrialForm(
                typed(query, "scope", TrialScope.EACH_CLIENT.word()),
                typed(query, "name", ""),
                typed(query, "amount", ""),
                typed(query, "period", "month"),
                typed(query, "zone", "UTC"),
                typed(query, "month", last.toString()));
    }

    private static String typed(Form query, String field, String usual) {
        return Optional.of(query.value(field).strip())
                .filter(text -> !text.isEmpty())
                .orElse(usual);
    }

    /** Whether there is anything to try: without an amount the page is only a form. */
    public boolean isBegun() {
        return !amount.isEmpty();
    }

    /** A trial, or what is wrong with the fields: one of both is empty. */
    public record Read(Optional<Trial> trial, List<String> problems) {
        /** Copies the list. */
        public Read {
            problems = List.copyOf(problems);
        }
    }

    /** Reads all fields. */
    public Read read() {
        var problems = new ArrayList<String>();
        var readScope = field("For", scope, ValueSyntax.oneOf(List.of(TrialScope.values())), problems);
        var readAmount = field("Amount", amount, PolicySyntax::amount, problems);
        var readPeriod = field("Period", period, ValueSyntax.oneOf(Trial.PERIODS), problems);
        var readZone = field("Time zone", zone, PolicySyntax::zone, problems);
        var readMonth = field("Month", month, TrialForm::month, problems);
        boolean named = readScope.map(TrialScope::isNamed).orElse(false);
        if (named && name.isEmpty() || name.length() > LONGEST_NAME) {
            problems.add("Name: is required for one client or one team, and has at most 256 characters");
        }
        if (!problems.isEmpty()) {
            return new Read(Optional.empty(), problems);
        }
        return new Read(
                Optional.of(new Trial(
                        readScope.orElseThrow(),
                        named ? name : "",
                        readAmount.orElseThrow(),
                        readPeriod.orElseThrow(),
                        readZone.orElseThrow(),
                        readMonth.orElseThrow())),
                List.of());
    }

    private static <T> Optional<T> field(
            String title, String text, ValueSyntax.Parser<T> parser, List<String> problems) {
        try {
            return Optional.of(parser.parse(text));
        } catch (InvalidValueException invalid) {
            problems.add(title + ": " + invalid.getMessage());
            return Optional.empty();
        }
    }

    private static YearMonth month(String text) throws InvalidValueException {
        try {
            var month = YearMonth.parse(text);
            if (month.getYear() >= FIRST_YEAR && month.getYear() <= LAST_YEAR) {
                return month;
            }
        } catch (DateTimeException malformed) {
            // The same problem as a year that is out of range.
        }
        throw new InvalidValueException("must be a month such as 2026-10");
    }
}
