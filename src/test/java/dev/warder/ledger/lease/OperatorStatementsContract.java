package dev.warder.ledger.lease;

import static dev.warder.ledger.lease.LeaseDatabase.request;
import static dev.warder.ledger.lease.LeasesContract.A;
import static dev.warder.ledger.lease.LeasesContract.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.store.PeriodKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The statements of the page about budgets, in every database. */
interface OperatorStatementsContract {
    /** An empty database, the same for each call of one test. */
    DataSource database();

    private LeaseDatabase here() {
        return new LeaseDatabase(database());
    }

    @Test
    default void showWhatIsReservedAndFreeWhatIsUnknown() throws Exception {
        var key = new PeriodKey("team/payments/month", LeaseDatabase.MONTH.start());
        here().reserve(A, request(key, 300, 300));
        here().settle(A, key, 100);
        here().reserve(B, request(key, 50, 50));
        here().leases().reap(A);
        assertThat(here().period(key).unknown()).isEqualTo(200);

        here().inTransaction(connection -> {
            for (var statement : statements()) {
                run(connection, statement);
            }
        });

        assertThat(here().period(key).unknown()).isZero();
        assertThat(here().period(key).leased()).isEqualTo(50);
        here().settle(A, key, 30);
        assertThat(here().period(key).spent()).isEqualTo(130);
        here().check();
    }

    private static void run(Connection connection, String text) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    private static List<String> statements() {
        try {
            var page = Files.readString(Path.of("src/site/markdown/budgets.md"));
            var found = Pattern.compile("(?m)^    ((?:SELECT|UPDATE|COMMIT)[^;]*);$")
                    .matcher(page);
            var statements = found.results().map(each -> each.group(1)).toList();
            assertThat(statements).hasSize(6);
            return statements;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
