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
        assertThat(other.growTo(45)).isTrue();
        assertThat(other.growTo(20)).isTrue();
        assertThat(budget.used()).isEqualTo(95);
        assertThat(other.growTo(51)).isFalse();
        assertThat(other.grow(5)).isTrue();
        assertThat(budget.used()).isEqualTo(100);
        assertThat(budget.take("c", 1)).isEmpty();
        other.release();
        other.release();
        assertThat(other.grow(1)).isFalse();
        assertThat(other.growTo(1)).isFalse();
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

    @Test
    void oneBodyThatHasArrivedMayHaveAllThatIsFree() {
        var large = budget.take("a", 40).orElseThrow();
        assertThat(large.grow(20)).isFalse();
        assertThat(large.growTo(100)).isTrue();
        assertThat(large.growTo(101)).isFalse();
        assertThat(budget.used()).isEqualTo(100);
        large.release();
        assertThat(budget.used()).isZero();
    }

    @Test
    void oneBodyAtATimeHasMoreThanAHalf() {
        var first = budget.take("a", 10).orElseThrow();
        var second = budget.take("a", 10).orElseThrow();
        var third = budget.take("b", 10).orElseThrow();
        assertThat(first.growTo(51)).isTrue();
        assertThat(first.growTo(52)).isTrue();
        assertThat(second.growTo(11)).isFalse();
        assertThat(third.growTo(20)).as("within the half of another client").isTrue();
        first.release();
        assertThat(second.growTo(60)).isTrue();
        assertThat(budget.used()).isEqualTo(80);
    }
}
