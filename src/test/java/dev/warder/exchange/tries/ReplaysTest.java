package dev.warder.exchange.tries;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReplaysTest {
    private final AtomicInteger open = new AtomicInteger();
    private final Replays replays = new Replays(open::get);

    @Test
    void grantsThreeHoweverFewExchangesAreOpen() {
        assertThat(granted()).isEqualTo(3);
    }

    @Test
    void grantsAFifthOfTheOpenExchanges() {
        open.set(101);
        assertThat(granted()).isEqualTo(20);
    }

    @Test
    void grantsAgainWhatWasGivenBack() {
        assertThat(granted()).isEqualTo(3);
        replays.leave();
        assertThat(granted()).isEqualTo(1);
    }

    @Test
    void takesNothingForARefusal() {
        assertThat(granted()).isEqualTo(3);
        assertThat(replays.enter()).isFalse();
        replays.leave();
        replays.leave();
        replays.leave();
        assertThat(granted()).isEqualTo(3);
    }

    private int granted() {
        int granted = 0;
        while (replays.enter()) {
            granted++;
        }
        return granted;
    }
}
