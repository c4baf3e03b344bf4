package dev.warder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineEndTest {
    private static final byte[] NEAR = {'\t', 0x0b, 0x0c, 0x0e, 0, ' ', 'x', (byte) 0x8a, (byte) 0x8d, (byte) 0xff};

    @Test
    void findsTheFirstEndAtEachPlace() {
        var random = new Random(16);
        for (int length = 0; length < 70; length++) {
            for (int at = 0; at <= length; at++) {
                byte[] bytes = new byte[length + 4];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = NEAR[random.nextInt(NEAR.length)];
                }
                bytes[random.nextInt(2)] = '\n';
                bytes[at + 2] = (byte) (random.nextBoolean() ? '\r' : '\n');
                bytes[random.nextInt(at + 2, bytes.length)] = '\n';
                assertThat(LineEnd.find(bytes, 2, length + 2)).isEqualTo(first(bytes, 2, length + 2));
            }
        }
    }

    private static int first(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\r' && bytes[i] != '\n') {
            i++;
        }
        return i;
    }
}
