package dev.warder.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeldTest {
    private final Held<String> held = new Held<>();

    @Test
    void holdsAValueUntilItIsReleased() {
        assertThat(held.find()).isEmpty();
        held.hold("a");
        assertThat(held.find()).contains("a");
        assertThat(held.isReleased()).isFalse();
        held.release();
        assertThat(held.find()).isEmpty();
        assertThat(held.isReleased()).isTrue();
    }

    @Test
    void holdsNothingAfterItsRelease() {
        held.release();
        held.hold("a");
        assertThat(held.find()).isEmpty();
    }
}
