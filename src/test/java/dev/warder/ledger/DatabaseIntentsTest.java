package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.jdbc.DatabaseIntents;
import dev.warder.ledger.jdbc.DatabaseStore;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(60)
class DatabaseIntentsTest {
    @Test
    void letsRequestsGoOnAfterItsThreadHasFailed() throws Exception {
        var source = new PGSimpleDataSource() {
            private static final long serialVersionUID = 1;

            @Override
            public Connection getConnection() {
                throw new LinkageError("as after an undeployment");
            }
        };
        var thread = new CompletableFuture<Thread>();
        var intents = new DatabaseIntents(
                new DatabaseStore(source, "node", "run"),
                new QueueBacklog(),
                work -> {
                    var made = new Thread(work);
                    thread.complete(made);
                    return made;
                },
                System::nanoTime);
        assertThat(intents.note(Rows.intent()).get(20, TimeUnit.SECONDS)).isFalse();
        assertThat(ended(thread.get())).isTrue();
        assertThat(intents.note(Rows.intent())).isCompletedWithValue(false);
    }

    private static boolean ended(Thread thread) throws InterruptedException {
        thread.join(20_000);
        return !thread.isAlive();
    }
}
