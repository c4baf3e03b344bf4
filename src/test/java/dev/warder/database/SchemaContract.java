package dev.warder.database;

import static dev.warder.testkit.Sql.execute;
import static dev.warder.testkit.Sql.number;
import static dev.warder.testkit.Sql.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.database.DatabaseSchema.SchemaException;
import dev.warder.database.DatabaseSchema.Tables;
import dev.warder.ledger.DatabaseGroups;
import dev.warder.ledger.Rows;
import dev.warder.testkit.AtOnce;
import dev.warder.testkit.EachRow;
import dev.warder.testkit.Preceded;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** How tables are made in every database. */
interface SchemaContract {
    int ALL = DatabaseSchema.MIGRATIONS.length;

    /** An empty database, the same for each call of one test. */
    DataSource database() throws Exception;

    private List<String> versions() throws Exception {
        return texts(
                database(),
                "SELECT \"version\" FROM \"warder_schema_history\""
                        + " WHERE \"success\" AND \"version\" <> '0' ORDER BY \"installed_rank\"");
    }

    private long count(String table) throws Exception {
        return number(database(), "SELECT COUNT(*) FROM " + table);
    }

    private static DataSource counted(DataSource source, AtomicInteger connections) {
        return Preceded.by(
                method -> connections.addAndGet(method.equals("getConnection") ? 1 : 0), DataSource.class, source);
    }

