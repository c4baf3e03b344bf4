package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdRandomTest {
    @Test
    void givesEachNumberOnceToAllThreads() {
        var random = new IdRandom();
        var numbers = IntStream.range(0, 100_000)
                .parallel()
                .mapToLong(i -> random.nextLong())
                .toArray();
        assertThat(LongStream.of(numbers).distinct().count()).isEqualTo(numbers.length);
    }

    @Test
    void usesAllBits() {
        var random = new IdRandom();
        long ones = 0;
        long zeros = 0;
        for (int i = 0; i < 1000; i++) {
            long number = random.nextLong();
            ones |= number;
            zeros |= ~number;
        }
        assertThat(ones).isEqualTo(-1L);
        assertThat(zeros).isEqualTo(-1L);
    }

    @Test
    void differsFromAnotherOne() {
        var first = new HashSet<Long>();
        var random = new IdRandom();
        var other = new IdRandom();
        for (int i = 0; i < 1000; i++) {
            first.add(random.nextLong());
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(first).doesNotContain(other.nextLong());
        }
    }
}
