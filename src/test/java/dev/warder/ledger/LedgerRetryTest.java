package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.LedgerWriter.RetryPause;
import dev.warder.testkit.H2Memory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When the ledger asks a database again that has failed. */
class LedgerRetryTest {
    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    @Test
    void asksForTablesSoonAndThenLessOften() {
        var pause = new RetryPause();
        assertThat(Stream.generate(pause::afterTables).limit(8).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
        assertThat(pause.after(new SQLException())).isEqualTo(Duration.ofSeconds(1));
        pause.reset();
        assertThat(pause.afterTables()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void asksAtOnceAtTheEnd() {
        var away = new AtomicBoolean(true);
        var backlog = new QueueBacklog();
        var writer = new LedgerWriter(
                new DatabaseStore(fails(h2.database(), away), "node"), backlog, nanoTime -> {}, () -> 0);
        assertThat(backlog.add(Rows.settled(Rows.row()))).isTrue();
        assertThat(writer.tick()).isFalse();
        away.set(false);
        assertThat(writer.tick()).isFalse();
        assertThat(writer.stored()).isZero();
        writer.retryNow();
        assertThat(writer.tick()).isTrue();
        assertThat(writer.stored()).isEqualTo(1);
    }

    /** A database whose calls fail while {@code away} is true. */
    private static DataSource fails(DataSource store, AtomicBoolean away) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (away.get()) {
                        throw new SQLException("away", "08001");
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
