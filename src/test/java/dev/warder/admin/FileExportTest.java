package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FileExportTest {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final AdminThreads threads = new AdminThreads(Thread::new);

    @AfterEach
    void end() {
        threads.close();
    }

    private FileExport export(Callable<String> reading) {
        return new FileExport(new AdminThreads.Share(threads, "ada", () -> false), nanos::get, "req", reading, "cut");
    }

    private static void assertEnds(FileExport export) throws Exception {
        assertThat(export.next().get(20, TimeUnit.SECONDS)).isEqualTo("cut");
        assertThat(export.next()).isCompletedWithValue("");
    }

    @Test
    void endsAsIncompleteBeforeTheLimitOfTheResponse() throws Exception {
        var export = export(() -> "piece");
        assertThat(export.next().get(20, TimeUnit.SECONDS)).isEqualTo("piece");
        nanos.set(Duration.ofMinutes(14).toNanos());
        assertEnds(export);
    }

    @Test
    void endsAsIncompleteAfterAFailure() throws Exception {
        assertEnds(export(() -> {
            reads.incrementAndGet();
            throw new SQLException();
        }));
        assertThat(reads).as("attempts").hasValue(3);
        assertEnds(export(() -> {
            throw new LinkageError("as after an undeployment");
        }));
    }

    @Test
    void endsAsIncompleteAfterTheThreadsWereClosed() throws Exception {
        threads.close();
        assertEnds(export(() -> "piece"));
    }

    @Test
    void triesNothingAgainAfterTheThreadsWereClosed() throws Exception {
        var reading = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        var export = export(() -> {
            reads.incrementAndGet();
            reading.countDown();
            goesOn.await();
            throw new SQLException();
        });
        var piece = export.next();
        reading.await();
        threads.close();
        goesOn.countDown();
        assertThat(piece.get(20, TimeUnit.SECONDS)).isEqualTo("cut");
        assertThat(reads).hasValue(1);
    }

    @Test
    void waitsForAPlace() throws Exception {
        var goesOn = new CountDownLatch(1);
        var others = new AdminThreads.Share(threads, "ada", () -> false);
        var all = new ArrayList<CompletableFuture<Integer>>();
        do {
            all.add(others.export(() -> {
                goesOn.await();
                return 1;
            }));
        } while (!all.get(all.size() - 1).isDone());
        var export = export(() -> "piece");
        var piece = export.next();
        threads.tick();
        assertThat(piece).as("while there is no place").isNotDone();
        all.remove(all.size() - 1);
        goesOn.countDown();
        for (var each : all) {
            assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        }
        threads.tick();
        assertThat(piece.get(20, TimeUnit.SECONDS)).isEqualTo("piece");
    }

    @Test
    void endsAsIncompleteIfItsTimePassesWhileItWaits() throws Exception {
        var goesOn = new CountDownLatch(1);
        var others = new AdminThreads.Share(threads, "ada", () -> false);
        CompletableFuture<Boolean> last;
        do {
            last = others.export(() -> goesOn.await(20, TimeUnit.SECONDS));
        } while (!last.isDone());
        var piece = export(() -> "piece").next();
        nanos.set(Duration.ofMinutes(14).toNanos());
        threads.tick();
        assertThat(piece).isCompletedWithValue("cut");
        goesOn.countDown();
    }
}
