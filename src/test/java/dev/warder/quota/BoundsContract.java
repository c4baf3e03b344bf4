package dev.warder.quota;

import static dev.warder.testkit.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.AtOnce;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What is kept of clients, in a database of each supported kind. */
interface BoundsContract {
    BoundKey TEXT = new BoundKey("ann", "claude", BoundKind.TEXT);
    BoundKey FILE = new BoundKey("ann", "claude", BoundKind.FILE);
    BoundKey SPEED = new BoundKey("", "claude", BoundKind.SPEED);

    /** An empty database, the same for each call of one test. */
    DataSource database();

    private DatabaseBounds bounds() {
        return new DatabaseBounds(database());
    }

    private void keep(BoundKey key, long largest, long samples) throws SQLException {
        bounds().keep(List.of(new KeptBound(key, largest, samples)));
    }

    private void daysPass(int days) throws SQLException {
        execute(
                database(),
                "UPDATE warder_budget_bound SET begun_at = begun_at - INTERVAL '" + days
                        + "' DAY, seen_at = seen_at - INTERVAL '" + days + "' DAY");
    }

    @Test
    default void nothingIsKeptAtFirst() throws Exception {
        assertThat(bounds().read()).isEmpty();
    }

    @Test
    default void eachKeyHasItsOwn() throws Exception {
        var all = List.of(new KeptBound(SPEED, 900, 7), new KeptBound(TEXT, 300_000, 16), new KeptBound(FILE, 0, 1));
        bounds().keep(all);
        assertThat(bounds().read()).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    default void theLargerValueCounts() throws Exception {
        keep(TEXT, 300_000, 20);
        keep(TEXT, 200_000, 30);
        assertThat(bounds().read()).containsExactly(new KeptBound(TEXT, 300_000, 30));
        keep(TEXT, 400_000, 10);
        assertThat(bounds().read()).containsExactly(new KeptBound(TEXT, 400_000, 30));
    }

    @Test
    default void aLowerValueCountsAfterTwoSpans() throws Exception {
        keep(TEXT, 300_000, 1);
        daysPass(8);
        keep(TEXT, 200_000, 1);
        assertThat(bounds().read()).as("in the first span").containsExactly(new KeptBound(TEXT, 300_000, 1));
        keep(TEXT, 250_000, 1);
        daysPass(8);
        keep(TEXT, 100_000, 1);
        assertThat(bounds().read()).as("in the second span").containsExactly(new KeptBound(TEXT, 250_000, 1));
    }

    @Test
    default void theLargestValueOfFilesCountsForGood() throws Exception {
        keep(FILE, 300_000, 1);
        for (int i = 0; i < 3; i++) {
            daysPass(8);
            keep(FILE, 200_000, 1);
        }
        assertThat(bounds().read()).containsExactly(new KeptBound(FILE, 300_000, 1));
    }

    @Test
    default void theOldestIsReadFirst() throws Exception {
        keep(TEXT, 1, 1);
        daysPass(1);
        keep(SPEED, 2, 1);
        assertThat(bounds().read()).extracting(KeptBound::key).containsExactly(TEXT, SPEED);
        daysPass(1);
        keep(TEXT, 1, 1);
        assertThat(bounds().read()).extracting(KeptBound::key).containsExactly(SPEED, TEXT);
    }

    @Test
    default void whatIsNotKeptAgainFor90DaysIsRemoved() throws Exception {
        keep(TEXT, 1, 1);
        daysPass(2);
        keep(SPEED, 2, 1);
        daysPass(89);
        bounds().removeOld();
        assertThat(bounds().read()).extracting(KeptBound::key).containsExactly(SPEED);
    }

    /** Models are the client's choice. */
    @Test
    default void aClientHasALimitedNumber() throws Exception {
        var many = IntStream.range(0, 250)
                .mapToObj(i -> new KeptBound(new BoundKey("ann", "model-" + i, BoundKind.TEXT), i, 1))
                .toList();
        bounds().keep(many);
        keep(SPEED, 2, 1);
        assertThat(bounds().read())
                .hasSize(BoundStore.MOST_OF_CLIENT + 1)
                .extracting(KeptBound::key)
                .contains(SPEED);
    }

    /** An operator can change them. */
    @Test
    default void valuesThatAreOutOfRangeAreNotRead() throws Exception {
        keep(TEXT, 1, 1);
        keep(FILE, 1, 1);
        keep(SPEED, 1, 1);
        keep(new BoundKey("eve", "claude", BoundKind.TEXT), KeptBound.MOST, KeptBound.MOST);
        execute(
                database(),
                "UPDATE warder_budget_bound SET largest = " + Long.MAX_VALUE
                        + " WHERE kind = 'text' AND client = 'ann'");
        execute(
                database(),
                "UPDATE warder_budget_bound SET samples = " + (KeptBound.MOST + 1) + " WHERE kind = 'file'");
        execute(database(), "UPDATE warder_budget_bound SET kind = 'other' WHERE kind = 'speed'");
        assertThat(bounds().read()).extracting(each -> each.key().client()).containsExactly("eve");
    }

    @Test
    default void namesOfAllCharactersAreKept() throws Exception {
        var key = new BoundKey("\u00e4' -- %_", "\ud83d\ude00".repeat(128), BoundKind.TEXT);
        assertThat(key.isStorable()).isTrue();
        keep(key, 5, 1);
        keep(key, 6, 2);
        assertThat(bounds().read()).containsExactly(new KeptBound(key, 6, 2));
        for (var name : List.of("a\u0000b", "\ud83d", "a".repeat(257))) {
            assertThat(new BoundKey("ann", name, BoundKind.TEXT).isStorable()).isFalse();
            assertThat(new BoundKey(name, "claude", BoundKind.TEXT).isStorable())
                    .isFalse();
        }
    }

    /** With more rows than one transaction has, in different orders. */
    @Test
    default void nodesKeepTheSameAtOnce() throws Exception {
        int nodes = 4;
        bounds().read();
        AtOnce.run(nodes, node -> {
            bounds().keep(ofClients(node));
            return true;
        });
        assertThat(bounds().read()).hasSize(300).allMatch(each -> each.largest() == nodes - 1);
    }

    private static List<KeptBound> ofClients(int largest) {
        return IntStream.range(0, 300)
                .map(i -> largest % 2 == 0 ? i : 299 - i)
                .mapToObj(i -> new KeptBound(new BoundKey("client-" + i, "claude", BoundKind.SPEED), largest, 1))
                .toList();
    }
}
