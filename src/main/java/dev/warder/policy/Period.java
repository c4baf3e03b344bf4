package dev.warder.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.Optional;

/**
 * How often a budget begins again, by the calendar of a time zone. In each zone the windows of a period follow each other
 * without a gap, and each instant is in exactly one of them. Immutable.
 */
public enum Period {
    /**
     * From one whole hour of the wall clock to the next. An hour that is repeated when the clock is set back has two windows,
     * one that is skipped has none, and a change within an hour ends the window.
     */
    HOUR,
    /**
     * From the first moment of a date to the first moment of the next. It may have 23 or 25 hours. A date never begins twice,
     * also where the clock is set back over midnight.
     */
    DAY,
    WEEK,
    MONTH,
    /** Forever: the budget never begins again. */
    LIFETIME;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The window that contains an instant.
     *
     * @param at in the years 1 to 9999
     * @param zone the zone whose calendar counts; without effect on {@link #LIFETIME}
     */
    public Window windowAt(Instant at, ZoneId zone) {
        return switch (this) {
            case HOUR -> hourAt(at, zone.getRules());
            case DAY -> {
                LocalDate day = dateAt(at, zone);
                yield between(day, day.plusDays(1), zone);
            }
            case WEEK -> {
                LocalDate monday = dateAt(at, zone).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                yield between(monday, monday.plusWeeks(1), zone);
            }
            case MONTH -> {
                LocalDate first = dateAt(at, zone).withDayOfMonth(1);
                yield between(first, first.plusMonths(1), zone);
            }
            case LIFETIME -> new Window(Instant.EPOCH, Optional.empty());
        };
    }

    private static Window between(LocalDate first, LocalDate next, ZoneId zone) {
        return new Window(beginning(first, zone), Optional.of(beginning(next, zone)));
    }

    private static Instant beginning(LocalDate date, ZoneId zone) {
        return date.atStartOfDay(zone).toInstant();
    }

    /** The latest date that has begun. Where the clock is set back over midnight, the wall clock shows the one before it. */
    private static LocalDate dateAt(Instant at, ZoneId zone) {
        LocalDate date = at.atZone(zone).toLocalDate();
        while (!beginning(date.plusDays(1), zone).isAfter(at)) {
            date = date.plusDays(1);
        }
        return date;
    }

    private static Window hourAt(Instant at, ZoneRules rules) {
        Instant wholeHour =
                at.atOffset(rules.getOffset(at)).truncatedTo(ChronoUnit.HOURS).toInstant();
        var change = rules.previousTransition(at.plusNanos(1));
        boolean changed = change != null && change.getInstant().isAfter(wholeHour);
        Instant nextHour = wholeHour.plus(1, ChronoUnit.HOURS);
        var nextChange = rules.nextTransition(at);
        boolean changes = nextChange != null && nextChange.getInstant().isBefore(nextHour);
        return new Window(
                changed ? change.getInstant() : wholeHour, Optional.of(changes ? nextChange.getInstant() : nextHour));
    }

    /**
     * One window of a {@link Period}. Immutable.
     *
     * @param start the first instant; 1970 for {@link Period#LIFETIME}
     * @param end the first instant after it; empty for {@link Period#LIFETIME}
     */
    public record Window(Instant start, Optional<Instant> end) {
        public Window {
            if (end.isPresent() && !start.isBefore(end.get())) {
                throw new IllegalArgumentException("a window must end after its start");
            }
        }

        /** Whether {@code at} is in the window. The window of {@link Period#LIFETIME} has no instant before its start. */
        public boolean contains(Instant at) {
            return !at.isBefore(start) && (end.isEmpty() || at.isBefore(end.get()));
        }
    }
}
