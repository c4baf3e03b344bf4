package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.jdbc.DatabaseGroups;
import dev.warder.ledger.jdbc.DatabaseStore;
import dev.warder.ledger.store.GroupReader;
import dev.warder.usage.UsageRow;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** How every database groups rows. */
interface DatabaseGroupsContract extends GroupsContract {
    /** An empty database, the same for each call of one test. */
    DataSource database();

    @Override
    default GroupReader reader(List<UsageRow> rows) throws Exception {
        new DatabaseStore(database(), "node").store(List.of(Rows.settled(rows.toArray(UsageRow[]::new))));
        return new DatabaseGroups(database());
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
