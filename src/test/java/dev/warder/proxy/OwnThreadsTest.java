package dev.warder.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OwnThreadsTest {
    private final List<Thread> made = new ArrayList<>();
    private final ThreadFactory factory = task -> {
        var thread = new Thread(task, "test-client");
        thread.setDaemon(true);
        made.add(thread);
        return thread;
    };

    @Test
    void areForLibertyOnly() {
        try (var liberty = ClientThreads.of("Open Liberty/26.0.0.5", 10, factory);
                var tomcat = ClientThreads.of("Apache Tomcat/10.1.59", 10, factory)) {
            assertThat(liberty).isInstanceOf(OwnThreads.class);
            assertThat(liberty.limit()).isEqualTo(20);
            assertThat(tomcat).isInstanceOf(ContainerThreads.class);
            assertThat(tomcat.limit()).isZero();
        }
        assertThat(made).isEmpty();
    }

    @Test
    void areVirtualWhereThoseMayWaitAnywhere() throws Exception {
        var virtual = VirtualThreads.factory("test-virtual-");
        assertThat(virtual.isPresent()).isEqualTo(Runtime.version().feature() >= 24);
        var ran = new CountDownLatch(1);
        virtual.orElse(factory).newThread(ran::countDown).start();
        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void haveALimitBeyondWhichWorkWaits() throws Exception {
        var threads = OwnThreads.withLimit(2, factory);
        var go = new CountDownLatch(1);
        var begun = new CountDownLatch(2);
        var done = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
            threads.execute(() -> {
                begun.countDown();
                await(go);
                done.incrementAndGet();
            });
        }
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(threads.busy()).isEqualTo(2);
        assertThat(made).hasSize(2);
        go.countDown();
        threads.close();
        assertThat(done).hasValue(5);
        assertThat(threads.busy()).isZero();
        assertThat(made).hasSize(2);
    }

    @Test
    void surviveAFaultAndEndWithTheApplication() throws Exception {
        var threads = OwnThreads.withLimit(1, factory);
        var done = new CountDownLatch(1);
        threads.execute(() -> {
            throw new IllegalStateException("a fault of the test");
        });
        threads.execute(done::countDown);
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        threads.close();
        for (var thread : made) {
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
