package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.adminapi.BucketPage.Bucket;
import dev.warder.adminapi.BucketPage.Buckets;
import dev.warder.ledger.DatabaseGroups;
import java.math.BigDecimal;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class BucketPageTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final Duration PIECE = Duration.ofHours(6);

    private long nanos;
    private Duration aPiece = Duration.ZERO;
    private int pieces;

    /** A ledger with one row in each hour, whose pieces have six. */
    private final class Hours extends DatabaseGroups {
        Hours() {
            super(new JdbcDataSource());
        }

        @Override
        public Optional<Instant> pieceEnd(Instant from, Instant to, int rows) {
            return Optional.of(from.plus(PIECE)).filter(to::isAfter);
        }

        @Override
        public void read(Query query, Consumer<DatabaseGroups.Group> groups) {
            pieces++;
            nanos += aPiece.toNanos();
            for (var hour = query.from(); hour.isBefore(query.to()); hour = hour.plus(Duration.ofHours(1))) {
                var names = List.of("", "", "m" + hour.getEpochSecond() / 3600 % 4, "", "", "", "");
                groups.accept(new Group(
                        query.starts(query.slotNumber(hour)),
                        names,
                        new DatabaseGroups.Sums(1, 0, 0, 0, 0, 0, BigDecimal.ONE)));
            }
        }
    }

    private Buckets read(String query, int most) throws Exception {
        return new BucketPage(new Hours(), ReportQuery.ofUsage(query), most, NOW, () -> nanos).read(() -> true);
    }

    private static String query(String more) {
        return "starting_at=2026-11-20T00:00:00Z" + more;
    }

    private static List<String> text(Buckets buckets) {
        return buckets.buckets().stream().map(BucketPageTest::text).toList();
    }

    private static String text(Bucket bucket) {
        return bucket.starts().toString().substring(8, 10) + ":"
                + bucket.groups().stream()
                        .map(group -> String.join("", group.names()) + "="
                                + group.sums().input())
                        .toList();
    }

    @Test
    void endsWithTheBucketOfNow() throws Exception {
        var page = read(query(""), 100);
        assertThat(text(page)).hasSize(6).contains("20:[=24]", "25:[=24]");
        assertThat(page.next()).isEmpty();
        assertThat(read("starting_at=2026-11-25T12:00:00Z&bucket_width=1h", 100).buckets())
                .hasSize(1);
        assertThat(read("starting_at=2026-11-26T00:00:00Z", 100).buckets()).isEmpty();
        assertThat(read(query("&ending_at=2099-01-01T00:00:00Z"), 100).buckets())
                .hasSize(6);
    }

    /** A bucket that ends later than asked for is left out. */
    @Test
    void endsWithTheLastWholeBucket() throws Exception {
        assertThat(read(query("&ending_at=2026-11-22T23:59:59Z"), 100).buckets())
                .hasSize(2);
        assertThat(read(query("&ending_at=2026-11-23T00:00:00Z"), 100).buckets())
                .hasSize(3);
        assertThat(read(query("&ending_at=2026-11-20T01:00:00Z"), 100).buckets())
                .isEmpty();
    }

    @Test
    void showsBucketsWithoutRows() throws Exception {
        var page = read(query("&models[]=none"), 100);
        assertThat(text(page)).hasSize(6).allMatch(bucket -> bucket.endsWith("[]"));
    }

    /** Whatever fits into a page, each group is on one page, with all of its rows. */
    @Test
    void showsEachGroupOnceOnPagesOfAnySize() throws Exception {
        for (int most = 1; most <= 12; most++) {
            var seen = new ArrayList<String>();
            String page = "";
            int pages = 0;
            do {
                String query = query("&ending_at=2026-11-23T00:00:00Z&group_by[]=model");
                var found = read(query + page, most);
                found.buckets().forEach(bucket -> bucket.groups()
                        .forEach(group -> seen.add(bucket.starts() + String.join("", group.names()) + "="
                                + group.sums().input())));
                var same = ReportQuery.ofUsage(query);
                page = found.next()
                        .map(position -> "&page=" + same.page(position))
                        .orElse("");
                assertThat(found.buckets()).isNotEmpty();
                pages++;
            } while (!page.isEmpty());
            assertThat(seen).as("%s", most).hasSize(12).doesNotHaveDuplicates().allMatch(each -> each.endsWith("=6"));
            assertThat(pages).isEqualTo((12 + most - 1) / most);
        }
    }

    @Test
    void readsNoMoreThanThePageNeeds() throws Exception {
        read(query("&group_by[]=model"), 4);
        // A day, and the first piece of the next one.
        assertThat(pieces).isEqualTo(5);
    }

    @Test
    void endsAPageThatTakesTooLong() throws Exception {
        aPiece = Duration.ofMillis(900);
        var page = read(query(""), 100);
        assertThat(text(page)).containsExactly("20:[=24]");
        assertThat(page.next().orElseThrow().bucket()).isEqualTo("2026-11-21T00:00:00Z");
        assertThat(pieces).isEqualTo(5);
    }

    @Test
    void readsAtLeastOneBucket() throws Exception {
        aPiece = Duration.ofSeconds(4);
        assertThat(text(read(query(""), 100))).containsExactly("20:[=24]");
        aPiece = Duration.ofSeconds(8);
        assertThatThrownBy(() -> read(query(""), 100)).isInstanceOf(SQLTimeoutException.class);
    }

    @Test
    void stopsWhenNoCallerWaits() throws Exception {
        var page = new BucketPage(new Hours(), ReportQuery.ofUsage(query("")), 100, NOW, () -> nanos);
        assertThatThrownBy(() -> page.read(() -> pieces < 3)).isInstanceOf(CancellationException.class);
        assertThat(pieces).isEqualTo(3);
    }
}
