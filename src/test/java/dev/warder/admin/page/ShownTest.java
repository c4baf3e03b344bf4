package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Form;
import dev.warder.ledger.store.LedgerReport.LedgerPeriod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers, times, ranges and what callers ask for. */
class ShownTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "7, 7",
        "12.34, 12.3",
        "999, 999",
        "1000, 1k",
        "1234, 1.23k",
        "999900, 1M",
        "12345678, 12.3M",
        "2000000000, 2G",
        "3e12, 3T"
    })
    void shortensCounts(double number, String text) {
        assertThat(Shown.shortCount(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, $0.00",
        "112000, $0.0001",
        "58900000, $0.0589",
        "1234567890, $1.23",
        "99999999999, $100.00",
        "90000000000000, '$90,000.00'"
    })
    void showsCost(long nanos, String text) {
        assertThat(Shown.dollars(nanos)).isEqualTo(text);
    }

    @Test
    void groupsWholeNumbersOfATextOnly() {
        assertThat(Shown.grouped("requests 1234 of 60000, 999, 0.12345, 1500.12345"))
                .isEqualTo("requests 1,234 of 60,000, 999, 0.12345, 1,500.12345");
    }

    @ParameterizedTest
    @CsvSource({"0, $0.00", "50, $0.50", "50.01, $0.51", "9000000, '$90,000.00'"})
    void showsLimitsToTheCent(String cents, String text) {
        assertThat(OwnPage.dollars(cents)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, $0", "20000000, $0.02", "4000000000, $4", "2000000000000, $2k"})
    void showsCostAtAnAxis(double nanos, String text) {
        assertThat(Shown.shortDollars(nanos)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"100000, 0.1 ms", "15000000, 15 ms", "1500000000, 1.5 s", "700000000000, 700 s"})
    void showsDurations(long nanos, String text) {
        assertThat(Shown.duration(Duration.ofNanos(nanos))).isEqualTo(text);
    }

    @Test
    void showsLongTimesSharesAndBytes() {
        assertThat(Shown.longTime(Duration.ofHours(76))).isEqualTo("3 d 4 h");
        assertThat(Shown.longTime(Duration.ofSeconds(-3))).isEqualTo("0 s");
        assertThat(Shown.percent(1, 3)).isEqualTo("33 %");
        assertThat(Shown.percent(1, 0)).isEqualTo("-");
        assertThat(Shown.bytes(3L << 20)).isEqualTo("3 MiB");
        assertThat(Shown.bytes(3L << 29)).isEqualTo("1.5 GiB");
        assertThat(Shown.time(Instant.EPOCH)).isEqualTo("1970-01-01 00:00:00");
    }

    @ParameterizedTest
    @EnumSource(View.Range.class)
    void endsEachRangeAfterNowAtABoundary(View.Range range) {
        for (var now : new Instant[] {Instant.parse("2026-11-22T12:00:00Z"), Instant.parse("2026-03-29T00:59:59.9Z")}) {
            LedgerPeriod period = range.until(now, true);
            var starts = range.starts(period);
            assertThat(starts.get(0)).isEqualTo(period.from());
            assertThat(starts.get(starts.size() - 1).plus(period.slot())).isEqualTo(period.to());
            assertThat(now).isBetween(starts.get(starts.size() - 1), period.to().minusNanos(1));
            assertThat(period.from().getEpochSecond() % period.slot().toSeconds())
                    .isZero();
        }
    }

    @Test
    void looksBackAsFarAsItsName() {
        var now = Instant.parse("2026-11-22T12:00:00Z");
        assertThat(span(View.Range.HOUR, now)).isEqualTo(Duration.ofHours(1));
        assertThat(span(View.Range.DAY, now)).isEqualTo(Duration.ofDays(1));
        assertThat(span(View.Range.WEEK, now)).isEqualTo(Duration.ofDays(7));
        assertThat(span(View.Range.MONTH, now)).isEqualTo(Duration.ofDays(30));
    }

    private static Duration span(View.Range range, Instant now) {
        var period = range.until(now, false);
        return Duration.between(period.from(), period.to());
    }

    @Test
    void readsWhatACallerAsksFor() {
        assertThat(view("")).contains(new View(View.Range.HOUR, true));
        assertThat(view("range=month&nodes=this")).contains(new View(View.Range.MONTH, false));
        assertThat(view(new View(View.Range.WEEK, true).query())).contains(new View(View.Range.WEEK, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"range=year", "range=Hour", "nodes=other", "range=hour&range=day", "range=%zz"})
    void refusesWhatNoPageShows(String query) {
        assertThat(view(query)).isEmpty();
    }

    private static Optional<View> view(String query) {
        return Form.parse(query).flatMap(View::of);
    }
}
