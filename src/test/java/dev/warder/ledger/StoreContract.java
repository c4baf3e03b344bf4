package dev.warder.ledger;

import static dev.warder.testkit.Sql.execute;
import static dev.warder.testkit.Sql.number;
import static dev.warder.testkit.Sql.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.database.DatabaseSchema;
import dev.warder.http.Dialect;
import dev.warder.http.RequestHints;
import dev.warder.ledger.DatabaseStore.Position;
import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.LedgerPeriod;
import dev.warder.ledger.store.LedgerRow;
import dev.warder.ledger.store.RecordCodec;
import dev.warder.ledger.store.Rollup;
import dev.warder.testkit.AtOnce;
import dev.warder.usage.UsageRow;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;

/** What a ledger does in every database. */
interface StoreContract {
    Instant FAR = Instant.parse("2200-01-01T00:00:00Z");

    /** An empty database, the same for each call of one test. */
    DataSource database() throws Exception;

    private DatabaseStore store(String run) throws Exception {
        return new DatabaseStore(database(), "node-" + run);
    }

    private LedgerReport report(LedgerPeriod period) throws Exception {
        return new ReportReader(database(), "node-a", new Rollup(() -> Rows.NOON, Rollup.KEPT)).read(period);
    }

    private static List<LedgerRow> all(DatabaseStore store) throws SQLException {
        var lines = new ArrayList<LedgerRow>();
        var position = Position.before(Instant.EPOCH);
        var page = store.page(position, FAR);
        while (!page.isEmpty()) {
            lines.addAll(page);
            position = Position.after(page.get(page.size() - 1));
            page = store.page(position, FAR);
        }
        return lines;
    }

    /** The row has all columns, and comes from a journal. */
    @Test
    default void keepsEveryColumnOfARow() throws Exception {
        var store = store("a");
        var sample = Rows.row();
        var caller = new UsageRow.Caller(
                "req-1",
                Optional.of("build"),
                Optional.of("session"),
                Optional.of("agent"),
                Dialect.OPENAI,
                Optional.of("blue"),
                new RequestHints(Optional.of("subagent"), Optional.of("Explore"), Optional.of("prompt-1")));
        var models = new UsageRow.Models(Optional.of("asked"), Optional.of("sent"), Optional.of("answered"));
        var settled = Rows.settled(Rows.with(sample, caller, models, sample.consumption(), sample.cost()));
        var row = settled.rows().get(0);
        assertThat(row.values()).containsOnlyKeys(Column.values());
        var read = (Intent.Settled) RecordCodec.decode(RecordCodec.encode(settled));
        assertThat(read).isEqualTo(settled);
        assertThat(store.store(List.of(read))).isZero();
        assertThat(all(store))
                .usingRecursiveFieldByFieldElementComparator(RecursiveComparisonConfiguration.builder()
                        .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                        .build())
                .containsExactly(row);
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_ledger WHERE node = 'node-a'"))
                .isEqualTo(1);
    }

