package dev.warder.dashboard;

import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The panels of those with the highest cost. */
final class SharePanels {
    private static final double NANOS = 1e9;

    private SharePanels() {}

    /** With the cost that programs report by themselves, as soon as one does. */
    static Content clients(Snapshot snapshot) {
        return shares(snapshot, "Client", LedgerReport::clients, snapshot.reported());
    }

    static Content models(Snapshot snapshot) {
        return shares(snapshot, "Model", LedgerReport::models, Map.of());
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

    private static Content shares(
            Snapshot snapshot,
            String title,
            Function<LedgerReport, Optional<List<Share>>> list,
            Map<String, Double> reported) {
        var shares = list.apply(snapshot.report()).orElse(List.of());
        long most = most(shares);
        var titles = new ArrayList<>(List.of(title, "Tries", "Tokens", "Cache %", "Cost USD"));
        if (!reported.isEmpty()) {
            titles.add("Reported since start");
        }
        var table = Table.with(titles.toArray(String[]::new));
        for (var share : shares) {
            var sums = share.sums();
            var cells = new ArrayList<>(List.of(
                    Cell.text(share.name()),
                    Cell.count(sums.rows()),
                    Cell.shortCount(sums.tokens()),
                    Cell.percent(sums.read(), sums.prompt()),
                    Cell.dollars(sums.nanos(), most)));
            if (!reported.isEmpty()) {
                cells.add(dollars(share.name().map(reported::get)));
            }
            table.row(cells.toArray(Cell[]::new));
        }
        return Content.ofTable(table.table(), List.of());
    }

    private static Cell dollars(Optional<Double> usd) {
        return usd.map(known -> Cell.dollars(Math.round(known * NANOS))).orElseGet(() -> Cell.number("-", ""));
    }

    private static long most(List<Share> shares) {
        return shares.stream().mapToLong(share -> share.sums().nanos()).max().orElse(0);
    }
}
