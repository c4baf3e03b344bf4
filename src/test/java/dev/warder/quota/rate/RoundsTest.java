package dev.warder.quota.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final long PERIOD = 1000;

    /** A clock may begin at any number. */
    private long now = -17;

    private final Rounds<Integer> rounds = new Rounds<>(PERIOD, now);
    private final List<Integer> visited = new ArrayList<>();

    @Test
    void visitsEachOnceInAPeriod() {
        IntStream.range(0, 10).forEach(rounds::add);
        for (int i = 0; i < 20; i++) {
            now += PERIOD / 20;
            rounds.visit(100, now, this::stays);
        }
        assertThat(visited).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(rounds.visit(100, now, this::stays)).isFalse();
        assertThat(visited).hasSize(10);
    }

    @Test
    void visitsAFewAtATime() {
        IntStream.range(0, 10).forEach(rounds::add);
        now += 100 * PERIOD;
        assertThat(rounds.visit(4, now, this::stays)).isTrue();
        assertThat(visited).containsExactly(0, 1, 2, 3);
        assertThat(rounds.visit(6, now, this::stays)).isFalse();
        assertThat(visited).as("each once after a long pause").hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void doesNotVisitAgainWhatDoesNotStay() {
        IntStream.range(0, 10).forEach(rounds::add);
        now += PERIOD;
        rounds.visit(100, now, number -> stays(number) && number % 2 == 0);
        assertThat(visited).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        visited.clear();
        now += PERIOD;
        rounds.visit(100, now, number -> !stays(number));
        assertThat(visited).containsExactlyInAnyOrder(0, 2, 4, 6, 8);
        assertThat(rounds.isEmpty()).isTrue();
    }

    /** One that comes after a time without any is not due at once for all that time. */
    @Test
    void beginsWithTheFirst() {
        now += 100 * PERIOD;
        assertThat(rounds.visit(100, now, this::stays)).isFalse();
        rounds.add(1);
        assertThat(rounds.visit(100, now, this::stays)).isFalse();
        now += PERIOD;
        assertThat(rounds.visit(100, now, this::stays)).isFalse();
        assertThat(visited).containsExactly(1);
    }

    private boolean stays(int number) {
        return visited.add(number);
    }
}
