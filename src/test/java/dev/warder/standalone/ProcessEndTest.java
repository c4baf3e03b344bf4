package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.admin.GatewayMXBean;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The end of the process, by {@link Standalone.Ending} at a signal and by {@link OutOfMemory}. */
class ProcessEndTest {
    private final AtomicInteger drained = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicLong nanoTime = new AtomicLong();

    private final GatewayMXBean gateway = (GatewayMXBean) Proxy.newProxyInstance(
            ProcessEndTest.class.getClassLoader(),
            new Class<?>[] {GatewayMXBean.class},
            (proxy, method, none) -> method.getName().equals("drain") ? drain() : look());

    private @Nullable Object drain() {
        drained.incrementAndGet();
        return null;
    }

    private int look() {
        looks.incrementAndGet();
        nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
        return open.get() > 0 ? open.getAndDecrement() : 0;
    }

    @Test
    void waitsUntilNothingIsOpen() {
        open.set(3);
        Standalone.Ending.drain(gateway, Duration.ofMinutes(1), nanoTime::get);
        assertThat(drained).hasValue(1);
        assertThat(looks).hasValue(4);
    }

    @Test
    void waitsNoLongerThanItMay() {
        open.set(1000);
        Standalone.Ending.drain(gateway, Duration.ofSeconds(3), nanoTime::get);
        assertThat(looks).hasValue(3);
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
