package dev.warder.ledger;

import dev.warder.ledger.lease.Charge;
import dev.warder.ledger.lease.Settling;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.Intent;
import dev.warder.usage.UsageRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Rows of one transaction. */
public record RowGroup(List<Intent.Settled> settled) {
    /** The most rows of a group; more if one request has more. */
    private static final int ROWS = 1000;

    /** What has ended, in groups for one transaction each. */
    static List<RowGroup> of(List<Intent.Settled> settled) {
        var groups = new ArrayList<RowGroup>();
        int from = 0;
        int size = 0;
        for (int i = 0; i < settled.size(); i++) {
            int more = Math.max(1, settled.get(i).rows().size());
            if (size + more > ROWS && size > 0) {
                groups.add(new RowGroup(settled.subList(from, i)));
                from = i;
                size = 0;
            }
            size += more;
        }
        if (size > 0) {
            groups.add(new RowGroup(settled.subList(from, settled.size())));
        }
        return groups;
    }

    /**
     * Inserts its rows, charges those that were not there, and deletes the unknown rows of its intents.
     *
     * @param look whether to look first which of the rows are there; if none is likely to be, it is work for nothing
     * @return whether one was found
     * @throws SQLException also when one is there and {@code look} is false
     */
    boolean insert(Connection connection, LedgerTable rows, boolean look) throws SQLException {
        // An earlier run that could not read the rest of a journal has made unknown rows of its intents.
        rows.deleteUnknown(
                connection,
                settled.stream().flatMap(each -> each.intent().stream()).toList());
        Map<UsageRow.Key, Missing> missing = new LinkedHashMap<>();
        settled.forEach(
                each -> each.rows().forEach(row -> missing.putIfAbsent(row.key(), new Missing(row, each.charged()))));
        boolean found = look && missing.keySet().removeAll(rows.existing(connection, missing.keySet()));
        if (!missing.isEmpty()) {
            rows.insert(connection, missing.values().stream().map(Missing::row).toList());
            Settling.settle(
                    connection,
                    missing.values().stream().flatMap(Missing::charges).toList());
        }
        return found;
    }

    /** A row that is not there, and what it is charged to. */
    private record Missing(UsageRow row, Optional<Charged> charged) {
        /** None of a row that costs nothing. */
        Stream<Charge> charges() {
            var cost = row.cost();
            return charged.filter(to -> cost.nanos() > 0).stream().flatMap(to -> to.periods().stream()
                    .distinct()
                    .map(period -> new Charge(row.key().tryId(), row.key().part(), to.run(), period, cost.nanos())));
        }
    }

    /** Two groups instead of this one; none if it is a single request. */
    List<RowGroup> halves() {
        int half = settled.size() / 2;
        return half == 0
                ? List.of()
                : List.of(new RowGroup(settled.subList(0, half)), new RowGroup(settled.subList(half, settled.size())));
    }

    int rowCount() {
        return settled.stream().mapToInt(each -> each.rows().size()).sum();
    }
}
