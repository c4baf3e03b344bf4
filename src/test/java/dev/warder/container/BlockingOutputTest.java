package dev.warder.container;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.testkit.UnusedOutput;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockingOutputTest {
    private final ManualThreads threads = new ManualThreads();
    private final Container container = new Container();
    private final BlockingOutput out = new BlockingOutput(container, threads);
    private final List<String> told = new ArrayList<>();
    private Runnable whenPossible = () -> {};

    @BeforeEach
    void listen() {
        out.setWriteListener(new Told());
        assertThat(told).isEmpty();
        threads.runNext();
        assertThat(told).containsExactly("possible");
        assertThat(container.seen).isEmpty();
        told.clear();
    }

    @Test
    void writesOnAnotherThreadAndIsNotReadyUntilThatIsDone() throws Exception {
        assertThat(out.isReady()).isTrue();
        out.write("abc".getBytes(US_ASCII));
        assertThat(out.isReady()).isFalse();
        assertThat(container.seen).isEmpty();
        threads.runNext();
        assertThat(container.seen).containsExactly("abc", "flush");
        assertThat(told).containsExactly("possible");
        assertThat(out.isReady()).isTrue();
    }

    @Test
    void tellsNobodyWhoDidNotAsk() {
        out.flush();
        threads.runNext();
        assertThat(container.seen).containsExactly("flush");
        assertThat(told).isEmpty();
    }

    @Test
    void isAskedWithoutWaitingWhileTheContainerWaits() throws Exception {
        container.inside = () -> assertThat(out.isReady()).isFalse();
        out.write("x".getBytes(US_ASCII));
        threads.runNext();
        assertThat(told).containsExactly("possible");
    }

    @Test
    void aListenerThatWritesWhenToldGoesOnOnTheSameThread() throws Exception {
        out.write("a".getBytes(US_ASCII));
        assertThat(out.isReady()).isFalse();
        whenPossible = out::flush;
        threads.runNext();
        assertThat(container.seen).containsExactly("a", "flush", "flush");
        assertThat(threads.waiting()).isZero();
    }

    @Test
    void tellsOfALostClientAndIsNeverReadyAgain() throws Exception {
        container.lost = true;
        out.write("a".getBytes(US_ASCII));
        threads.runNext();
        assertThat(told).containsExactly("java.io.IOException: lost");
        assertThat(out.isReady()).isFalse();
        assertThatThrownBy(out::flush).isInstanceOf(IllegalStateException.class);
        assertThat(threads.waiting()).isZero();
    }

    private final class Told implements WriteListener {
        @Override
        public void onWritePossible() {
            told.add("possible");
            whenPossible.run();
        }

        @Override
        public void onError(Throwable lost) {
            told.add(lost.toString());
        }
    }

    private static final class Container extends UnusedOutput {
        private final List<String> seen = new ArrayList<>();
        private Runnable inside = () -> {};
        private boolean lost;

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (lost) {
                throw new IOException("lost");
            }
            inside.run();
            seen.add(new String(bytes, offset, length, US_ASCII));
        }

        @Override
        public void flush() {
            seen.add("flush");
        }
    }
}
