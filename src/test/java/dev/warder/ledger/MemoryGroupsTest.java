package dev.warder.ledger;

import dev.warder.ledger.store.GroupReader;
import dev.warder.usage.UsageRow;
import java.util.List;

class MemoryGroupsTest implements GroupsContract {
    @Override
    public GroupReader reader(List<UsageRow> rows) {
        var store = new MemoryStore();
        rows.forEach(row -> store.add(Rows.settled(row)));
        return store;
    }
}
