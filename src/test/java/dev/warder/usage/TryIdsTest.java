package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TryIdsTest {
    private static final Instant NOW = Instant.parse("2026-10-07T12:00:00.123Z");

    @Test
    void isOfVersion7AndHasTheTime() {
        UUID id = new TryIds(InstantSource.fixed(NOW), new Random(1)).next();
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void laterIdsCompareAsLarger() {
        var millis = new AtomicLong(NOW.toEpochMilli());
        var ids = new TryIds(() -> Instant.ofEpochMilli(millis.getAndIncrement()), new Random(1));
        String before = ids.next().toString();
        for (int i = 0; i < 1_000; i++) {
            String next = ids.next().toString();
            assertThat(next).isGreaterThan(before);
            before = next;
        }
    }
}
