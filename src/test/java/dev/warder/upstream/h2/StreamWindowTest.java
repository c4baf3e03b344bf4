package dev.warder.upstream.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamWindowTest {
    private static final int PORTION = StreamWindow.SIZE / 2;

    private final List<Integer> updates = new ArrayList<>();
    private final StreamWindow window = new StreamWindow(updates::add);

    @Test
    void widensInPortions() throws IOException {
        window.update(PORTION - 1);
        assertThat(updates).isEmpty();
        window.update(1);
        window.update(3 * PORTION);
        window.update(5);
        assertThat(updates).containsExactly(PORTION, 3 * PORTION);
    }

    @Test
    void losesNoByteOfManySmallOnes() throws IOException {
        for (int i = 0; i < 10 * PORTION; i += 10) {
            window.update(10);
        }
        int sum = updates.stream().mapToInt(Integer::intValue).sum();
        assertThat(10 * PORTION - sum).isBetween(0, PORTION - 1);
    }

    @Test
    void widensNoMoreOnceTheStreamHasEnded() throws IOException {
        window.close();
        window.update(2 * PORTION);
        assertThat(updates).isEmpty();
    }

    @Test
    void letsOneFrameComeOfAStreamThatNobodyWants() throws IOException {
        window.allowLastFrame();
        window.update(2 * PORTION);
        window.allowLastFrame();
        assertThat(updates).containsExactly(PORTION);
    }

    @Test
    void letsNoFrameComeOfAStreamThatHasEnded() throws IOException {
        window.close();
        window.allowLastFrame();
        assertThat(updates).isEmpty();
    }
}
