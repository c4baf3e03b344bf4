package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Dialect;
import dev.warder.http.RequestHints;
import dev.warder.ledger.DatabaseGroups.Dimension;
import dev.warder.ledger.DatabaseGroups.Group;
import dev.warder.ledger.DatabaseGroups.Query;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import dev.warder.usage.UsageRow;
import dev.warder.usage.UsageRow.UsageCost;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** How rows are grouped, whatever they are stored in. */
interface GroupsContract {
    Instant MIDNIGHT = Instant.parse("2026-11-01T00:00:00Z");
    Duration HOUR = Duration.ofHours(1);

    /** An empty database, the same for each call of one test. */
    DataSource database();

    /** Stores rows where nothing was, and returns what reads them. */
    private DatabaseGroups reader(List<UsageRow> rows) throws Exception {
        new DatabaseStore(database(), "node").store(List.of(Rows.settled(rows.toArray(UsageRow[]::new))));
        return new DatabaseGroups(database());
    }

    /** A row for a report. */
    record Row(String client, String team, String model, long input, boolean billed) {
        UsageRow at(Instant ended) {
            var row = Rows.row(Rows.id(), 0, ended, model);
            Optional<String> paying = team.isEmpty() ? Optional.empty() : Optional.of(team);
            var counts = input == 0 ? UsageCounts.NONE : new UsageCounts(input, new CacheWrites(2, 3), 4, 5, 1, 6, 7);
            var dollars = input == 0 ? BigDecimal.ZERO : new BigDecimal("0.000000000000000000000000000001");
            return Rows.with(
                    row,
                    new UsageRow.Caller(
                            "req",
                            Optional.of(client),
                            Optional.empty(),
                            Optional.empty(),
                            Dialect.ANTHROPIC,
                            paying,
                            RequestHints.NONE),
                    new UsageRow.Models(Optional.of("asked"), Optional.of(model), Optional.empty()),
                    new UsageRow.Consumption(counts, Tier.BATCH, Speed.FAST, Optional.empty(), Optional.empty()),
                    new UsageCost("v1", dollars, input == 0 ? 0 : 1, false, billed, UsageRow.Basis.REPORTED));
        }
    }

    private static List<Group> groups(DatabaseGroups reader, Instant from, Instant to, Set<Dimension> by)
            throws Exception {
        var groups = new ArrayList<Group>();
        reader.read(new Query(from, to, HOUR, by), groups::add);
        return groups;
    }

    /** A reader may give a group several times. */
    private static Set<String> sums(DatabaseGroups reader, Set<Dimension> by) throws Exception {
        return groups(reader, MIDNIGHT, MIDNIGHT.plus(HOUR.multipliedBy(24)), by).stream()
                .collect(Collectors.toMap(
                        group -> group.starts() + " " + String.join("/", group.names()),
                        Group::sums,
                        (one, other) -> one.plus(other)))
                .entrySet()
                .stream()
                .map(each -> each.getKey() + " " + each.getValue().input() + " "
                        + each.getValue().dollars().stripTrailingZeros().toPlainString())
                .collect(Collectors.toSet());
    }

    @Test
    default void groupsByEachDimension() throws Exception {
        var reader = reader(List.of(
                new Row("ada", "blue", "m1", 1, true).at(MIDNIGHT),
                new Row("ada", "blue", "m1", 300_000, true).at(MIDNIGHT.plusSeconds(3599)),
                new Row("bob", "", "m2", 1, true).at(MIDNIGHT.plusSeconds(3600))));
        assertThat(sums(reader, EnumSet.allOf(Dimension.class)))
                .containsExactlyInAnyOrder(
                        "2026-11-01T00:00:00Z ada/blue/m1/batch/fast//short 1 0.000000000000000000000000000001",
                        "2026-11-01T00:00:00Z ada/blue/m1/batch/fast//long 300000 0.000000000000000000000000000001",
                        "2026-11-01T01:00:00Z bob//m2/batch/fast//short 1 0.000000000000000000000000000001");
        assertThat(sums(reader, Set.of(Dimension.TEAM)))
                .containsExactlyInAnyOrder(
                        "2026-11-01T00:00:00Z /blue///// 300001 0.000000000000000000000000000002",
                        "2026-11-01T01:00:00Z ////// 1 0.000000000000000000000000000001");
        assertThat(sums(reader, Set.of()))
                .containsExactlyInAnyOrder(
                        "2026-11-01T00:00:00Z ////// 300001 0.000000000000000000000000000002",
                        "2026-11-01T01:00:00Z ////// 1 0.000000000000000000000000000001");
    }

    @Test
    default void sumsAllNumbers() throws Exception {
        var row = new Row("ada", "blue", "m1", 1, true).at(MIDNIGHT);
        var sums = groups(reader(List.of(row)), MIDNIGHT, MIDNIGHT.plus(HOUR), Set.of())
                .get(0)
                .sums();
        assertThat(List.of(sums.input(), sums.write5m(), sums.write1h(), sums.read(), sums.output(), sums.searches()))
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    default void leavesOutWhatOthersPayAndWhatConsumedNothing() throws Exception {
        var reader = reader(List.of(
                new Row("ada", "blue", "m1", 1, false).at(MIDNIGHT),
                new Row("ada", "blue", "m1", 0, true).at(MIDNIGHT)));
        assertThat(groups(reader, MIDNIGHT, MIDNIGHT.plus(HOUR), Set.of())).isEmpty();
    }

    @Test
    default void readsThePieceAndNothingElse() throws Exception {
        var row = new Row("ada", "blue", "m1", 1, true);
        var reader = reader(List.of(
                row.at(MIDNIGHT.minusMillis(1)),
                row.at(MIDNIGHT),
                row.at(MIDNIGHT.plusMillis(1)),
                row.at(MIDNIGHT.plusMillis(2))));
        assertThat(groups(reader, MIDNIGHT, MIDNIGHT.plusMillis(2), Set.of()).stream()
                        .mapToLong(each -> each.sums().input())
                        .sum())
                .isEqualTo(2);
    }

    @Test
    default void cutsAPeriodIntoPieces() throws Exception {
        var reader = reader(IntStream.range(0, 10)
                .mapToObj(i -> new Row("ada", "", "m", 1, true).at(MIDNIGHT.plusSeconds(i)))
                .toList());
        var end = MIDNIGHT.plusSeconds(9);
        assertThat(reader.pieceEnd(MIDNIGHT, end, 4)).contains(MIDNIGHT.plusSeconds(4));
        assertThat(reader.pieceEnd(MIDNIGHT.plusSeconds(4), end, 4)).contains(MIDNIGHT.plusSeconds(8));
        assertThat(reader.pieceEnd(MIDNIGHT.plusSeconds(8), end, 4)).isEmpty();
        assertThat(reader.pieceEnd(MIDNIGHT, end, 9)).isEmpty();
    }
}
