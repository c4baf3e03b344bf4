package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueSyntaxTest {
    @ParameterizedTest
    @CsvSource({"1ms, PT0.001S", "30s, PT30S", "5m, PT5M", "24h, PT24H", "86400000ms, PT24H"})
    void readsDurations(String text, Duration expected) throws InvalidValueException {
        assertThat(ValueSyntax.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0s", "30", "30 s", "30S", "-1s", "+1s", "1.5s", "1d", "25h", "999999999999s", "٣s"})
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> ValueSyntax.duration(text)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${com.sun.aas.instanceRoot}/warder.drain", "/srv/${name}/warder.drain", "${env.DRAIN}"})
    void refusesPathsWithAPlaceholderThatNobodyReplaced(String text) {
        assertThatThrownBy(() -> ValueSyntax.path(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("is a placeholder ${...} that the server has not replaced");
        assertThatThrownBy(() -> ValueSyntax.pathOf(text)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void takesADollarInAPath() throws InvalidValueException {
        assertThat(ValueSyntax.path("/srv/$a/{b}").toString()).endsWith("{b}");
    }

    @Test
    void takesZeroOnlyWhereItMeansNever() throws InvalidValueException {
        assertThat(ValueSyntax.durationOrZero("0s")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "65536, 65536", "2k, 2048", "3m, 3145728", "1g, 1073741824", "50%, 500", "100%, 1000"})
    void readsSizes(String text, long expected) throws InvalidValueException {
        assertThat(ValueSyntax.size(text, 1000, 1)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0%", "101%", "-1", "1.5m", "1M", "1mb", "1 m", "m", "%", "999999999999999g"})
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> ValueSyntax.size(text, 1000, 1)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRUE", "yes", "1", "on", "False"})
    void takesOnlyTrueAndFalse(String text) throws InvalidValueException {
        assertThat(ValueSyntax.flag("true")).isTrue();
        assertThat(ValueSyntax.flag("false")).isFalse();
        assertThatThrownBy(() -> ValueSyntax.flag(text)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1k", "10000000", "٣"})
    void refusesOtherCounts(String text) {
        assertThatThrownBy(() -> ValueSyntax.count(text)).isInstanceOf(InvalidValueException.class);
    }
}
