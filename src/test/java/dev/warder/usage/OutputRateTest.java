package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputRateTest {
    @ParameterizedTest
    @CsvSource({
        "-5, false, 0",
        "0, false, 0",
        "4000000, false, 1",
        "1000000000, false, 250",
        "1000000000, true, 500",
        "3600000000000, false, 900000"
    })
    void boundsWhatAModelHasGenerated(long nanos, boolean fast, long tokens) {
        assertThat(OutputRate.DEFAULT.tokens(nanos, fast)).isEqualTo(tokens);
    }
}
