package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.database.DatabaseSchema;
import dev.warder.ledger.Rows;
import dev.warder.ledger.store.Column;
import dev.warder.observe.Scrape;
import dev.warder.testkit.AdminApiServer;
import dev.warder.testkit.AuditCheck;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.BudgetCheck;
import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node whose database was made by an earlier version: by one that knew the ledger and budgets only, and by the version before the
 * policy was kept in one place, whose nodes were killed.
 */
class UpgradeContract extends PrincipalGround {
    /** Columns of rows that are there as they were; times at which a row was changed are left out. */
    private static final List<String> KEPT = List.of(
            "* FROM warder_ledger",
            "* FROM warder_charge",
            "* FROM warder_rollup WHERE step = 'hour'",
            "* FROM warder_policy",
            "* FROM warder_policy_object",
            "* FROM warder_access_token",
            "* FROM warder_audit",
            "* FROM warder_reconciliation_day",
            "* FROM warder_reconciliation_line",
            "* FROM warder_adjustment",
            "* FROM warder_increase_request",
            "budget, starts_at, cap_target, opened FROM warder_budget_period",
            "budget, starts_at, reason, nanos FROM warder_budget_adjustment");

    /** The columns of the ledger that the earlier version did not have. */
    private static final int ADDED = Column.ALL.size() - Column.ALL.indexOf(Column.REQUEST_CLASS);

    /** The least that is reserved for a run. */
    private static final String HELD =
            """
            SELECT MIN(held_unknown + CASE WHEN state = 'live' THEN granted - drawn ELSE 0 END) FROM warder_lease
            WHERE budget = 'client/bob/lifetime'
            """;

    @RegisterExtension
    private final Postgres postgres = Postgres.empty();

    @Test
    void keepsTheRowsOfAnEarlierVersionInPostgres() throws Exception {
        keepsTheRowsOfAnEarlierVersion(postgres.anotherAddress());
    }

