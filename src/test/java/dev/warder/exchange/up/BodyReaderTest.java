package dev.warder.exchange.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.container.CallbackGuard.ClientLossHandler;
import dev.warder.container.SerialTurn;
import dev.warder.http.BodyReader;
import dev.warder.testkit.UnusedInput;
import jakarta.servlet.ReadListener;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BodyReaderTest {
    private static final int LENGTH = 50_000;

    private final Counting sink = new Counting();

    @Test
    void asksNoMoreUntilTheContainerCallsBack() {
        var in = new Scripted();
        var reader = new BodyReader(new SerialTurn(Runnable::run), in, -1, sink, sink);
        reader.pull();
        assertThat(in.asked).isZero();
        in.there = 3;
        reader.onDataAvailable();
        assertThat(sink.taken).hasValue(3);
        assertThat(in.asked).isEqualTo(2);
        in.there = 2;
        reader.pull();
        assertThat(in.asked).isEqualTo(2);
        reader.onDataAvailable();
        assertThat(sink.taken).hasValue(5);
    }

    @Test
    void noticesAnEndThatTheQuestionFound() {
        var in = new Scripted();
        var reader = new BodyReader(new SerialTurn(Runnable::run), in, -1, sink, sink);
        in.there = 3;
        in.endsWhenAskedInVain = true;
        reader.onDataAvailable();
        assertThat(sink.taken).hasValue(3);
        assertThat(sink.ended.getCount()).isZero();
    }

    @Test
    void readsNoEndOfADeclaredLengthOnAnotherThread() {
        var in = new Scripted();
        var reader = new BodyReader(new SerialTurn(Runnable::run), in, 5, sink, sink);
        in.there = 3;
        reader.onDataAvailable();
        assertThat(sink.ended.getCount()).isOne();
        in.there = 2;
        in.asked = 0;
        reader.onDataAvailable();
        assertThat(sink.taken).hasValue(5);
        assertThat(sink.ended.getCount()).isZero();
        assertThat(in.asked).as("once for the bytes, once at the end").isEqualTo(2);
    }

    /** A container that calls back under the lock that it takes when it is asked: neither may wait for the other. */
    @RepeatedTest(20)
    void neverWaitsForAContainerThatWaitsForIt() throws Exception {
        var in = new Locking();
        var reader = new BodyReader(new SerialTurn(Runnable::run), in, -1, sink, sink);
        var container = thread(() -> in.callBack(reader));
        var other = thread(reader::pull);
        assertThat(sink.ended.await(20, TimeUnit.SECONDS)).isTrue();
        container.join();
        other.join();
        assertThat(sink.taken).hasValue(LENGTH);
    }

    private Thread thread(Runnable work) {
        var thread = new Thread(() -> {
            while (sink.ended.getCount() > 0) {
                work.run();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static final class Counting implements BodyReader.Sink, ClientLossHandler {
        private final AtomicInteger taken = new AtomicInteger();
        private final CountDownLatch ended = new CountDownLatch(1);

        @Override
        public void fault(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public boolean wants() {
            return true;
        }

        @Override
        public void take(byte[] buffer, int n) {
            taken.addAndGet(n);
        }

        @Override
        public void taken(int bytes, boolean atEnd) {
            if (atEnd) {
                ended.countDown();
            }
        }

        @Override
        public void clientGone() {
            throw new AssertionError("the client is not lost");
        }
    }

    /** Has as many bytes as the test says; one thread at a time. */
    private static final class Scripted extends UnusedInput {
        private int there;
        private int asked;
        private boolean endsWhenAskedInVain;
        private boolean finished;

        @Override
        public boolean isReady() {
            asked++;
            finished = endsWhenAskedInVain && there == 0;
            return there > 0;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int n = there;
            there = 0;
            return n;
        }

        @Override
        public boolean isFinished() {
            return finished;
        }

        @Override
        public void setReadListener(ReadListener listener) {}
    }

    /** Takes its container's lock in every question, and gives a few bytes at a time. */
    private static final class Locking extends UnusedInput {
        private final ReentrantLock socket = new ReentrantLock();
        private final AtomicInteger left = new AtomicInteger(LENGTH);

        void callBack(BodyReader reader) {
            socket.lock();
            try {
                if (left.get() > 0) {
                    reader.onDataAvailable();
                } else {
                    reader.onAllDataRead();
                }
            } finally {
                socket.unlock();
            }
        }

        @Override
        public boolean isReady() {
            socket.lock();
            try {
                return left.get() > 0;
            } finally {
                socket.unlock();
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int n = Math.min(7, left.get());
            left.addAndGet(-n);
            return n;
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public void setReadListener(ReadListener listener) {}
    }
}
