package dev.warder.policy.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The highest version in a database, of each supported kind. */
interface VersionsContract {
    /** An empty database. */
    DataSource database();

    @Test
    default void keepsTheHighestVersionOfAllNodes() throws Exception {
        var first = new DatabaseVersions(database());
        var second = new DatabaseVersions(database());
        assertThat(first.raise(0)).isZero();
        assertThat(first.raise(7)).isEqualTo(7);
        assertThat(second.raise(6)).isEqualTo(7);
        assertThat(second.raise(999_999_999_999_999L)).isEqualTo(999_999_999_999_999L);
        assertThat(first.raise(8)).isEqualTo(999_999_999_999_999L);
        assertThat(new DatabaseVersions(database()).raise(0)).isEqualTo(999_999_999_999_999L);
    }

    @Test
    default void reportsATableWithoutItsRow() throws Exception {
        var versions = new DatabaseVersions(database());
        versions.raise(7);
        try (var connection = database().getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM warder_policy");
        }
        assertThatThrownBy(() -> versions.raise(7))
                .isInstanceOf(VersionStoreException.class)
                .hasMessage("the table warder_policy has lost its row");
    }

    @Test
    default void losesNoVersionOfNodesThatRaiseItAtOnce() throws Exception {
        int nodes = 4;
        new DatabaseVersions(database()).raise(1);
        var barrier = new CyclicBarrier(nodes);
        var threads = Executors.newFixedThreadPool(nodes);
        try {
            var raised = IntStream.range(0, nodes)
                    .<Future<?>>mapToObj(node -> threads.submit(() -> {
                        var versions = new DatabaseVersions(database());
                        barrier.await();
                        for (int version = node + 2; version < 100; version += nodes) {
                            assertThat(versions.raise(version)).isGreaterThanOrEqualTo(version);
                        }
                        return true;
                    }))
                    .toList();
            for (var each : raised) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(new DatabaseVersions(database()).raise(0)).isEqualTo(99);
    }
}
