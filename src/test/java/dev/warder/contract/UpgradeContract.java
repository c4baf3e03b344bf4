package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.DatabaseStore;
import dev.warder.ledger.Rows;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.Postgres;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node whose database has the tables and rows of an earlier version, which knew the ledger and budgets only. */
class UpgradeContract extends PrincipalGround {
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
        new DatabaseStore(source, "earlier").store(List.of(Rows.settled(Rows.costing(1_230_000_000, true))));
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