    @Test
    void keepsTheRowsOfAnEarlierVersionInH2() throws Exception {
        keepsTheRowsOfAnEarlierVersion("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }

    private void keepsTheRowsOfAnEarlierVersion(String database) throws Exception {
        var source = BoundDatabase.of(database);
        var run = UUID.randomUUID().toString();
        new DatabaseSchema(source, DatabaseSchema.Tables.POLICY).bringUpToDate();
        Sql.execute(source, Rows.insertOfEarlierVersion());
        assertThat(tables(database)).contains("warder_ledger").doesNotContain("warder_policy_object", "warder_limit");
        try (var node = node("later", database)) {
            createClient(
                    node,
                    "ada",
                    ", 'budgets': [{'amount': '5', 'period': 'day'}], 'limits': {'requests_per_minute': 9}");
            createToken(node, "laptop", "ada", "");
            eventually(() -> status(node, "laptop") == 200);
            eventually(() ->
                    admin(node, "GET", "ledger?format=jsonl").text().lines().count() == 2);
            assertThat(admin(node, "GET", "ledger?format=jsonl").text().lines().findFirst())
                    .as("the row of before")
                    .get()
                    .asString()
                    .contains("\"client\":\"build\"", "\"cost_nanos\":1230000000");
            assertThat(tables(database)).contains("warder_policy_object", "warder_limit", "warder_increase_request");
        }
    }

    @Test
    void losesNothingOfAKilledNodeInH2() throws Exception {
        var before = KilledNode.unpack("h2", folder);
        String database = "jdbc:h2:file:" + before.data().resolve("warder") + ";DB_CLOSE_ON_EXIT=FALSE";
        losesNothing(before, database + ";DB_CLOSE_DELAY=-1;USER=warder");
    }

    @Test
    @Tag("turn-2")
    @Tag("turn-only")
    void losesNothingOfAKilledNodeInPostgres() throws Exception {
        var before = KilledNode.unpack("postgres", folder);
        String database = postgres.anotherAddress();
        Sql.execute(BoundDatabase.of(database), before.text("database.sql").split(";\n"));
        losesNothing(before, database);
    }

    private void losesNothing(KilledNode before, String address) throws Exception {
        var database = BoundDatabase.of(address);
        before.tokens().forEach(this::keep);
        log.plant(AdminApiServer.KEY);
        var kept = kept(database);
        try (var hook = ScriptedUpstream.plain().script((request, reply) -> reply.json(200, "{}"));
                var node = start("after", deployment(address, before, hook))) {
            eventually(() -> rows(node).size() >= KilledNode.ROWS.size());
            assertThat(rows(node))
                    .as("the rows of its journal too, and one for each request that was open")
                    .containsExactlyInAnyOrderElementsOf(KilledNode.ROWS);
            var hints = ",\"request_class\":null,\"agent_type\":null,\"prompt_id\":null}";
            assertThat(ledger(node))
                    .containsAll(before.answer("ledger")
                            .lines()
                            .map(line -> line.replaceFirst("}$", hints))
                            .toList());
            for (var resource : List.of("clients", "teams", "tags", "models", "tokens", "audit")) {
                assertThat(done(admin(node, "GET", resource + "?limit=1000")))
                        .as(resource)
                        .isEqualTo(Answers.json(before.answer(resource)));
            }
            var compared = Answers.json(before.answer("reconciliation")).getJsonArray("lines");
            assertThat(done(admin(node, "GET", "reconciliation?from=2026-01-01&to=2026-12-31"))
                            .getJsonArray("lines"))
                    .as("a day that was compared, and booked")
                    .isEqualTo(compared);
            assertThat(AuditCheck.problem(node.baseUri(), ADMIN_TOKEN)).isEmpty();
            assertThat(kept(database))
                    .as("with columns that were added")
                    .containsAll(kept.stream()
                            .map(row -> row.startsWith("* FROM warder_ledger") ? row + "|null".repeat(ADDED) : row)
                            .toList());
            sumsAgree(database);
            tokensWork(node);
            sendsNoThresholdAgain(node, hook);
            lowersACap(node);
            var metrics =
                    Scrape.of(send(node, administrator(node, "GET", "/metrics")).text());
            assertThat(metrics.value("warder_ledger_rows_lost_total")).isZero();
        }
        BudgetCheck.agrees(database);
        if (address.startsWith("jdbc:h2:")) {
            Sql.execute(database, "SHUTDOWN");
        }
    }

    private Deployment deployment(String database, KilledNode before, ScriptedUpstream hook) {
        return deployment(database)
                .with("data.dir", before.data().toString())
                .with("budget.default", "unlimited")
                .with("budget.webhook", hook.uri() + "/hook")
                .withSecret("budget.webhookKey", Base64.getEncoder().encodeToString(new byte[32]))
                .with("reconcile.url", "http://127.0.0.1:1")
                .with("reconcile.map", "apikey_1=primary")
                .withSecret("reconcile.key", AdminApiServer.KEY)
                .with("ledger.retention", "36500d");
    }

    private List<String> ledger(Container node) throws IOException {
        return admin(node, "GET", "ledger?format=jsonl&from=2026-01-01")
                .text()
                .lines()
                .toList();
    }

    /** Session and basis of each row. */
    private List<String> rows(Container node) throws IOException {
        return ledger(node).stream()
                .map(Answers::json)
                .map(row -> row.getString("session_id") + " " + row.getString("basis"))
                .toList();
    }

    /** The rows that a later version neither changes nor deletes. */
    private static Set<String> kept(DataSource database) throws SQLException {
        var rows = new TreeSet<String>();
        for (var table : KEPT) {
            try (var connection = database.getConnection();
                    var statement = connection.createStatement();
                    var found = statement.executeQuery("SELECT " + table)) {
                while (found.next()) {
                    var row = new StringBuilder(table);
                    for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                        row.append("|").append(found.getString(i));
                    }
                    rows.add(row.toString());
                }
            }
            assertThat(rows).as(table).anyMatch(row -> row.startsWith(table));
        }
        return rows;
    }

    private static void sumsAgree(DataSource database) throws SQLException {
        assertThat(Sql.number(database, "SELECT COUNT(*) FROM warder_intent"))
                .as("intents that are not settled")
                .isZero();
        assertThat(Sql.number(database, "SELECT SUM(row_count) FROM warder_usage WHERE step = 'hour'"))
                .isEqualTo(KilledNode.ROWS.size());
        assertThat(Sql.number(
                        database,
                        "SELECT spent + overage FROM warder_budget_period WHERE budget = 'client/bob/lifetime'"))
                .isEqualTo(Sql.number(database, "SELECT SUM(cost_nanos) FROM warder_ledger WHERE client = 'bob'"));
        assertThat(Sql.number(database, HELD))
                .as("two open requests of each run that was killed")
                .isGreaterThanOrEqualTo(2 * 3000 * 5000L);
    }

    private void tokensWork(Container node) throws IOException {
        for (var token : List.of("robot", "spare", "chief", "ci")) {
            assertThat(status(node, token)).as(token).isEqualTo(200);
        }
        for (var token : List.of("old", "lost")) {
            assertThat(status(node, token)).as(token).isEqualTo(401);
        }
    }

    /** 80 % of ada's dollar are used. */
    private void sendsNoThresholdAgain(Container node, ScriptedUpstream hook) throws Exception {
        upstream.next(json(200, message(500, 9)));
        assertThat(status(node, "laptop")).isEqualTo(200);
        upstream.next(json(200, message(100_000, 9)));
        assertThat(status(node, "laptop")).isEqualTo(200);
        var sent = Answers.json(hook.take().text());
        while (!sent.getString("budget").equals("client/ada/lifetime")) {
            // One of a day, as long as that lasts: the earlier version was killed before it sent it.
            sent = Answers.json(hook.take().text());
        }
        assertThat(sent.getString("share")).isEqualTo("0.9");
    }

    /** Its period has the number of the file, which is higher than that of any change in the database. */
    private void lowersACap(Container node) throws Exception {
        var lower = "{'budgets': [{'amount': '0.5', 'period': 'lifetime'}]}";
        done(adminIfMatch(node, "PATCH", "clients/ada", "*", lower));
        // Each request costs so little that the cap of before would last for hundreds of them.
        for (int i = 0; i < 100 && status(node, "laptop") == 200; i++) {
            pause(100);
        }
        assertThat(use(node, "laptop").text()).contains("billing_error");
    }

    /**
     * A folder with what a node of the version before has left, see {@code src/test/resources/upgrade/README.md}: it was killed twice,
     * once without a journal.
     */
    private record KilledNode(Path folder) {
        /** The requests that it got, in its three runs. */
        static final List<String> ROWS = Stream.of(
                        sessions("large", 1, 5, "reported"),
                        sessions("file", 1, 4, "reported"),
                        sessions("base", 1, 6, "reported"),
                        sessions("journal", 1, 3, "reported"),
                        sessions("late", 1, 30, "reported"),
                        sessions("open", 1, 4, "unknown"))
                .flatMap(each -> each)
                .toList();

        private static Stream<String> sessions(String name, int first, int last, String basis) {
            return IntStream.rangeClosed(first, last).mapToObj(number -> name + "-" + number + " " + basis);
        }

        /** Its machine is this one, so that what it states about its journal is valid. */
        static KilledNode unpack(String archive, Path parent) throws IOException {
            var folder = Files.createDirectory(parent.resolve(archive));
            try (var zip = new ZipInputStream(Objects.requireNonNull(
                    UpgradeContract.class.getResourceAsStream("/upgrade/" + archive + ".zip")))) {
                for (var each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
                    var file = folder.resolve(each.getName());
                    Files.createDirectories(Objects.requireNonNull(file.getParent()));
                    Files.copy(zip, file);
                }
            }
            var machine = Path.of("/proc/sys/kernel/random/boot_id");
            if (Files.exists(machine)) {
                var mark = folder.resolve("data/journal/holds.complete");
                var words = Files.readString(mark).split(" ");
                Files.writeString(mark, Files.readString(machine).strip() + " " + words[1]);
            }
            return new KilledNode(folder);
        }

        Path data() {
            return folder.resolve("data");
        }

        String text(String file) throws IOException {
            return Files.readString(folder.resolve(file));
        }

        /** Its answers to an administrator. */
        String answer(String resource) throws IOException {
            return text("answers/" + resource);
        }

        /** Its access tokens by their names. */
        Map<String, String> tokens() throws IOException {
            return text("tokens")
                    .lines()
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> AccessToken.PREFIX + parts[1]));
        }
    }

    private static List<String> tables(String database) throws Exception {
        try (var connection = BoundDatabase.of(database).getConnection();
                var statement = connection.prepareStatement(
                        "SELECT LOWER(table_name) FROM information_schema.tables WHERE LOWER(table_name) LIKE 'warder%'");
                var rows = statement.executeQuery()) {
            var tables = new ArrayList<String>();
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
            return tables;
        }
    }
}
