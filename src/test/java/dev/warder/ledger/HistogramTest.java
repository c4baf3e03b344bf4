package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.Histogram;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void findsPartsToWithinAStep() {
        var histogram = new Histogram();
        for (int millis = 1; millis <= 1000; millis++) {
            histogram.add(Duration.ofMillis(millis));
        }
        assertThat(histogram.total()).isEqualTo(1000);
        assertThat(histogram.quantile(0.5)).isEqualTo(Duration.ofMillis(500));
        assertThat(histogram.quantile(0.95)).isEqualTo(Duration.ofSeconds(1));
        assertThat(histogram.quantile(0)).isZero();
        assertThat(new Histogram().quantile(0.5)).isZero();
    }

    @Test
    void readsWhatItWrites() {
        var histogram = new Histogram();
        histogram.add(Duration.ZERO);
        histogram.add(Duration.ofNanos(100_001));
        histogram.add(Duration.ofDays(1));
        var copy = new Histogram();
        copy.add(histogram.text());
        assertThat(copy.text()).isEqualTo(histogram.text()).hasSizeLessThan(1000);
        assertThat(copy.total()).isEqualTo(3);
        copy.add(histogram);
        copy.add("");
        assertThat(copy.total()).isEqualTo(6);
        assertThat(copy.quantile(1)).isEqualTo(Duration.ofSeconds(700));
    }

    @Test
    void fitsIntoItsColumn() {
        var histogram = new Histogram();
        var many = ("9".repeat(18) + ",").repeat(43);
        histogram.add(many.substring(0, many.length() - 1));
        assertThat(histogram.text()).hasSizeLessThanOrEqualTo(1000);
    }
}
