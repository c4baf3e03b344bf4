package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PeriodTest {
    /** Zones whose clocks were set at midnight, by half an hour, by a day, over midnight, or never. */
    private static final List<String> ODD_ZONES = List.of(
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "America/St_Johns",
            "America/Sao_Paulo",
            "America/Havana",
            "America/Caracas",
            "Africa/Cairo",
            "Africa/Casablanca",
            "Antarctica/Troll",
            "Asia/Beirut",
            "Asia/Gaza",
            "Asia/Kathmandu",
            "Asia/Pyongyang",
            "Asia/Tehran",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Pacific/Chatham",
            "Pacific/Kwajalein",
            "Etc/GMT+12");

    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // The zone's offset is 5:45, so that hours begin at a quarter past in UTC.
        "HOUR,  Asia/Kathmandu,      2026-06-01T10:00:00Z, 2026-06-01T09:15:00Z, 2026-06-01T10:15:00Z",
        "HOUR,  Europe/Berlin,       2026-06-01T10:00:00Z, 2026-06-01T10:00:00Z, 2026-06-01T11:00:00Z",
        "DAY,   UTC,                 2026-06-01T23:59:59.999999999Z, 2026-06-01T00:00:00Z, 2026-06-02T00:00:00Z",
        "DAY,   Europe/Berlin,       2026-06-01T22:00:00Z, 2026-06-01T22:00:00Z, 2026-06-02T22:00:00Z",
        "DAY,   Pacific/Kiritimati,  2026-06-01T10:00:00Z, 2026-06-01T10:00:00Z, 2026-06-02T10:00:00Z",
        // 2026-06-01 is a Monday.
        "WEEK,  UTC,                 2026-06-01T00:00:00Z, 2026-06-01T00:00:00Z, 2026-06-08T00:00:00Z",
        "WEEK,  UTC,                 2026-05-31T23:59:59Z, 2026-05-25T00:00:00Z, 2026-06-01T00:00:00Z",
        "WEEK,  America/New_York,    2026-06-01T03:59:59Z, 2026-05-25T04:00:00Z, 2026-06-01T04:00:00Z",
        "MONTH, UTC,                 2026-02-28T23:00:00Z, 2026-02-01T00:00:00Z, 2026-03-01T00:00:00Z",
        "MONTH, UTC,                 2028-02-29T23:00:00Z, 2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z",
        "MONTH, America/New_York,    2026-12-31T23:00:00Z, 2026-12-01T05:00:00Z, 2027-01-01T05:00:00Z",
        "MONTH, Pacific/Auckland,    2026-12-31T11:00:00Z, 2026-12-31T11:00:00Z, 2027-01-31T11:00:00Z",
    })
    void followsTheCalendarOfTheZone(Period period, String zone, Instant at, Instant start, Instant end) {
        assertThat(period.windowAt(at, ZoneId.of(zone))).isEqualTo(new Period.Window(start, Optional.of(end)));
    }

    @ParameterizedTest
    @CsvSource({
        // Set forward from 2:00 to 3:00: that hour has no window.
        "HOUR,  Europe/Berlin,       2026-03-29T00:59:59Z, 2026-03-29T00:00:00Z, 2026-03-29T01:00:00Z",
        "HOUR,  Europe/Berlin,       2026-03-29T01:00:00Z, 2026-03-29T01:00:00Z, 2026-03-29T02:00:00Z",
        // Set back from 3:00 to 2:00: that hour has two.
        "HOUR,  Europe/Berlin,       2026-10-25T00:30:00Z, 2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z",
        "HOUR,  Europe/Berlin,       2026-10-25T01:30:00Z, 2026-10-25T01:00:00Z, 2026-10-25T02:00:00Z",
        // Set back by half an hour, from 2:00 to 1:30, and forward from 2:00 to 2:30.
        "HOUR,  Australia/Lord_Howe, 2026-04-04T14:59:59Z, 2026-04-04T14:00:00Z, 2026-04-04T15:00:00Z",
        "HOUR,  Australia/Lord_Howe, 2026-04-04T15:00:00Z, 2026-04-04T15:00:00Z, 2026-04-04T15:30:00Z",
        "HOUR,  Australia/Lord_Howe, 2026-10-03T15:45:00Z, 2026-10-03T15:30:00Z, 2026-10-03T16:00:00Z",
        // 23 and 25 hours.
        "DAY,   Europe/Berlin,       2026-03-29T12:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
        "DAY,   Europe/Berlin,       2026-10-25T12:00:00Z, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
        // Midnight does not exist: the day begins at 1:00.
        "DAY,   America/Sao_Paulo,   2018-11-04T12:00:00Z, 2018-11-04T03:00:00Z, 2018-11-05T02:00:00Z",
        // The hour before midnight is repeated.
        "DAY,   America/Sao_Paulo,   2018-02-18T02:30:00Z, 2018-02-17T02:00:00Z, 2018-02-18T03:00:00Z",
        // At 0:01 the clock is set back to 23:01 of the day before; the new day has begun and does not end for that.
        "DAY,   America/St_Johns,    2006-10-29T02:30:30Z, 2006-10-29T02:30:00Z, 2006-10-30T03:30:00Z",
        "DAY,   America/St_Johns,    2006-10-29T03:00:00Z, 2006-10-29T02:30:00Z, 2006-10-30T03:30:00Z",
        "HOUR,  America/St_Johns,    2006-10-29T02:30:30Z, 2006-10-29T02:30:00Z, 2006-10-29T02:31:00Z",
        "HOUR,  America/St_Johns,    2006-10-29T03:00:00Z, 2006-10-29T02:31:00Z, 2006-10-29T03:30:00Z",
        // 2011-12-30 did not exist, so the 29th ends where the 31st begins.
        "DAY,   Pacific/Apia,        2011-12-30T09:59:59Z, 2011-12-29T10:00:00Z, 2011-12-30T10:00:00Z",
        "DAY,   Pacific/Apia,        2011-12-30T10:00:00Z, 2011-12-30T10:00:00Z, 2011-12-31T10:00:00Z",
        "WEEK,  Pacific/Apia,        2011-12-30T10:00:00Z, 2011-12-26T10:00:00Z, 2012-01-01T10:00:00Z",
        "MONTH, Pacific/Apia,        2011-12-30T10:00:00Z, 2011-12-01T10:00:00Z, 2011-12-31T10:00:00Z",
        // The clock is set within the week and the month.
        "WEEK,  America/New_York,    2026-03-08T12:00:00Z, 2026-03-02T05:00:00Z, 2026-03-09T04:00:00Z",
        "MONTH, America/New_York,    2026-11-15T12:00:00Z, 2026-11-01T04:00:00Z, 2026-12-01T05:00:00Z",
    })
    void followsTheClockWhereItIsSet(Period period, String zone, Instant at, Instant start, Instant end) {
        assertThat(period.windowAt(at, ZoneId.of(zone))).isEqualTo(new Period.Window(start, Optional.of(end)));
    }

    @Test
    void neverEndsALifetime() {
        var window = Period.LIFETIME.windowAt(LATEST, ZoneId.of("Asia/Tokyo"));
        assertThat(window).isEqualTo(new Period.Window(Instant.EPOCH, Optional.empty()));
        assertThat(window.contains(LATEST)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = "LIFETIME", mode = EnumSource.Mode.EXCLUDE)
    void hasEachInstantInExactlyOneWindow(Period period) {
        var random = new Random(16);
        for (var zone : zones().toList()) {
            for (int i = 0; i < 500; i++) {
                Instant at = instant(random, zone);
                var window = period.windowAt(at, zone);
                Instant end = window.end().orElseThrow();
                String place = period + " " + zone + " " + at;
                assertThat(window.contains(at)).as(place).isTrue();
                assertThat(period.windowAt(window.start(), zone)).as(place).isEqualTo(window);
                assertThat(period.windowAt(end.minusNanos(1), zone)).as(place).isEqualTo(window);
                assertThat(period.windowAt(end, zone).start()).as(place).isEqualTo(end);
                assertThat(period.windowAt(window.start().minusNanos(1), zone).end())
                        .as(place)
                        .contains(window.start());
            }
        }
    }

    /** The latest date that a clock on the wall has shown is the date at which the window begins. */
    @ParameterizedTest
    @MethodSource("zones")
    void beginsADayWhenTheWallClockFirstShowsItsDate(ZoneId zone) {
        for (var from : changes(zone)) {
            var latest = LocalDate.MIN;
            Instant start = from.minus(3, ChronoUnit.DAYS);
            for (int minutes = 0; minutes < 6 * 24 * 60; minutes += 7) {
                Instant at = start.plus(minutes, ChronoUnit.MINUTES);
                LocalDate shown = LocalDate.ofInstant(at, zone);
                latest = shown.isAfter(latest) ? shown : latest;
                Instant began = Period.DAY.windowAt(at, zone).start();
                assertThat(LocalDate.ofInstant(began, zone))
                        .as("%s %s", zone, at)
                        .isEqualTo(latest);
                assertThat(LocalDate.ofInstant(began.minusNanos(1), zone))
                        .as("%s before %s", zone, began)
                        .isBefore(latest);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("zones")
    void beginsAWeekOnTheFirstDateFromMondayAndAMonthOnTheFirst(ZoneId zone) {
        var random = new Random(17);
        for (int i = 0; i < 500; i++) {
            Instant at = instant(random, zone);
            LocalDate day = LocalDate.ofInstant(Period.DAY.windowAt(at, zone).start(), zone);
            LocalDate week = LocalDate.ofInstant(Period.WEEK.windowAt(at, zone).start(), zone);
            LocalDate month =
                    LocalDate.ofInstant(Period.MONTH.windowAt(at, zone).start(), zone);
            var monday = day.minusDays(day.getDayOfWeek().getValue() - 1L);
            assertThat(week).as("%s %s", zone, at).isEqualTo(existing(monday, zone));
            assertThat(month).as("%s %s", zone, at).isEqualTo(existing(day.withDayOfMonth(1), zone));
        }
    }

    /** A window never has two hours of the wall clock, and never exceeds an hour. */
    @ParameterizedTest
    @MethodSource("zones")
    void hasOneHourOfTheWallClockInAWindowOfAnHour(ZoneId zone) {
        var random = new Random(18);
        for (int i = 0; i < 500; i++) {
            Instant at = instant(random, zone);
            var window = Period.HOUR.windowAt(at, zone);
            Instant end = window.end().orElseThrow();
            assertThat(Duration.between(window.start(), end)).isPositive().isLessThanOrEqualTo(Duration.ofHours(1));
            for (var moment : List.of(window.start(), end.minusNanos(1))) {
                assertThat(hour(moment, zone)).as("%s %s", zone, at).isEqualTo(hour(at, zone));
                assertThat(zone.getRules().getOffset(moment))
                        .isEqualTo(zone.getRules().getOffset(at));
            }
        }
    }

    @Test
    void refusesAWindowThatEndsBeforeItBegins() {
        assertThatThrownBy(() -> new Period.Window(LATEST, Optional.of(LATEST)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Stream<ZoneId> zones() {
        return ODD_ZONES.stream().map(ZoneId::of);
    }

    /** Half of the instants are near a change of the clock. */
    private static Instant instant(Random random, ZoneId zone) {
        var any = EARLIEST.plusMillis(
                (long) (random.nextDouble() * Duration.between(EARLIEST, LATEST).toMillis()));
        var change = zone.getRules().nextTransition(any);
        if (change == null || random.nextBoolean()) {
            return any;
        }
        return change.getInstant().plusNanos((long)
                ((random.nextDouble() - 0.5) * Duration.ofDays(3).toNanos()));
    }

    /** Changes of the clock, all of which are near odd ones too: every tenth, and those of whole days. */
    private static List<Instant> changes(ZoneId zone) {
        var changes = Stream.iterate(
                        zone.getRules().nextTransition(EARLIEST),
                        last -> last != null && last.getInstant().isBefore(Instant.parse("2030-01-01T00:00:00Z")),
                        last -> zone.getRules().nextTransition(last.getInstant()))
                .toList();
        var chosen = new ArrayList<Instant>();
        for (int i = 0; i < changes.size(); i++) {
            if (i % 10 < 2 || changes.get(i).getDuration().abs().compareTo(Duration.ofHours(2)) > 0) {
                chosen.add(changes.get(i).getInstant());
            }
        }
        return chosen;
    }

    /** The date, or the next one that existed in the zone. */
    private static LocalDate existing(LocalDate date, ZoneId zone) {
        return date.atStartOfDay(zone).toLocalDate();
    }

    private static LocalDateTime hour(Instant at, ZoneId zone) {
        return LocalDateTime.ofInstant(at, zone).truncatedTo(ChronoUnit.HOURS);
    }
}
