package dev.warder.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Flood;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteQueueTest {
    private static final int LARGEST = 72 * 1024;

    private final ByteQueue queue = new ByteQueue();
    private long added;

    @Test
    void joinsSmallPiecesInTheirOrderAndLeavesThemAlone() {
        byte[] first = {'a', 'b'};
        byte[] second = {'c'};
        queue.add(first);
        queue.add(second);
        queue.add(new byte[] {'d', 'e'});
        assertThat(queue.length()).isEqualTo(5);
        assertThat(queue.poll()).containsExactly('a', 'b', 'c', 'd', 'e').isNotSameAs(first);
        assertThat(first).containsExactly('a', 'b');
        assertThat(second).containsExactly('c');
        assertThat(queue.length()).isZero();
        assertThat(queue.poll()).isNull();
    }

    @Test
    void joinsUpToSixtyFourKibibytesAndNotAByteMore() {
        add(LARGEST - 1);
        add(1);
        add(1);
        assertThat(queue.poll()).isEqualTo(Flood.piece(0, LARGEST));
        assertThat(queue.length()).isEqualTo(1);
        assertThat(queue.poll()).isEqualTo(Flood.piece(LARGEST, 1));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void givesAPieceOfMoreThanThatAlone() {
        add(LARGEST + 1);
        add(1);
        assertThat(queue.poll()).isEqualTo(Flood.piece(0, LARGEST + 1));
        add(LARGEST * 2);
        assertThat(queue.poll()).isEqualTo(Flood.piece(LARGEST + 1, 1));
        assertThat(queue.length()).isEqualTo(LARGEST * 2L);
        assertThat(queue.poll()).isEqualTo(Flood.piece(LARGEST + 2, LARGEST * 2));
    }

    /** Whatever comes and goes: every byte in order, no piece cut, and as much in one as there is room for. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void losesNoByte(long seed) {
        var random = new Random(seed);
        var waiting = new ArrayDeque<Integer>();
        var out = new ByteArrayOutputStream();
        for (int round = 0; round < 2000; round++) {
            if (random.nextInt(3) > 0) {
                int length = 1 + random.nextInt(1 << random.nextInt(18));
                add(length);
                waiting.add(length);
            } else {
                takeOne(waiting, out);
            }
            assertThat(queue.isEmpty()).isEqualTo(waiting.isEmpty());
            assertThat(queue.length()).isEqualTo(added - out.size());
        }
        while (!queue.isEmpty()) {
            takeOne(waiting, out);
        }
        assertThat(out.toByteArray()).isEqualTo(Flood.piece(0, (int) added));
    }

    private void takeOne(ArrayDeque<Integer> waiting, ByteArrayOutputStream out) {
        byte[] taken = queue.poll();
        int expected = 0;
        while (!waiting.isEmpty() && (expected == 0 || expected + waiting.element() <= LARGEST)) {
            expected += waiting.remove();
        }
        assertThat(taken == null ? 0 : taken.length).isEqualTo(expected);
        out.writeBytes(taken == null ? new byte[0] : taken);
    }

    /** Adds the next bytes of the one body that all pieces of a test are of. */
    private byte[] add(int length) {
        byte[] piece = Flood.piece(added, length);
        queue.add(piece);
        added += length;
        return piece;
    }
}
