package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.ledger.DatabaseGroups;
import dev.warder.testkit.Sql;
import dev.warder.usage.PriceBook;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Reports from a database with many rows. */
interface ReportsContract {
    Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    /** An empty database, the same for each call of one test. */
    DataSource database();

    /** A row: when it ended, and a client and a model. */
    record Row(Instant ended, String client, String model) {}

    /** Inserts rows that cost 0.000001 dollars and have one token of input each. */
    private void insert(int count, IntFunction<Row> rows) throws SQLException {
        new DatabaseGroups(database()).pieceEnd(Instant.EPOCH, NOW, 1);
        try (var connection = database().getConnection();
                var insert = connection.prepareStatement(
                        """
                        INSERT INTO warder_ledger (try_id, part, request_id, admitted_at, ended_at, client, team,
                            model_answered, ended_as, input_tokens, write_5m_tokens, write_1h_tokens, read_tokens,
                            output_tokens, thinking_tokens, web_searches, web_fetches, tier, speed, price_assumed,
                            billed, basis, cost_usd, cost_nanos, duration_ms)
                        VALUES (?, 0, 'r', ?, ?, ?, 'blue', ?, 'complete', 1, 0, 0, 0, 0, 0, 0, 0, 'standard',
                            'standard', FALSE, TRUE, 'reported', 0.000001, 1000, 1)
                        """)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < count; i++) {
                var row = rows.apply(i);
                insert.setString(1, "t" + i);
                insert.setObject(2, row.ended().atOffset(ZoneOffset.UTC));
                insert.setObject(3, row.ended().atOffset(ZoneOffset.UTC));
                insert.setString(4, row.client());
                insert.setString(5, row.model());
                insert.addBatch();
                if (i % 5000 == 4999) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    private Reports reports() {
        return reports(new DatabaseGroups(database()));
    }

    /** Its clock stands: after some seconds a report would end with a page more. */
    private static Reports reports(DatabaseGroups ledger) {
        return new Reports(Optional.of(ledger), PriceBook::shipped, () -> NOW, () -> 0);
    }

    private static JsonObject usage(Reports reports, String query) throws Exception {
        return JsonTree.parseObject(reports.usage(query, () -> true).orElseThrow())
                .orElseThrow();
    }

    private static List<JsonObject> data(JsonObject page) {
        return JsonTree.array(page, "data").getValuesAs(JsonObject.class);
    }

    private static List<JsonObject> results(JsonObject page) {
        return data(page).stream()
                .flatMap(bucket -> JsonTree.array(bucket, "results").getValuesAs(JsonObject.class).stream())
                .toList();
    }

    private static Optional<String> next(JsonObject page) {
        return JsonTree.findText(page, "next_page");
    }

    /** All pages. */
    private static List<JsonObject> pages(Reports reports, String query) throws Exception {
        var pages = new ArrayList<JsonObject>();
        Optional<String> page = Optional.empty();
        do {
            var next =
                    usage(reports, query + page.map(token -> "&page=" + token).orElse(""));
            assertThat(next.getBoolean("has_more")).isEqualTo(next(next).isPresent());
            pages.add(next);
            page = next(next);
        } while (page.isPresent());
        return pages;
    }

    private static int tokens(JsonObject result) {
        return result.getInt("uncached_input_tokens");
    }

    private static long tokens(List<JsonObject> pages) {
        return pages.stream()
                .flatMap(page -> results(page).stream())
                .mapToLong(ReportsContract::tokens)
                .sum();
    }

    /** A bucket with more groups than a page continues on the next one. */
    @Test
    default void pagesThroughTheGroupsOfOneBucket() throws Exception {
        int clients = 2 * Reports.MOST_USAGE_GROUPS + 500;
        var noon = Instant.parse("2026-03-01T12:00:00Z");
        insert(3 * clients, i -> new Row(noon.plusSeconds(i % 3), "client-" + i % clients, "m"));
        var reports = reports();
        String query = "starting_at=2026-02-28T00:00:00Z&ending_at=2026-03-02T00:00:00Z&group_by[]=api_key_id";
        var pages = pages(reports, query);
        assertThat(pages).hasSize(3);
        var names = new HashSet<String>();
        for (var page : pages) {
            for (var result : results(page)) {
                assertThat(names.add(result.getString("api_key_id"))).isTrue();
                assertThat(tokens(result)).isEqualTo(3);
            }
        }
        assertThat(names).hasSize(clients);
        assertThat(data(pages.get(0))).hasSize(2);
        assertThat(data(pages.get(2))).hasSize(1);
    }

    /** More rows than the database adds at once, in buckets that begin and end within pieces. */
    @Test
    default void addsWhatWasReadInPieces() throws Exception {
        int rows = 2 * BucketPage.PIECE + 5000;
        var from = Instant.parse("2026-02-01T00:00:00Z");
        insert(rows, i -> new Row(from.plusSeconds(30L * i), "ada", "m" + i % 3));
        var reports = reports();
        for (String group : List.of("", "&group_by[]=model")) {
            var pages = pages(reports, "starting_at=2026-02-01T00:00:00Z&limit=31" + group);
            assertThat(pages).hasSize(1);
            assertThat(data(pages.get(0))).hasSize(30);
            assertThat(tokens(pages)).isEqualTo(rows);
        }
        var day = usage(reports, "starting_at=2026-02-03T00:00:00Z&limit=1");
        assertThat(results(day)).singleElement().satisfies(result -> assertThat(tokens(result))
                .isEqualTo(2880));
    }

    /** As many rows in one millisecond as fit into no piece. */
    @Test
    default void readsRowsOfOneMoment() throws Exception {
        int rows = BucketPage.PIECE + 10;
        insert(rows, i -> new Row(Instant.parse("2026-03-01T12:00:00Z"), "ada", "m"));
        var reports = reports();
        assertThat(tokens(pages(reports, "starting_at=2026-03-01T00:00:00Z"))).isEqualTo(rows);
    }

    /** Rows that come while a caller pages are in no page twice, and no other one is left out. */
    @Test
    default void goesOnAtItsPlaceWhateverWasAdded() throws Exception {
        var day = Instant.parse("2026-02-20T00:00:00Z");
        insert(10, i -> new Row(day.plus(Duration.ofDays(i)), "ada", "m"));
        var reports = reports();
        String query = "starting_at=2026-02-20T00:00:00Z&limit=4";
        var first = usage(reports, query);
        Sql.execute(
                database(),
                "UPDATE warder_ledger SET client = 'bob' WHERE try_id = 't1'",
                "DELETE FROM warder_ledger WHERE try_id = 't0'");
        var second = usage(reports, query + "&page=" + next(first).orElseThrow());
        assertThat(data(second).get(0).getString("starting_at")).isEqualTo("2026-02-24T00:00:00Z");
        assertThat(tokens(List.of(first, second))).isEqualTo(8);
    }
}
