package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SmallBodyMemoryTest {
    private final SmallBodyMemory budget = new SmallBodyMemory(100);

    @Test
    void leavesAHalfToOthersWhileBodiesArrive() {
        var first = budget.take("a", 50).orElseThrow();
        assertThat(budget.take("a", 1)).isEmpty();
        assertThat(first.grow(1)).isFalse();
        var other = budget.take("b", 30).orElseThrow();
        assertThat(other.grow(15)).isTrue();
        assertThat(budget.used()).isEqualTo(95);
        assertThat(other.grow(5)).isTrue();
        assertThat(budget.used()).isEqualTo(100);
        assertThat(budget.take("c", 1)).isEmpty();
        other.release();
        other.release();
        assertThat(other.grow(1)).isFalse();
        assertThat(budget.used()).isEqualTo(50);
        assertThat(budget.take("c", 50)).isPresent();
        first.release();
        assertThat(budget.take("a", 50)).isPresent();
    }

    @Test
    void aClientMayHaveOneBodyAtATime() {
        var only = budget.takeOnly("a", 0).orElseThrow();
        assertThat(budget.takeOnly("a", 0)).isEmpty();
        assertThat(budget.takeOnly("b", 1)).isPresent();
        only.release();
        assertThat(budget.takeOnly("a", 51)).isEmpty();
        assertThat(budget.takeOnly("a", 50)).isPresent();
    }
}
