package dev.warder.ledger.lease;

import static dev.warder.ledger.lease.LeaseDatabase.CAP;
import static dev.warder.ledger.lease.LeaseDatabase.END;
import static dev.warder.ledger.lease.LeaseDatabase.MONTH;
import static dev.warder.ledger.lease.LeaseDatabase.OTHER;
import static dev.warder.ledger.lease.LeaseDatabase.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.AtOnce;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which node reports a threshold, in a database of each supported kind. */
interface ThresholdsContract {
    /** An empty database, the same for each call of one test. */
    DataSource database();

    private LeaseDatabase here() {
        return new LeaseDatabase(database());
    }

    private boolean note(int percent) throws Exception {
        return here().leases().note(MONTH, percent, CAP);
    }

    @BeforeEach
    default void thePeriodIsUsed() throws Exception {
        here().reserve(new UUID(1, 1), request(MONTH, 0, 0));
    }

    @AfterEach
    default void allSumsAgree() throws Exception {
        here().check();
    }

    @Test
    default void eachIsReportedOnce() throws Exception {
        assertThat(note(75)).isTrue();
        assertThat(note(75)).isFalse();
        assertThat(note(80)).isTrue();
        assertThat(note(80)).isFalse();
    }

    @Test
    default void noneIsReportedBelowOneThatWas() throws Exception {
        assertThat(note(100)).isTrue();
        assertThat(note(90)).isFalse();
        assertThat(note(75)).isFalse();
    }

    @Test
    default void periodsAndAmountsHaveTheirOwn() throws Exception {
        assertThat(note(90)).isTrue();
        assertThat(here().leases().note(OTHER, 90, CAP)).isTrue();
        assertThat(here().leases().note(MONTH, 90, 10 * CAP)).isTrue();
        assertThat(here().leases().note(MONTH, 100, 999_999_999_999_999_999L)).isTrue();
        assertThat(note(90)).isFalse();
        assertThat(here().number("SELECT SUM(nanos) FROM warder_budget_adjustment"))
                .isZero();
    }

    @Test
    default void oneOfManyNodesReportsIt() throws Exception {
        assertThat(AtOnce.run(4, node -> note(80))).containsOnlyOnce(true);
    }

    @Test
    default void endWithTheirPeriod() throws Exception {
        note(80);
        here().inTransaction(connection -> OldPeriods.deletePeriods(connection, END.plusSeconds(1)));
        assertThat(here().number("SELECT COUNT(*) FROM warder_budget_adjustment"))
                .isZero();
    }
}
