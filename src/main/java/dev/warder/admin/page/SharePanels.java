package dev.warder.admin.page;

import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.Share;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The panels of those with the highest cost. */
final class SharePanels {
    private SharePanels() {}

    static Content clients(Snapshot snapshot) {
        return shares(snapshot, "Client", LedgerReport::clients);
    }

    static Content models(Snapshot snapshot) {
        return shares(snapshot, "Model", LedgerReport::models);
    }

    static Content sessions(Snapshot snapshot) {
        var shares = snapshot.report().sessions().orElse(List.of());
        long most = most(shares);
        var table = Table.with("Session", "Client", "Tries", "Tokens", "Cost USD", "Last");
        for (var share : shares) {
            table.row(
                    Cell.text(share.name()),
                    Cell.text(share.client()),
                    Cell.count(share.sums().rows()),
                    Cell.shortCount(share.sums().tokens()),
                    Cell.dollars(share.sums().nanos(), most),
                    Cell.time(share.last()));
        }
        return Content.ofTable(table.table(), List.of());
    }

    private static Content shares(Snapshot snapshot, String title, Function<LedgerReport, Optional<List<Share>>> list) {
        var shares = list.apply(snapshot.report()).orElse(List.of());
        long most = most(shares);
        var table = Table.with(title, "Tries", "Tokens", "Cache %", "Cost USD");
        for (var share : shares) {
            var sums = share.sums();
            table.row(
                    Cell.text(share.name()),
                    Cell.count(sums.rows()),
                    Cell.shortCount(sums.tokens()),
                    Cell.percent(sums.read(), sums.prompt()),
                    Cell.dollars(sums.nanos(), most));
        }
        return Content.ofTable(table.table(), List.of());
    }

    private static long most(List<Share> shares) {
        return shares.stream().mapToLong(share -> share.sums().nanos()).max().orElse(0);
    }
}
