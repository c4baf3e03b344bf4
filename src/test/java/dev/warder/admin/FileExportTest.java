package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FileExportTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final AdminThreads threads = new AdminThreads(Thread::new);

    @AfterEach
    void end() {
        threads.close();
    }

    private FileExport export(Callable<String> reading) {
        return new FileExport(new AdminThreads.Share(threads, "ada", () -> false), now::get, "req", reading, "cut");
    }

    private static void assertEnds(FileExport export) throws Exception {
        assertThat(export.next().get(20, TimeUnit.SECONDS)).isEqualTo("cut");
        assertThat(export.next()).isCompletedWithValue("");
    }

    @Test
    void endsAsIncompleteBeforeTheLimitOfTheResponse() throws Exception {
        var export = export(() -> "piece");
        assertThat(export.next().get(20, TimeUnit.SECONDS)).isEqualTo("piece");
        now.set(Instant.EPOCH.plus(Duration.ofMinutes(14)));
        assertEnds(export);
    }

    @Test
    void endsAsIncompleteAfterAFailure() throws Exception {
        assertEnds(export(() -> {
            throw new SQLException();
        }));
        assertEnds(export(() -> {
            throw new LinkageError("as after an undeployment");
        }));
    }

    @Test
    void endsAsIncompleteAfterTheThreadsWereClosed() throws Exception {
        threads.close();
        assertEnds(export(() -> "piece"));
    }
}
