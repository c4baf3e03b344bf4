package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.audit.Actor;
import dev.warder.audit.AuditChain;
import dev.warder.audit.AuditItem;
import dev.warder.json.JsonTree;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.Administration.Recorded;
import dev.warder.principal.RefusedChangeException;
import dev.warder.reconciliation.report.Counts;
import dev.warder.reconciliation.store.Adjustment;
import dev.warder.reconciliation.store.BookingRequest;
import dev.warder.reconciliation.store.Bookings;
import dev.warder.reconciliation.store.Comparison;
import dev.warder.reconciliation.store.DayLook;
import dev.warder.reconciliation.store.LineId;
import dev.warder.reconciliation.store.ReconciliationStore;
import dev.warder.reconciliation.store.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bookings and their entries of the audit are one transaction, in a database of each supported kind. */
interface BookingAuditContract {
    LocalDate DAY = LocalDate.parse("2026-11-20");
    Administration.Request REQUEST =
            new Administration.Request(new Actor("root", "192.0.2.1", "req_1"), Optional.empty(), Optional.empty());

    /** An empty database, the same for each call of one test. */
    DataSource database();

    /** What a node does for administrators. */
    private Administration node() {
        return Administrations.of(database(), LivePolicy.ofDatabase(Optional.empty()));
    }

    @BeforeEach
    default void compare() throws Exception {
        var run = new UUID(1, 1);
        var store = new ReconciliationStore(database());
        store.take(run);
        var sides = new Comparison(1, new Side(10, Counts.NONE), new Side(15, Counts.NONE), 0);
        assertThat(store.save(run, new DayLook(DAY, Map.of(new LineId(DAY, "claude-opus-5-5", "main"), sides), 0, 0))
                        .saved())
                .isTrue();
    }

    private static Recorded book(Connection connection) throws SQLException {
        var booked = Bookings.of(connection, DAY, Set.of())
                .orElseThrow()
                .book(new BookingRequest(Optional.empty(), Optional.empty(), "invoice", "root"));
        return new Recorded(
                booked.lines().isEmpty()
                        ? List.of()
                        : List.of(new AuditItem("book", "reconciliation/" + DAY, "", "{}")),
                "{}");
    }

    private List<Adjustment> adjustments() throws SQLException {
        return new ReconciliationStore(database()).adjustments(DAY, DAY);
    }

    /** The actions of all entries, which are intact. */
    private List<String> audited() throws SQLException {
        var chain = new AuditChain();
        var actions = new ArrayList<String>();
        for (var entry : node().audit().after(0, 1000)) {
            assertThat(chain.add(entry)).isEmpty();
            actions.add(entry.item().action());
        }
        return actions;
    }

    /** While other administrators change the policy. */
    @Test
    default void nodesThatBookAtTheSameTimeBookAndRecordOnce() throws Exception {
        int nodes = 4;
        var barrier = new CyclicBarrier(nodes);
        var threads = Executors.newFixedThreadPool(nodes);
        try {
            var tasks = new ArrayList<Callable<Void>>();
            for (int i = 0; i < nodes; i++) {
                var client = PolicyName.client("c-" + i);
                var node = node();
                tasks.add(() -> {
                    barrier.await();
                    node.record(REQUEST, (connection, at) -> book(connection));
                    node.create(
                            client,
                            JsonTree.parseObject("{\"kind\":\"person\"}").orElseThrow(),
                            REQUEST);
                    node.record(REQUEST, (connection, at) -> book(connection));
                    return null;
                });
            }
            for (var done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(adjustments()).extracting(Adjustment::nanos).containsExactly(5L);
        assertThat(audited())
                .hasSize(1 + nodes)
                .filteredOn(action -> action.equals("book"))
                .hasSize(1);
    }

    @Test
    default void nothingIsBookedThatTheAuditCannotHave() throws Exception {
        var node = node();
        node.record(REQUEST, (connection, at) -> new Recorded(List.of(), ""));
        try (var connection = database().getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate("ALTER TABLE warder_audit RENAME TO warder_audit_gone");
            assertThatThrownBy(() -> node.record(REQUEST, (step, at) -> book(step)))
                    .isInstanceOf(SQLException.class);
            statement.executeUpdate("ALTER TABLE warder_audit_gone RENAME TO warder_audit");
        }
        assertThat(adjustments()).isEmpty();
        assertThat(new ReconciliationStore(database()).lines(DAY, DAY).get(0).open())
                .isEqualTo(5);
        node.record(REQUEST, (connection, at) -> book(connection));
        assertThat(adjustments()).hasSize(1);
        assertThat(audited()).containsExactly("book");
    }

    @Test
    default void nothingIsBookedOfARefusedRequest() throws Exception {
        assertThatThrownBy(() -> node().record(REQUEST, (connection, at) -> {
                    book(connection);
                    throw new RefusedChangeException(RefusedChangeException.Cause.CLASH, "refused");
                }))
                .isInstanceOf(RefusedChangeException.class);
        assertThat(adjustments()).isEmpty();
        assertThat(audited()).isEmpty();
    }
}
