package dev.warder.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportedCostsTest {
    /** When the application started, in nanoseconds. */
    private static final long STARTED = TimeUnit.SECONDS.toNanos(1_000);

    private static final Offset<Double> EXACT = Offset.offset(1e-9);

    private final Map<String, Double> counted = new HashMap<>();
    private final ReportedCosts costs = new ReportedCosts(
            InstantSource.fixed(Instant.ofEpochSecond(1_000)),
            (client, usd) -> counted.merge(client, usd, Double::sum));

    @Test
    void addsDifferences() {
        delta("ci", 1, 0.5, 10);
        delta("ci", 1, 0.25, 20);
        delta("ci", 2, 1, 20);
        delta("dev", 1, 4, 10);
        assertThat(costs.usd("ci")).isEqualTo(1.75, EXACT);
        assertThat(costs.byClient()).containsOnlyKeys("ci", "dev");
        assertThat(counted).isEqualTo(costs.byClient());
        assertThat(costs.usd("nobody")).isZero();
    }

    @Test
    void countsAValueThatIsSentAgainOnce() {
        delta("ci", 1, 0.5, 10);
        delta("ci", 1, 0.5, 10);
        cumulative("ci", 2, 1, 1, 10);
        cumulative("ci", 2, 1, 1, 10);
        assertThat(costs.usd("ci")).isEqualTo(1.5, EXACT);
    }

    @Test
    void addsTheGrowthOfSums() {
        cumulative("ci", 1, 0.5, 1, 10);
        cumulative("ci", 1, 0.75, 1, 20);
        cumulative("ci", 1, 0.75, 1, 30);
        assertThat(costs.usd("ci")).isEqualTo(0.75, EXACT);
    }

    @Test
    void leavesOutWhatASumHadBeforeTheStart() {
        cumulative("ci", 1, 40, -500, 10);
        assertThat(costs.usd("ci")).isZero();
        cumulative("ci", 1, 41, -500, 20);
        assertThat(costs.usd("ci")).isEqualTo(1, EXACT);
    }

    @Test
    void beginsAgainWithASumThatFell() {
        cumulative("ci", 1, 5, 1, 10);
        cumulative("ci", 1, 2, 15, 20);
        assertThat(costs.usd("ci")).isEqualTo(7, EXACT);
    }

    @Test
    void addsSumsOfTwoProgramsWithTheSameAttributes() {
        cumulative("ci", 1, 5, 1, 10);
        cumulative("ci", 1, 2, 3, 11);
        cumulative("ci", 1, 6, 1, 20);
        cumulative("ci", 1, 2.5, 3, 21);
        assertThat(costs.usd("ci")).isEqualTo(8.5, EXACT);
    }

    @Test
    void addsDifferencesOfTwoProgramsWithTheSameAttributes() {
        difference(5, 1, 10);
        difference(2, 2, 9);
        difference(1, 10, 20);
        difference(3, 9, 20);
        assertThat(costs.usd("ci")).isEqualTo(11, EXACT);
        difference(3, 9, 20);
        difference(2, 2, 9);
        assertThat(costs.usd("ci")).isEqualTo(11, EXACT);
    }

    @Test
    void countsANewSeriesOfAClientThatHasTooManyOldOnes() {
        for (int i = 0; i < 60_000; i++) {
            cumulative("ci", i, 0, 1, 20);
        }
        cumulative("ci", 1, 5, 2, 30);
        assertThat(costs.usd("ci")).isEqualTo(5, EXACT);
    }

    @Test
    void forgetsSeriesWhenFurtherClientsCome() {
        cumulative("ci", 1, 5, 1, 10);
        for (int i = 0; i < 20; i++) {
            cumulative("ci", 100 + i, 0, 1, 20);
        }
        for (int i = 0; i < ReportedCosts.MOST_CLIENTS; i++) {
            delta("c" + i, 1, 1, 10);
        }
        cumulative("ci", 1, 6, 1, 30);
        assertThat(costs.usd("ci"))
                .as("the beginning of a series that was forgotten")
                .isEqualTo(5, EXACT);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1, 1e300})
    void ignoresWhatIsNoCost(double usd) {
        delta("ci", 1, usd, 10);
        cumulative("ci", 2, usd, 1, 10);
        assertThat(costs.usd("ci")).isZero();
        assertThat(counted).isEmpty();
    }

    @Test
    void addsNothingAgainForASeriesThatWasForgotten() {
        cumulative("ci", 1, 5, 1, 10);
        for (int i = 0; i < 60_000; i++) {
            cumulative("ci", 100 + i, 0, 1, 20);
        }
        cumulative("ci", 1, 6, 1, 30);
        assertThat(costs.usd("ci")).isEqualTo(5, EXACT);
        cumulative("ci", 1, 8, 1, 40);
        assertThat(costs.usd("ci")).isEqualTo(7, EXACT);
    }

    @Test
    void seriesAndDifferencesHaveOneLimitTogether() {
        cumulative("ci", 1, 5, 1, 10);
        for (int i = 0; i < 30_000; i++) {
            cumulative("ci", 100 + i, 0, 1, 20);
            delta("ci", 1, 0, 100 + i);
        }
        cumulative("ci", 1, 6, 1, 30);
        assertThat(costs.usd("ci"))
                .as("the beginning of a series that was forgotten")
                .isEqualTo(5, EXACT);
    }

    @Test
    void forgottenDifferencesLeaveTheBeginningsOfSeriesKnown() {
        for (int i = 0; i < 60_000; i++) {
            delta("ci", 1, 0, 100 + i);
        }
        cumulative("ci", 1, 6, 1, 30);
        assertThat(costs.usd("ci")).isEqualTo(6, EXACT);
    }

    @Test
    void manySeriesOfOneClientLeaveThoseOfOthers() {
        cumulative("dev", 1, 5, 1, 10);
        for (int i = 0; i < 60_000; i++) {
            cumulative("ci", i, 0, 1, 20);
        }
        cumulative("dev", 1, 6, 1, 30);
        assertThat(costs.usd("dev")).isEqualTo(6, EXACT);
    }

    @Test
    void limitsTheNumberOfClients() {
        for (int i = 0; i <= ReportedCosts.MOST_CLIENTS; i++) {
            delta("c" + i, 1, 1, 10);
        }
        assertThat(costs.byClient()).hasSize(ReportedCosts.MOST_CLIENTS);
    }

    private void delta(String client, long series, double usd, long second) {
        costs.add(client, List.of(new CostPoint(series, false, usd, 0, at(second))));
    }

    private void difference(double usd, long start, long second) {
        costs.add("ci", List.of(new CostPoint(1, false, usd, at(start), at(second))));
    }

    private void cumulative(String client, long series, double usd, long start, long second) {
        costs.add(client, List.of(new CostPoint(series, true, usd, at(start), at(second))));
    }

    private static long at(long second) {
        return STARTED + TimeUnit.SECONDS.toNanos(second);
    }
}
