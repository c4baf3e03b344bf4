package dev.warder.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoomBudgetTest {
    private final RoomBudget budget = new RoomBudget(100, 10);

    @Test
    void leavesAHalfToOthers() {
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
    void hasRoomForTheLargestBodyInASmallHeap() {
        assertThat(new RoomBudget(1, 10).take("a", 10)).isPresent();
    }
}
