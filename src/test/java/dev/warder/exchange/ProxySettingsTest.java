package dev.warder.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Sources;
import dev.warder.exchange.up.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxySettingsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void notesABodyThatCanTakeAllMemoryWhenItIsCoded() {
        assertThat(Sources.with("limits.memory", "48m").notes())
                .containsExactly("limits.body: is more than half of limits.memory, which a gzip body can take twice");
    }

    @Test
    void readsWhatOneClientMayTakeAsAPartOfTheWholeOrByItself() {
        var parts = Sources.with("limits.memory", "64m")
                .set("limits.streams", "50")
                .set("limits.clientMemory", "25%")
                .set("limits.clientStreams", "10%")
                .set("timeouts.clientRead", "5s")
                .read()
                .proxy();
        assertThat(parts.limits().clientMemory()).isEqualTo(16 << 20);
        assertThat(parts.limits().clientStreams()).isEqualTo(5);
        assertThat(parts.timeouts().clientRead()).isEqualTo(Duration.ofSeconds(5));
        var amounts = Sources.with("limits.memory", "64m")
                .set("limits.clientMemory", "100m")
                .set("limits.clientStreams", "7")
                .read()
                .proxy();
        assertThat(amounts.limits().clientMemory()).isEqualTo(64 << 20);
        assertThat(amounts.limits().clientStreams()).isEqualTo(7);
        assertThat(Sources.with("limits.clientMemory", "101%").problem()).contains("a part of limits.memory");
        assertThat(Sources.with("limits.clientStreams", "0%").problem()).contains("more than nothing");
        assertThat(Sources.with("limits.clientStreams", "many").problem()).contains("a part of limits.streams");
    }

    @Test
    void readsLimitsAndTimeouts() {
        ProxySettings settings = Sources.with("limits.body", "512k")
                .set("limits.memory", "64m")
                .set("limits.memoryWait", "500ms")
                .set("limits.event", "1k")
                .set("timeouts.firstByte", "2m")
                .set("stream.keepAlive", "0s")
                .set("drain.file", folder.resolve("drain").toString())
                .read()
                .proxy();
        assertThat(settings.limits())
                .isEqualTo(new Limits(512 << 10, 64 << 20, Duration.ofMillis(500), 5000, 32 << 20, 2500, 1 << 10));
        assertThat(settings.timeouts().firstByte(true)).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.timeouts().firstByte(false)).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.keepAlive()).isZero();
        assertThat(settings.drainFile()).contains(folder.resolve("drain").toAbsolutePath());
    }

    @Test
    void givesStreamsAShorterTimeToTheFirstByte() {
        Timeouts timeouts = new Sources().read().proxy().timeouts();
        assertThat(timeouts.firstByte(true)).hasSeconds(120);
        assertThat(timeouts.firstByte(false)).hasSeconds(660);
    }

    @Test
    void refusesLessMemoryThanOneMebibyte() {
        assertThat(Sources.with("limits.memory", "1023k").problem()).startsWith("limits.memory: ");
        assertThat(Sources.with("limits.memory", "1m").read().proxy().limits().memory())
                .isEqualTo(1 << 20);
    }
}