    /** A column that only the definition or only a migration has, or that is shorter in one of them, would lose rows. */
    @Test
    default void hasTheColumnsOfTheDefinition() throws Exception {
        new DatabaseSchema(database(), DatabaseSchema.Tables.LEDGER).bringUpToDate();
        var types = Map.of(
                Column.Kind.TEXT, "character varying",
                Column.Kind.INTEGER, "bigint",
                Column.Kind.DECIMAL, "numeric",
                Column.Kind.FLAG, "boolean",
                Column.Kind.TIME, "timestamp with time zone");
        var defined = Column.ALL.stream()
                .map(column -> column.title() + " " + types.get(column.kind()) + " " + column.limit());
        assertThat(
                        texts(
                                database(),
                                """
                        SELECT LOWER(column_name) || ' ' || REPLACE(LOWER(data_type), 'integer', 'bigint') || ' '
                            || COALESCE(character_maximum_length, 0)
                        FROM information_schema.columns WHERE LOWER(table_name) = 'warder_ledger'
                        """))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(defined, Stream.of("node character varying 64"))
                        .toList());
    }

    @Test
    default void storesARowOnceHoweverOftenItComes() throws Exception {
        var store = store("a");
        var one = Rows.row();
        var part = Rows.row(one.key().tryId(), 1, Rows.NOON, "advisor");
        store.store(List.of(Rows.settled(one)));
        store.store(List.of(Rows.settled(one, part), Rows.settled(one)));
        store("b").store(List.of(Rows.settled(part)));
        assertThat(all(store)).hasSize(2);
    }

    @Test
    default void storesRowsOnceWhenNodesStoreThemAtTheSameTime() throws Exception {
        var rows =
                IntStream.range(0, 200).mapToObj(i -> Rows.settled(Rows.row())).toList();
        store("a").settleLeft(Rows.NOON);
        assertThat(AtOnce.run(4, node -> store("run" + node).store(rows))).containsOnly(0);
        assertThat(all(store("a"))).hasSize(200);
    }

    @Test
    default void storesWhatClientsCallTheirModels() throws Exception {
        var store = store("a");
        var names = List.of("a\0b", "half \ud800", "\udc00", "\ud83d\ude00", "x".repeat(5000), "'; DROP TABLE x; --");
        var rows = names.stream()
                .map(name -> Rows.settled(Rows.row(Rows.id(), 0, Rows.NOON, name)))
                .toList();
        assertThat(store.store(rows)).isZero();
        assertThat(all(store).stream().map(line -> line.get(Column.MODEL_ASKED)))
                .containsExactlyInAnyOrder(
                        "a\ufffdb", "half \ufffd", "\ufffd", "\ud83d\ude00", "x".repeat(256), "'; DROP TABLE x; --");
    }

    @Test
    default void leavesOutOnlyTheRowThatNoDatabaseTakes() throws Exception {
        var store = store("a");
        store.settleLeft(Rows.NOON);
        execute(database(), "ALTER TABLE warder_ledger ADD CONSTRAINT no_bad CHECK (model_asked <> 'bad')");
        var rows = List.of(
                Rows.settled(Rows.row()),
                Rows.settled(Rows.row(Rows.id(), 0, Rows.NOON, "bad")),
                Rows.settled(Rows.row()));
        assertThat(store.store(rows)).isEqualTo(1);
        assertThat(all(store)).hasSize(2);
    }

    @Test
    default void pagesThroughRowsThatEndedAtOneMoment() throws Exception {
        var store = store("a");
        var rows =
                IntStream.range(0, 450).mapToObj(i -> Rows.settled(Rows.row())).toList();
        store.store(rows);
        var lines = all(store);
        assertThat(lines).hasSize(450);
        assertThat(lines.stream().map(line -> line.get(Column.TRY_ID))).doesNotHaveDuplicates();
    }

    @Test
    default void exportsTheTimesThatAreAskedFor() throws Exception {
        var store = store("a");
        for (int hour = 0; hour < 4; hour++) {
            store.store(
                    List.of(Rows.settled(Rows.row(Rows.id(), 0, Rows.NOON.plus(hour, ChronoUnit.HOURS), "h" + hour))));
        }
        var from = Rows.NOON.plus(1, ChronoUnit.HOURS);
        var page = store.page(Position.before(from), from.plus(2, ChronoUnit.HOURS));
        assertThat(page.stream().map(line -> line.get(Column.MODEL_ASKED))).containsExactly("h1", "h2");
    }

    /** As a node of an older version without {@code data.dir} leaves it, which was seen a while ago. */
    private void leave(Intent intent, int secondsAgo) throws Exception {
        store("b").settleLeft(Rows.NOON);
        execute(
                database(),
                "INSERT INTO warder_node (run, node, seen_at) VALUES ('a', 'node-a', CURRENT_TIMESTAMP - INTERVAL '"
                        + secondsAgo + "' SECOND)");
        execute(
                database(),
                "INSERT INTO warder_intent"
                        + " (try_id, request_id, admitted_at, client, session_id, dialect, model_asked, node, run) VALUES ('"
                        + intent.id() + "', '" + intent.caller().requestId()
                        + "', TIMESTAMP WITH TIME ZONE '2026-11-22 12:00:00+00', '"
                        + intent.caller().client().orElseThrow() + "', NULL, 'OPENAI', '"
                        + intent.model().orElseThrow() + "', 'node-a', 'a')");
    }

    @Test
    default void makesRowsOfTheIntentsOfANodeThatIsNotSeenAnyMore() throws Exception {
        var intent = Rows.intent();
        leave(intent, 10);
        var other = store("b");
        assertThat(other.settleLeft(Rows.NOON)).isZero();
        execute(
                database(),
                "UPDATE warder_node SET seen_at = CURRENT_TIMESTAMP - INTERVAL '46' SECOND WHERE run = 'a'");
        assertThat(other.settleLeft(Rows.NOON)).isEqualTo(1);
        assertThat(other.settleLeft(Rows.NOON)).isZero();
        var line = all(other).get(0);
        assertThat(line.get(Column.TRY_ID)).isEqualTo(intent.id().toString());
        assertThat(line.get(Column.REQUEST_ID)).isEqualTo(intent.caller().requestId());
        assertThat(line.get(Column.CLIENT)).isEqualTo(intent.caller().client().orElseThrow());
        assertThat(line.get(Column.DIALECT)).isEqualTo("openai");
        assertThat(line.get(Column.ENDED_AS)).isEqualTo("unknown");
        assertThat(line.get(Column.BASIS)).isEqualTo("unknown");
        assertThat(line.get(Column.MODEL_ASKED)).isEqualTo("claude-y");
    }

    @Test
    default void replacesTheUnknownRowOfANodeThatLivesAfterAll() throws Exception {
        var paused = store("a");
        var intent = Rows.intent();
        leave(intent, 46);
        store("b").settleLeft(Rows.NOON);
        UsageRow row = Rows.row();
        paused.store(List.of(Rows.settled(intent, row)));
        assertThat(all(paused).stream().map(line -> line.get(Column.TRY_ID)))
                .containsExactly(row.key().tryId().toString());
    }

    @Test
    default void makesNoUnknownRowBesideAStoredOne() throws Exception {
        var lost = store("a");
        var intent = Rows.intent();
        lost.store(List.of(Intent.Settled.of(Optional.of(intent.id()), List.of(Rows.row()), Optional.empty())));
        leave(intent, 46);
        assertThat(store("b").settleLeft(Rows.NOON)).isZero();
        assertThat(all(lost).stream().map(line -> line.get(Column.BASIS))).containsExactly("reported");
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_intent")).isZero();
    }

    @Test
    default void deletesWhatIsTooOld() throws Exception {
        var store = store("a");
        store.store(List.of(
                Rows.settled(Rows.row(Rows.id(), 0, Rows.NOON.minus(10, ChronoUnit.DAYS), "old")),
                Rows.settled(Rows.row())));
        assertThat(store.deleteRows(Rows.NOON.minus(1, ChronoUnit.DAYS))).isEqualTo(1);
        assertThat(all(store).stream().map(line -> line.get(Column.MODEL_ASKED)))
                .containsExactly("claude-x");
    }

    @Test
    default void deletesOnlyThePartsOfATryThatAreTooOld() throws Exception {
        var store = store("a");
        var id = Rows.id();
        store.store(List.of(Rows.settled(
                Rows.row(id, 0, Rows.NOON.minus(10, ChronoUnit.DAYS), "old"), Rows.row(id, 1, Rows.NOON, "new"))));
        assertThat(store.deleteRows(Rows.NOON.minus(1, ChronoUnit.DAYS))).isEqualTo(1);
        assertThat(all(store).stream().map(line -> line.get(Column.MODEL_ASKED)))
                .containsExactly("new");
        assertThat(store.deleteRows(Rows.NOON.minus(1, ChronoUnit.DAYS))).isZero();
    }

    /** 1,000 at a time, which takes too long if each looks at the whole table. */
    @Test
    default void deletesAThousandOfManyRowsAtOnce() throws Exception {
        var store = store("a");
        for (int i = 0; i < 60; i++) {
            var rows = IntStream.range(0, 50).mapToObj(each -> Rows.row()).toArray(UsageRow[]::new);
            store.store(List.of(Rows.settled(rows)));
        }
        assertThat(store.deleteRows(FAR)).isEqualTo(1000);
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_ledger")).isEqualTo(2000);
    }

    private static UsageRow row(Instant ended, String model, String client, String session) {
        var row = Rows.row(Rows.id(), 0, ended, model);
        var dialect = row.caller().dialect();
        var caller = new UsageRow.Caller("req-1", Optional.of(client), Optional.of(session), Optional.empty(), dialect);
        var models = new UsageRow.Models(Optional.of(model), Optional.of("sent"), Optional.of(model));
        return Rows.with(row, caller, models, row.consumption(), row.cost());
    }

    @Test
    default void sumsThePeriodAndNothingElse() throws Exception {
        var store = store("a");
        var from = Rows.NOON.truncatedTo(ChronoUnit.HOURS);
        var period = new LedgerPeriod(from, from.plus(1, ChronoUnit.HOURS), Duration.ofMinutes(5), true);
        store.store(List.of(
                Rows.settled(row(from.minusMillis(1), "before", "build", "s1")),
                Rows.settled(row(from, "x", "build", "s1")),
                Rows.settled(row(from.plusSeconds(299), "y", "editor", "s2")),
                Rows.settled(row(from.plusSeconds(300), "x", "build", "s1")),
                Rows.settled(row(period.to(), "after", "build", "s1"))));
        assertThat(report(period).usage().orElseThrow())
                .containsExactly(
                        new LedgerReport.UsageSlot(from, new LedgerReport.Usage(2, 2, 4, 6, 8, 10, 0, 248)),
                        new LedgerReport.UsageSlot(
                                from.plusSeconds(300), new LedgerReport.Usage(1, 1, 2, 3, 4, 5, 0, 124)));
        assertThat(report(period).models().orElseThrow().stream()
                        .map(share -> share.name().orElseThrow()))
                .containsExactly("x", "y");
        assertThat(report(period).clients().orElseThrow().get(0))
                .isEqualTo(new LedgerReport.Share(
                        Optional.of("build"),
                        Optional.empty(),
                        from.plusSeconds(300),
                        new LedgerReport.Usage(2, 2, 4, 6, 8, 10, 0, 248)));
        assertThat(report(period).sessions().orElseThrow().stream()
                        .map(share ->
                                share.name().orElseThrow() + share.client().orElseThrow()))
                .containsExactly("s1build", "s2editor");
    }

    private static UsageRow classed(String requestClass, String client, Instant ended) {
        var hints = new RequestHints(Optional.of(requestClass), Optional.of("Explore"), Optional.empty());
        return Rows.hinted(hints, row(ended, "x", client, "s"));
    }

    /** Of few clients: here, that of the highest cost is not the first by its name, and eleven are more than are shown. */
    @Test
    default void sumsTheClassesOfRequests() throws Exception {
        var store = store("a");
        var from = Rows.NOON.truncatedTo(ChronoUnit.HOURS);
        var period = new LedgerPeriod(from, from.plus(1, ChronoUnit.HOURS), Duration.ofHours(1), true);
        assertThat(report(period).classes()).contains(List.of());
        var rows = new ArrayList<UsageRow>();
        for (int i = 0; i < 11; i++) {
            for (int more = i; more <= 11; more++) {
                rows.add(row(from, "x", "client-" + i, "s"));
            }
            rows.add(classed("main", "client-" + i, from.plusSeconds(i)));
        }
        rows.add(classed("compaction", "client-0", from));
        rows.add(classed("main", "client-0", from.minusMillis(1)));
        store.store(List.of(Rows.settled(rows.toArray(UsageRow[]::new))));
        var classes = report(period).classes().orElseThrow();
        assertThat(classes.stream()
                        .map(each ->
                                each.name().orElseThrow() + " " + each.client().orElse("-") + " "
                                        + each.sums().rows() + " " + each.sums().nanos()))
                .hasSize(12)
                .contains("main client-0 1 124", "compaction client-0 1 124", "main client-9 1 124", "main - 1 124");
        assertThat(report(new LedgerPeriod(from, period.to(), Duration.ofHours(1), false))
                        .classes())
                .contains(classes);
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_class_usage"))
                .isEqualTo(2 * 13 - 1 + 1);
        store.deleteUsage(period.to(), period.to());
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_class_usage"))
                .isZero();
    }

    /** In H2, a division by a parameter without a type took 4 ms for each row, so that a month was never read. */
    @Test
    default void sumsTheUsageOfManyClientsInTime() throws Exception {
        var store = store("a");
        var from = Rows.NOON.truncatedTo(ChronoUnit.DAYS);
        var rows = IntStream.range(0, 3000)
                .mapToObj(i -> row(from.plusSeconds(i), "x", "client-" + i, "s"))
                .toArray(UsageRow[]::new);
        store.store(List.of(Rows.settled(rows)));
        var period = new LedgerPeriod(from, from.plus(30, ChronoUnit.DAYS), Duration.ofHours(6), true);
        assertThat(report(period).usage().orElseThrow().stream()
                        .mapToLong(slot -> slot.sums().rows()))
                .containsExactly(3000L);
    }

    @Test
    default void sumsOneNodeOrAll() throws Exception {
        var from = Rows.NOON.truncatedTo(ChronoUnit.HOURS);
        for (var run : List.of("a", "b")) {
            store(run).store(List.of(Rows.settled(Rows.row())));
            var counts = new Rollup.Counts();
            counts.add(3, 2, 1);
            store(run).write(List.of(new Rollup.Entry(new Rollup.Slot(Rollup.Step.HOUR, from), run, counts)));
        }
        for (boolean all : List.of(true, false)) {
            var period = new LedgerPeriod(from, from.plus(6, ChronoUnit.HOURS), Duration.ofHours(6), all);
            var report = report(period);
            assertThat(rows(report.usage().orElseThrow())).isEqualTo(all ? 2 : 1);
            for (var shares : List.of(report.clients(), report.models(), report.sessions())) {
                assertThat(shares.orElseThrow().get(0).sums().rows()).isEqualTo(all ? 2 : 1);
            }
            var requests = report.counts().orElseThrow().requests();
            assertThat(requests).singleElement().satisfies(each -> assertThat(each.refused())
                    .isEqualTo(all ? 4 : 2));
        }
    }

    private static long rows(List<LedgerReport.UsageSlot> slots) {
        return slots.stream().mapToLong(slot -> slot.sums().rows()).sum();
    }

    /** Days of rows, which the plot of a month must not read. */
    @Test
    default void sumsUsageWithoutTheRows() throws Exception {
        var store = store("a");
        var from = Rows.NOON.truncatedTo(ChronoUnit.DAYS);
        var month = new LedgerPeriod(from, from.plus(30, ChronoUnit.DAYS), Duration.ofDays(1), true);
        var day = new LedgerPeriod(from, from.plus(1, ChronoUnit.DAYS), Duration.ofMinutes(30), true);
        store.store(List.of(
                Rows.settled(row(from, "x", "build", "s1"), row(from.plusSeconds(3000), "x", "build", "s1")),
                Rows.settled(row(from.plus(29, ChronoUnit.DAYS), "y", "build", "s2"))));
        execute(database(), "DELETE FROM warder_ledger");
        assertThat(report(month).usage().orElseThrow())
                .containsExactly(
                        new LedgerReport.UsageSlot(from, new LedgerReport.Usage(2, 2, 4, 6, 8, 10, 0, 248)),
                        new LedgerReport.UsageSlot(
                                from.plus(29, ChronoUnit.DAYS), new LedgerReport.Usage(1, 1, 2, 3, 4, 5, 0, 124)));
        assertThat(report(day).usage().orElseThrow().stream().map(LedgerReport.UsageSlot::starts))
                .containsExactly(from, from.plusSeconds(1800));
        assertThat(report(month).clients().orElseThrow().get(0).sums().rows()).isEqualTo(3);
        assertThat(report(month).models().orElseThrow()).hasSize(2);
        assertThat(report(month).sessions().orElseThrow()).isEmpty();
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_usage WHERE step = 'hour'"))
                .isEqualTo(2);
    }

    @Test
    default void countsARowOnceInTheSumsHoweverOftenItComes() throws Exception {
        var one = Rows.row();
        var part = Rows.row(one.key().tryId(), 1, Rows.NOON, "advisor");
        store("a").store(List.of(Rows.settled(one)));
        store("a").store(List.of(Rows.settled(one, part), Rows.settled(one)));
        store("b").store(List.of(Rows.settled(part)));
        assertThat(number(database(), "SELECT SUM(row_count) FROM warder_usage WHERE step = 'minute'"))
                .isEqualTo(2);
        assertThat(number(database(), "SELECT SUM(billed_nanos + own_nanos) FROM warder_usage WHERE step = 'hour'"))
                .isEqualTo(number(database(), "SELECT SUM(cost_nanos) FROM warder_ledger"));
    }

    @Test
    default void takesARowWithoutAnOutcomeOutOfTheSums() throws Exception {
        var paused = store("a");
        var intent = Rows.intent();
        leave(intent, 46);
        store("b").settleLeft(Rows.NOON);
        assertThat(number(database(), "SELECT SUM(row_count) FROM warder_usage"))
                .isEqualTo(2);
        paused.store(List.of(Rows.settled(intent, Rows.row())));
        assertThat(number(database(), "SELECT SUM(row_count) FROM warder_usage WHERE node = 'node-a'"))
                .isEqualTo(2);
        assertThat(number(database(), "SELECT SUM(row_count) FROM warder_usage WHERE node = 'node-b'"))
                .isZero();
        var from = Rows.NOON.truncatedTo(ChronoUnit.HOURS);
        var period = new LedgerPeriod(from, from.plus(1, ChronoUnit.HOURS), Duration.ofHours(1), true);
        assertThat(report(period).clients().orElseThrow().stream()
                        .map(share -> share.name().orElseThrow()))
                .containsExactly("build");
    }

    /** A client could send a new name with each request. */
    @Test
    default void keepsNoSumsByModelsThatOnlyAClientNames() throws Exception {
        var store = store("a");
        for (int i = 0; i < 5; i++) {
            store.store(List.of(Rows.intent("model-" + i).unknown(Rows.NOON).withoutIntent()));
        }
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_usage WHERE step = 'hour'"))
                .isEqualTo(1);
        assertThat(number(database(), "SELECT SUM(row_count) FROM warder_usage WHERE step = 'hour'"))
                .isEqualTo(5);
        var from = Rows.NOON.truncatedTo(ChronoUnit.HOURS);
        var period = new LedgerPeriod(from, from.plus(1, ChronoUnit.HOURS), Duration.ofHours(1), true);
        assertThat(report(period).models().orElseThrow()).isEmpty();
        assertThat(rows(report(period).usage().orElseThrow())).isEqualTo(5);
    }

    @Test
    default void deletesSumsThatAreTooOld() throws Exception {
        var store = store("a");
        store.store(List.of(Rows.settled(Rows.row())));
        var hour = Rows.NOON.truncatedTo(ChronoUnit.HOURS);
        store.deleteUsage(Rows.NOON, hour);
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_usage")).isEqualTo(1);
        store.deleteUsage(Rows.NOON, Rows.NOON);
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_usage")).isZero();
    }

    /** A clock that is set back counts again in a minute that was written and forgotten. */
    @Test
    default void addsCountsOfAClockThatIsSetBack() throws Exception {
        var now = new AtomicReference<>(Rows.NOON);
        var rollup = new Rollup(now::get, Rollup.KEPT);
        var store = store("a");
        for (var time : List.of(Rows.NOON, Rows.NOON.plusSeconds(1))) {
            now.set(time);
            rollup.add(Rows.completed("req-1"));
            var entries = rollup.entries();
            store.write(entries);
            rollup.written(entries, time.plus(2, ChronoUnit.HOURS));
            assertThat(rollup.entries()).isEmpty();
        }
        var from = Rows.NOON.truncatedTo(ChronoUnit.HOURS);
        for (var slot : List.of(Duration.ofMinutes(10), Duration.ofHours(1))) {
            var period = new LedgerPeriod(from, from.plus(1, ChronoUnit.HOURS), slot, true);
            var report = new ReportReader(database(), "node-a", rollup).read(period);
            assertThat(report.counts().orElseThrow().requests().get(0).all()).isEqualTo(2);
        }
    }

    @Test
    default void listsTheTenDearest() throws Exception {
        var store = store("a");
        for (int i = 0; i < 12; i++) {
            store.store(List.of(Rows.settled(row(Rows.NOON, "m" + i, "c" + i, "s" + i))));
        }
        var from = Rows.NOON.truncatedTo(ChronoUnit.HOURS);
        var period = new LedgerPeriod(from, from.plus(1, ChronoUnit.HOURS), Duration.ofMinutes(1), false);
        var report = report(period);
        for (var shares : List.of(report.clients(), report.models(), report.sessions())) {
            assertThat(shares.orElseThrow()).hasSize(10);
        }
    }

    @Test
    default void writesCountsAgainWithoutAddingThem() throws Exception {
        var store = store("a");
        var counts = new Rollup.Counts();
        counts.firstByte().add(Duration.ofMillis(3));
        var slot = new Rollup.Slot(Rollup.Step.HOUR, Rows.NOON.truncatedTo(ChronoUnit.HOURS));
        var entry = new Rollup.Entry(slot, "a", counts);
        store.write(List.of(entry));
        counts.firstByte().add(Duration.ofMillis(4));
        store.write(List.of(entry));
        store("b").write(List.of(new Rollup.Entry(slot, "b", counts)));
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_rollup")).isEqualTo(2);
        assertThat(number(
                        database(),
                        "SELECT COUNT(*) FROM warder_rollup WHERE run = 'a' AND first_byte = '"
                                + counts.firstByte().text() + "'"))
                .isEqualTo(1);
        store.deleteRollups(Rows.NOON, Rows.NOON.minus(1, ChronoUnit.DAYS));
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_rollup")).isEqualTo(2);
        store.deleteRollups(Rows.NOON, Rows.NOON);
        assertThat(number(database(), "SELECT COUNT(*) FROM warder_rollup")).isZero();
    }
}
