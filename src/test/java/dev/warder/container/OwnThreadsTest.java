package dev.warder.container;

import static dev.warder.container.ManualThreads.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.container.OwnThreads.VirtualThreads;
import dev.warder.testkit.UnusedInput;
import dev.warder.testkit.UnusedOutput;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OwnThreadsTest {
    private final List<Thread> made = new CopyOnWriteArrayList<>();
    private final ThreadFactory factory = task -> {
        var thread = new Thread(task, "test-client");
        thread.setDaemon(true);
        made.add(thread);
        return thread;
    };

    @Test
    void areForLibertyOnly() {
        try (var liberty = ClientThreads.of(Container.of("IBM WebSphere Liberty/26.0.0.5"), 10, factory);
                var tomcat = ClientThreads.of(Container.of("Apache Tomcat/10.1.59"), 10, factory)) {
            assertThat(liberty).isInstanceOf(OwnThreads.class);
            assertThat(liberty.limit()).isEqualTo(20);
            assertThat(tomcat).isInstanceOf(ClientThreads.ContainerThreads.class);
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

    @Test
    void leaveHalfToWritersHoweverManyClientsPauseInTheirUploads() throws Exception {
        var threads = OwnThreads.withLimit(4, factory);
        var go = new CountDownLatch(1);
        var ended = new CountDownLatch(6);
        for (int i = 0; i < 6; i++) {
            upload(threads, go, ended);
        }
        var written = new CountDownLatch(1);
        var out =
                threads.streams(new PausedInput(go), new TellingOutput(written)).out();
        out.setWriteListener(new Written(out));
        assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(threads.busy()).isLessThan(4);
        go.countDown();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        threads.close();
        assertThat(threads.busy()).isZero();
    }

    @Test
    void surviveAnError() throws Exception {
        var threads = OwnThreads.withLimit(1, factory);
        var done = new CountDownLatch(1);
        threads.execute(() -> {
            throw new LinkageError("an error of the test");
        });
        threads.execute(done::countDown);
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        threads.close();
        assertThat(threads.busy()).isZero();
    }

    @Test
    void keepNoPlaceForATaskThatNoThreadCouldBeHadFor() throws Exception {
        var failures = new AtomicInteger(1);
        var threads = OwnThreads.withLimit(1, task -> {
            if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create a thread, says the test");
            }
            return factory.newThread(task);
        });
        assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(threads.busy()).isZero();
        var done = new CountDownLatch(1);
        threads.execute(done::countDown);
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        threads.close();
    }

    private static void upload(OwnThreads threads, CountDownLatch go, CountDownLatch ended) {
        var in = threads.streams(new PausedInput(go), new TellingOutput(ended)).in();
        in.setReadListener(new ReadListener() {
            @Override
            public void onDataAvailable() {
                assertThat(in.isReady()).isFalse();
            }

            @Override
            public void onAllDataRead() {
                ended.countDown();
            }

            @Override
            public void onError(Throwable lost) {
                throw new IllegalStateException(lost);
            }
        });
    }

    private record Written(ServletOutputStream out) implements WriteListener {
        @Override
        public void onWritePossible() throws IOException {
            if (out.isReady()) {
                out.write(1);
            }
        }

        @Override
        public void onError(Throwable lost) {
            throw new IllegalStateException(lost);
        }
    }

    /** Of a client that sends nothing until it may go, and ends then. */
    private static final class PausedInput extends UnusedInput {
        private final CountDownLatch go;

        PausedInput(CountDownLatch go) {
            this.go = go;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            await(go);
            return -1;
        }
    }

    private static final class TellingOutput extends UnusedOutput {
        private final CountDownLatch written;

        TellingOutput(CountDownLatch written) {
            this.written = written;
        }

        @Override
        public void write(int one) {
            written.countDown();
        }
    }
}
