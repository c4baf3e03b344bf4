package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReadEventsTest {
    private final ReadEvents reads = new ReadEvents();
    private final List<String> done = new ArrayList<>();
    private final Runnable drain = new Noting("drained");

    @Test
    void runsATaskOnceAtTheEndOfTheRead() {
        reads.during(() -> {
            for (int i = 0; i < 3; i++) {
                reads.execute(drain);
                done.add("piece");
            }
        });
        assertThat(done).containsExactly("piece", "piece", "piece", "drained");
    }

    @Test
    void runsATaskOnceForEachReadThatGaveIt() {
        reads.during(() -> reads.execute(drain));
        reads.during(() -> done.add("nothing"));
        reads.during(() -> reads.execute(drain));
        assertThat(done).containsExactly("drained", "nothing", "drained");
    }

    @Test
    void runsSeveralTasksInTheOrderInWhichTheyWereFirstGiven() {
        var other = new Noting("other");
        reads.during(() -> {
            reads.execute(drain);
            reads.execute(other);
            reads.execute(drain);
        });
        assertThat(done).containsExactly("drained", "other");
    }

    @Test
    void runsATaskAtOnceOutsideOfARead() {
        reads.execute(drain);
        assertThat(done).containsExactly("drained");
        reads.during(() -> done.add("read"));
        reads.execute(drain);
        assertThat(done).containsExactly("drained", "read", "drained");
    }

    @Test
    void runsATaskAtOnceThatAnotherOneGivesAtTheEnd() {
        reads.during(() -> {
            reads.execute(() -> {
                reads.execute(drain);
                done.add("gave another");
            });
            reads.execute(() -> done.add("last"));
        });
        assertThat(done).containsExactly("drained", "gave another", "last");
    }

    @Test
    void runsTheOthersWhenOneFails() {
        reads.during(() -> {
            reads.execute(() -> {
                throw new IllegalStateException("on purpose");
            });
            reads.execute(drain);
        });
        assertThat(done).containsExactly("drained");
    }

    @Test
    void runsATaskAtOnceOnAThreadThatReadsNothingMeanwhile() {
        reads.during(() -> {
            CompletableFuture.runAsync(() -> reads.execute(drain)).join();
            done.add("read");
        });
        assertThat(done).containsExactly("drained", "read");
    }

    @Test
    void runsWhatWasPutOffByAReadingThatThrows() {
        assertThatThrownBy(() -> reads.<IOException>during(() -> {
                    reads.execute(drain);
                    done.add("piece");
                    throw new IOException("reset");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("reset");
        assertThat(done).containsExactly("piece", "drained");
        reads.execute(drain);
        reads.during(() -> done.add("next"));
        assertThat(done).containsExactly("piece", "drained", "drained", "next");
    }

    @Test
    void givesEachThreadOneBufferEmptyEveryTime() {
        var first = reads.buffer();
        assertThat(first.remaining()).isEqualTo(ReadEvents.BUFFER);
        first.put(new byte[5]).flip();
        assertThat(reads.buffer()).isSameAs(first);
        assertThat(first).extracting(ByteBuffer::position, ByteBuffer::limit).containsExactly(0, ReadEvents.BUFFER);
        assertThat(CompletableFuture.supplyAsync(reads::buffer).join()).isNotSameAs(first);
    }

    /** A task that is the same one whenever it is given. */
    private final class Noting implements Runnable {
        private final String what;

        Noting(String what) {
            this.what = what;
        }

        @Override
        public void run() {
            done.add(what);
        }
    }
}