    /** As a release left it that had this many migrations. */
    private static void asARelease(int migrations, DataSource database) {
        Flyway.configure(SchemaContract.class.getClassLoader())
                .loggers(new String[0])
                .dataSource(database)
                .table("warder_schema_history")
                .locations(new String[0])
                .javaMigrations(Arrays.copyOf(DatabaseSchema.MIGRATIONS, migrations))
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    @Test
    default void addsTheTablesOfTheLedgerToThoseOfTheFirstRelease() throws Exception {
        asARelease(1, database());
        execute(database(), "INSERT INTO warder_oauth_token (name, generation) VALUES ('kept', 7)");
        new DatabaseSchema(database(), Tables.LEDGER).bringUpToDate();
        assertThat(versions()).isEqualTo(first(ALL));
        assertThat(count("warder_oauth_token")).isEqualTo(1);
        for (var table : List.of("warder_ledger", "warder_intent", "warder_node", "warder_rollup", "warder_usage")) {
            assertThat(count(table)).isZero();
        }
    }

    /** Once more as after a failure between the statements, which are outside the transaction in H2. */
    @EachRow({
        "3  | POLICY    | 6  | warder_budget_period warder_lease warder_charge warder_budget_adjustment"
                + " warder_budget_node warder_budget_bound warder_budget_check",
        "7  | INCREASES | 10 | warder_reconciliation_lease warder_reconciliation_day warder_reconciliation_line"
                + " warder_adjustment warder_increase_request",
        "10 | LEDGER    | 11 | warder_class_usage",
    })
    default void addsTablesToThoseBefore(int before, Tables added, int version, String empty) throws Exception {
        asARelease(before, database());
        new DatabaseSchema(database(), added).bringUpToDate();
        assertThat(versions()).isEqualTo(first(version));
        execute(
                database(),
                "UPDATE \"warder_schema_history\" SET \"success\" = FALSE WHERE \"version\" = '" + version + "'");
        new DatabaseSchema(database(), added).bringUpToDate();
        assertThat(versions()).as("repeated").isEqualTo(first(version));
        for (var table : empty.split(" ")) {
            assertThat(count(table)).isZero();
        }
    }

    private static List<String> first(int migrations) {
        return IntStream.rangeClosed(1, migrations).mapToObj(String::valueOf).toList();
    }

    @Test
    default void addsTheOwnersOfTokensToTheHighestVersion() throws Exception {
        asARelease(5, database());
        execute(database(), "UPDATE warder_policy SET highest = 7");
        new DatabaseSchema(database(), Tables.POLICY).bringUpToDate();
        assertThat(count("warder_policy WHERE highest = 7 AND owners = '' AND owners_of = ''"))
                .isEqualTo(1);
    }

    /** A node of the release before goes on to write rows that lack the columns. */
    @Test
    default void addsTheClassesToRowsThatAreThere() throws Exception {
        new DatabaseSchema(database(), Tables.INCREASES).bringUpToDate();
        execute(database(), Rows.insertOfEarlierVersion());
        new DatabaseSchema(database(), Tables.LEDGER).bringUpToDate();
        new DatabaseSchema(database(), Tables.INCREASES).bringUpToDate();
        execute(database(), Rows.insertOfEarlierVersion());
        assertThat(count("warder_ledger WHERE request_class IS NULL AND agent_type IS NULL AND prompt_id IS NULL"))
                .isEqualTo(2);
        assertThat(count("warder_class_usage")).isZero();
    }

    /** In H2, a table cannot be read while it gets a column. */
    @Test
    default void altersTheLedgerBeforeAReportReadsIt() throws Exception {
        asARelease(10, database());
        new DatabaseGroups(database()).pieceEnd(Instant.EPOCH, Instant.EPOCH, 1);
        assertThat(versions()).isEqualTo(first(ALL));
    }

    @Test
    default void makesNoTableThatIsNotNeeded() throws Exception {
        new DatabaseSchema(database(), Tables.TOKENS).bringUpToDate();
        assertThat(versions()).containsExactly("1");
    }

    @Test
    default void acceptsTablesThatOthersNeed() throws Exception {
        new DatabaseSchema(database(), Tables.LEDGER).bringUpToDate();
        new DatabaseSchema(database(), Tables.TOKENS).bringUpToDate();
        asARelease(1, database());
        assertThat(versions()).isEqualTo(first(ALL));
    }

    /** With one question to the database instead of Flyway, which uses several connections. */
    @Test
    default void startsNoMigrationWhereThereIsNothingToDo() throws Exception {
        new DatabaseSchema(database(), Tables.LEDGER).bringUpToDate();
        for (var tables : Tables.values()) {
            var connections = new AtomicInteger();
            new DatabaseSchema(counted(database(), connections), tables).bringUpToDate();
            assertThat(connections).as(tables.name()).hasValue(1);
        }
    }

    /** Many nodes that start at once would otherwise queue for the lock of Flyway, and exceed the limit. */
    @Test
    default void looksAfterAFailureForWhatAnotherNodeHasMade() throws Exception {
        var connections = new AtomicInteger();
        execute(database(), "CREATE TABLE warder_ledger (another_column BIGINT)");
        var schema = new DatabaseSchema(counted(database(), connections), Tables.LEDGER, System::nanoTime, time -> {
            makeInsteadOf("warder_ledger");
            connections.set(0);
        });
        schema.bringUpToDate();
        assertThat(connections).hasValue(1);
    }

    /** Parts of one node start at once; Flyway waits a second where two of them meet. */
    @Test
    default void waitsForTheThreadOfItsNodeThatMakesThem() throws Exception {
        var connections = new AtomicInteger();
        var updating = new ReentrantLock();
        var another = Executors.newSingleThreadExecutor();
        another.submit(updating::lock).get(20, TimeUnit.SECONDS);
        execute(database(), "CREATE TABLE warder_ledger (another_column BIGINT)");
        var schema = new DatabaseSchema(
                counted(database(), connections),
                Tables.LEDGER,
                System::nanoTime,
                time -> makeInsteadOf("warder_ledger"),
                updating);
        schema.bringUpToDate();
        assertThat(connections).as("two looks, and no migration").hasValue(2);
        another.submit(updating::unlock).get(20, TimeUnit.SECONDS);
        another.shutdown();
    }

    /** A user who may not make tables would otherwise cause refused statements at each look, of which there is one a second. */
    @Test
    default void onlyLooksForAWhileAfterAFailure() throws Exception {
        var connections = new AtomicInteger();
        var clock = new AtomicLong();
        execute(database(), "CREATE TABLE warder_ledger (another_column BIGINT)");
        var schema = new DatabaseSchema(
                counted(database(), connections),
                Tables.LEDGER,
                clock::get,
                time -> clock.addAndGet(DatabaseSchema.LIMIT.toNanos()));
        assertThatThrownBy(schema::bringUpToDate).isInstanceOf(SchemaException.class);
        execute(database(), "DROP TABLE warder_ledger");
        connections.set(0);
        assertThatThrownBy(schema::bringUpToDate).isInstanceOf(SchemaException.class);
        assertThat(connections).as("a look, and no migration").hasValue(1);
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        schema.bringUpToDate();
        assertThat(versions()).isEqualTo(first(ALL));
    }

    private void makeInsteadOf(String table) {
        try {
            execute(database(), "DROP TABLE " + table);
            new DatabaseSchema(database(), Tables.LEDGER).bringUpToDate();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    default void repeatsAMigrationThatHasFailed() throws Exception {
        new DatabaseSchema(database(), Tables.INCREASES).bringUpToDate();
        execute(database(), "DROP TABLE warder_increase_request");
        execute(database(), "UPDATE \"warder_schema_history\" SET \"success\" = FALSE WHERE \"version\" = '10'");
        new DatabaseSchema(database(), Tables.INCREASES).bringUpToDate();
        assertThat(versions()).isEqualTo(first(10));
        assertThat(count("warder_increase_request")).isZero();
    }

    /** With a clock that stands still: how long eight nodes take depends on the machine. */
    @Test
    default void makesThemOnceForAllNodesThatStart() throws Exception {
        AtOnce.run(8, node -> {
            new DatabaseSchema(
                            database(),
                            node % 2 == 0 ? Tables.LEDGER : Tables.TOKENS,
                            () -> 0,
                            time -> LockSupport.parkNanos(time.toNanos()),
                            new ReentrantLock())
                    .bringUpToDate();
            return true;
        });
        assertThat(versions()).isEqualTo(first(ALL));
    }
}
