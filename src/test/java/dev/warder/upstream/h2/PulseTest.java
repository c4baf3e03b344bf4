package dev.warder.upstream.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.reactor.IOSession;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final long LOOK = Duration.ofMillis(250).toNanos();

    private final List<Object> pings = new ArrayList<>();
    private long lastRead;
    private long now = 7;
    private final Pulse pulse = new Pulse(now);

    @Test
    void asksAfterTenSecondsAndGivesUpAfterTenMore() {
        assertThat(silence(Duration.ofSeconds(10))).isFalse();
        assertThat(pings).isEmpty();
        assertThat(silence(Duration.ofSeconds(10))).isFalse();
        assertThat(pings).hasSize(1);
        assertThat(silence(Duration.ofMillis(250))).isTrue();
        lastRead++;
        assertThat(silence(Duration.ofSeconds(10))).isFalse();
        assertThat(pings).hasSize(1);
    }

    /** What came meanwhile is still to be read, and a ping still to be sent. */
    @Test
    void aStoppedProgramIsNoSilence() {
        assertThat(silence(Duration.ofSeconds(9))).isFalse();
        now += Duration.ofHours(1).toNanos();
        assertThat(look()).isFalse();
        assertThat(silence(Duration.ofSeconds(10))).isFalse();
        assertThat(pings).hasSize(1);
        assertThat(silence(Duration.ofMillis(250))).isTrue();
    }

    private boolean silence(Duration time) {
        boolean stopped = false;
        for (long passed = 0; passed < time.toNanos(); passed += LOOK) {
            now += LOOK;
            stopped = look();
        }
        return stopped;
    }

    private boolean look() {
        return pulse.hasStopped(session(), now);
    }

    private IOSession session() {
        return (IOSession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {IOSession.class}, (self, method, arguments) -> {
                    if (method.getName().equals("enqueue")) {
                        return pings.add(arguments[0]);
                    }
                    return method.getName().equals("getLastReadTime") ? lastRead : null;
                });
    }
}
