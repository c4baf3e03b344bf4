package dev.warder.container;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.UnusedInput;
import jakarta.servlet.ReadListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockingInputTest {
    private final ManualThreads threads = new ManualThreads();
    private final Pieces container = new Pieces();
    private final BlockingInput in = new BlockingInput(container, threads);
    private final List<String> told = new ArrayList<>();

    @Test
    void readsNothingBeforeItIsAsked() {
        listen();
        assertThat(told).containsExactly("data");
        assertThat(threads.waiting()).isZero();
    }

    @Test
    void readsOnAnotherThreadWhenAskedInVain() {
        container.pieces.add("hello");
        listen();
        assertThat(in.isReady()).isFalse();
        assertThat(container.reads).isZero();
        threads.runNext();
        assertThat(told).containsExactly("data", "data");
        assertThat(in.isReady()).isTrue();
        assertThat(in.available()).isEqualTo(5);
        assertThat(text(3)).isEqualTo("hel");
        assertThat(in.isReady()).isTrue();
        assertThat(text(3)).isEqualTo("lo");
        assertThat(container.reads).isEqualTo(1);
    }

    @Test
    void tellsOfTheEnd() {
        listen();
        assertThat(in.isReady()).isFalse();
        threads.runNext();
        assertThat(told).containsExactly("data", "end");
        assertThat(in.isFinished()).isTrue();
        assertThat(in.isReady()).isTrue();
        assertThat(in.read()).isEqualTo(-1);
        assertThat(threads.waiting()).isZero();
    }

    @Test
    void tellsOfALostClient() {
        container.broken = true;
        listen();
        assertThat(in.isReady()).isFalse();
        threads.runNext();
        assertThat(told).containsExactly("data", "java.io.IOException: broken");
    }

    @Test
    void tellsOfAnErrorAsOfALostClient() {
        container.faulty = true;
        listen();
        assertThat(in.isReady()).isFalse();
        runIgnoringErrors();
        assertThat(told).containsExactly("data", "java.lang.LinkageError: faulty");
    }

    @Test
    void aListenerThatAsksWhenToldHasTheSameThreadReadOn() {
        container.pieces.addAll(List.of("one", "two", "three"));
        var all = new StringBuilder();
        in.setReadListener(new Told() {
            @Override
            public void onDataAvailable() {
                while (in.isReady() && !in.isFinished()) {
                    all.append(text(100));
                }
            }
        });
        threads.runNext();
        assertThat(all).hasToString("onetwothree");
        assertThat(told).containsExactly("end");
        assertThat(threads.waiting()).isZero();
    }

    private void runIgnoringErrors() {
        try {
            threads.runNext();
        } catch (LinkageError expected) {
            assertThat(expected).hasMessage("faulty");
        }
    }

    private void listen() {
        in.setReadListener(new Told());
    }

    private String text(int length) {
        byte[] target = new byte[length];
        return new String(target, 0, in.read(target, 0, length), US_ASCII);
    }

    private class Told implements ReadListener {
        @Override
        public void onDataAvailable() {
            told.add("data");
        }

        @Override
        public void onAllDataRead() {
            told.add("end");
        }

        @Override
        public void onError(Throwable lost) {
            told.add(lost.toString());
        }
    }

    private static final class Pieces extends UnusedInput {
        private final ArrayDeque<String> pieces = new ArrayDeque<>();
        private int reads;
        private boolean broken;
        private boolean faulty;

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            reads++;
            if (faulty) {
                throw new LinkageError("faulty");
            }
            if (broken) {
                throw new IOException("broken");
            }
            var piece = pieces.poll();
            if (piece == null) {
                return -1;
            }
            for (int i = 0; i < piece.length(); i++) {
                target[offset + i] = (byte) piece.charAt(i);
            }
            return piece.length();
        }
    }
}
