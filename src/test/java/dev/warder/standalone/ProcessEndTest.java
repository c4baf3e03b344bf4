package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of the process, by {@link MBeanDrain} at a signal and by {@link OutOfMemory}. */
class ProcessEndTest {
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

    private final List<Integer> exits = new ArrayList<>();
    private final OutOfMemory handler = new OutOfMemory(exits::add);

    @Test
    void endsTheProcessWhenTheErrorIsLogged() {
        handler.publish(record(new OutOfMemoryError("Java heap space")));
        assertThat(exits).containsExactly(OutOfMemory.EXIT_CODE);
    }

    @Test
    void endsTheProcessWhenTheErrorIsTheCauseOfAnother() {
        handler.publish(record(new IOException(new IllegalStateException(new OutOfMemoryError("direct")))));
        assertThat(exits).containsExactly(OutOfMemory.EXIT_CODE);
    }

    @Test
    void endsTheProcessWhenTheErrorLeavesAThread() {
        handler.uncaught(Thread.currentThread(), new OutOfMemoryError("Java heap space"));
        assertThat(exits).containsExactly(OutOfMemory.EXIT_CODE);
    }

    @Test
    void goesOnAfterEverythingElse() {
        var loop = new IllegalStateException("one");
        loop.initCause(new IllegalStateException("two", loop));
        handler.publish(new LogRecord(Level.SEVERE, "OutOfMemoryError"));
        handler.publish(record(new StackOverflowError()));
        handler.publish(record(loop));
        handler.uncaught(Thread.currentThread(), new IllegalStateException("planted"));
        assertThat(exits).isEmpty();
    }

    private static LogRecord record(Throwable thrown) {
        var entry = new LogRecord(Level.SEVERE, "planted");
        entry.setThrown(thrown);
        return entry;
    }
}
