package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MBeanDrainTest {
    private final AtomicInteger drained = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicLong nanoTime = new AtomicLong();

    /** What the application registers, as far as it matters here. */
    public interface GatewayMXBean {
        int getOpenExchanges();

        void drain();
    }

    private final GatewayMXBean gateway = new GatewayMXBean() {
        @Override
        public int getOpenExchanges() {
            looks.incrementAndGet();
            nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
            return open.get() > 0 ? open.getAndDecrement() : 0;
        }

        @Override
        public void drain() {
            drained.incrementAndGet();
        }
    };

    @BeforeEach
    void register() throws Exception {
        ManagementFactory.getPlatformMBeanServer().registerMBean(gateway, name());
    }

    @AfterEach
    void unregister() throws Exception {
        var beans = ManagementFactory.getPlatformMBeanServer();
        if (beans.isRegistered(name())) {
            beans.unregisterMBean(name());
        }
    }

    private static ObjectName name() throws Exception {
        return new ObjectName("dev.warder:type=Gateway,context=" + ObjectName.quote("/drain-test"));
    }

    @Test
    void waitsUntilNothingIsOpen() {
        open.set(3);
        new MBeanDrain(Duration.ofMinutes(1), nanoTime::get).run();
        assertThat(drained).hasValue(1);
        assertThat(looks).hasValue(4);
    }

    @Test
    void waitsNoLongerThanItMay() {
        open.set(1000);
        new MBeanDrain(Duration.ofSeconds(3), nanoTime::get).run();
        assertThat(looks).hasValue(3);
    }

    @Test
    void endsAtOnceWithoutAnApplication() throws Exception {
        unregister();
        new MBeanDrain(Duration.ofMinutes(1), nanoTime::get).run();
        assertThat(drained).hasValue(0);
    }
}
