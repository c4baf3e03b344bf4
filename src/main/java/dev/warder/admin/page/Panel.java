package dev.warder.admin.page;

import dev.warder.admin.page.Table.Cell;
import dev.warder.credential.CredentialState;
import dev.warder.credential.CredentialState.Quota;
import dev.warder.http.RequestHints;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.Share;
import dev.warder.ledger.store.LedgerReport.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The panels, in the order of the page. */
public enum Panel {
    NODE("This node", "full", Optional::of, NodePanels::node),
    REQUESTS("Requests", "half", LedgerReport::counts, TimePanels::requests),
    TOKENS("Tokens", "half", LedgerReport::usage, TimePanels::tokens),
    COST("Cost", "third", LedgerReport::usage, TimePanels::cost),
    FIRST_BYTE("Time to first byte", "third", LedgerReport::counts, TimePanels::firstByte),
    ADDED_LATENCY("Added latency", "third", LedgerReport::counts, TimePanels::addedLatency),
    LIVE("Open now", "third", Optional::of, NodePanels::live),
    CREDENTIALS("Credentials", "wider", Optional::of, NodePanels::credentials),
    MODELS("Models", "half", LedgerReport::models, SharePanels::models),
    CLIENTS("Clients", "half", LedgerReport::clients, SharePanels::clients),
    CLASSES(
            "Kinds of work",
            "full",
            report -> report.usage().flatMap(usage -> report.clients()).flatMap(clients -> report.classes()),
            SharePanels::classes),
    SESSIONS("Sessions", "full", LedgerReport::sessions, SharePanels::sessions),
    REFUSALS("Last refusals and failures", "full", Optional::of, NodePanels::refusals);

    public final String title;

    /** A class of the style sheet. */
    public final String width;

    private final Function<LedgerReport, Optional<?>> part;
    private final Function<Snapshot, Content> content;

    Panel(String title, String width, Function<LedgerReport, Optional<?>> part, Function<Snapshot, Content> content) {
        this.title = title;
        this.width = width;
        this.part = part;
        this.content = content;
    }

    public static Optional<Panel> named(String word) {
        return Arrays.stream(values())
                .filter(panel -> panel.word().equals(word))
                .findFirst();
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Empty if the part of the ledger's report that it shows cannot be read now. */
    public Optional<Content> content(Snapshot snapshot) {
        return part.apply(snapshot.report()).map(readable -> content.apply(snapshot));
    }

    /** The panels of those with the highest cost. */
    static final class SharePanels {
        private static final String NO_CLASS =
                "No request of this time names its class. Claude Code (2.1.273 or newer) does"
                        + " if CLAUDE_CODE_GATEWAY_HINT_HEADERS=1 is set in its environment.";

        private SharePanels() {}

        static Content clients(Snapshot snapshot) {
            return shares("Client", snapshot.report().clients().orElse(List.of()));
        }

        static Content models(Snapshot snapshot) {
            return shares("Model", snapshot.report().models().orElse(List.of()));
        }

        static Content sessions(Snapshot snapshot) {
            var shares = snapshot.report().sessions().orElse(List.of());
            var table = Table.with("Session", "Client", "Tries", "Tokens", "Cost USD", "Last");
            for (var share : shares) {
                var sums = share.sums();
                var tokens = Cell.shortCount(sums.tokens());
                var cost = Cell.dollars(sums.nanos(), most(shares));
                table.row(share.name(), share.client(), sums.rows(), tokens, cost, share.last());
            }
            return Content.ofTable(table);
        }

        static Content classes(Snapshot snapshot) {
            var classes = snapshot.report().classes().orElse(List.of());
            var table = Table.with(
                    "Client", "Main", "Subagent", "Workflow", "Compaction", "Auxiliary", "Other", "None", "Cost USD");
            if (classes.isEmpty()) {
                return new Content(List.of(), List.of(NO_CLASS), Optional.empty(), table, false);
            }
            long all = snapshot.usage().stream().mapToLong(Usage::nanos).sum();
            table.row(classes("All clients", all, classes));
            for (var client : snapshot.report().clients().orElse(List.of())) {
                client.name().ifPresent(name -> {
                    var own = classes.stream().filter(each -> each.client().equals(client.name()));
                    table.row(classes(name, client.sums().nanos(), own.toList()));
                });
            }
            var facts = new ArrayList<Fact>();
            for (int i = 1; i <= RequestHints.CLASSES.size() + 1; i++) {
                var cell = table.rows().get(0).get(i);
                facts.add(new Fact(cell.shown(), table.heads().get(i).toLowerCase(Locale.ROOT)));
            }
            return Content.ofTable(table, facts.toArray(Fact[]::new));
        }

        /**
         * The share of each class in the cost, as dollars in CSV. The rest has none: the client did not send a class, or the row
         * was stored by an older version.
         */
        private static List<Object> classes(String title, long nanos, List<Share> classes) {
            var costs = new ArrayList<Long>();
            for (var word : RequestHints.CLASSES) {
                costs.add(classes.stream()
                        .filter(each -> each.name().equals(Optional.of(word)))
                        .mapToLong(each -> each.sums().nanos())
                        .sum());
            }
            // The sums of classes were read later, and may have more.
            long rest = nanos - costs.stream().mapToLong(Long::longValue).sum();
            costs.add(Math.max(0, rest));
            long whole = nanos - Math.min(0, rest);
            var row = new ArrayList<Object>(List.of(title));
            costs.forEach(cost -> row.add(Cell.number(
                    Shown.percent(cost, whole), Shown.exactDollars(cost).toPlainString())));
            row.add(Cell.dollars(whole));
            return row;
        }

        private static Content shares(String title, List<Share> shares) {
            var table = Table.with(title, "Tries", "Tokens", "Cache %", "Cost USD");
            for (var share : shares) {
                var sums = share.sums();
                var cache = Cell.percent(sums.read(), sums.prompt());
                var cost = Cell.dollars(sums.nanos(), most(shares));
                table.row(share.name(), sums.rows(), Cell.shortCount(sums.tokens()), cache, cost);
            }
            return Content.ofTable(table);
        }

        private static long most(List<Share> shares) {
            return shares.stream()
                    .mapToLong(share -> share.sums().nanos())
                    .max()
                    .orElse(0);
        }
    }

    /** The panels of this node alone. */
    static final class NodePanels {
        private NodePanels() {}

        static Content node(Snapshot snapshot) {
            var facts = snapshot.node().facts();
            var up = Duration.between(facts.started(), snapshot.now());
            var warnings = new ArrayList<>(snapshot.node().numbers().problems());
            warnings.addAll(facts.warnings());
            String since = Shown.time(facts.started()) + " UTC";
            String place = snapshot.hasLedger() ? "database" : "none";
            var table = Table.with("Name", "Value")
                    .row("Version", facts.version())
                    .row("Server", facts.server())
                    .row("Upstream", facts.upstream())
                    .row("Since", since)
                    .row("Ledger", place);
            snapshot.node()
                    .numbers()
                    .policyVersion()
                    .ifPresent(version -> table.row("Policy", "version " + version + " of policy.file"));
            warnings.forEach(warning -> table.row("Warning", warning));
            return new Content(
                    List.of(
                            new Fact("Warder " + facts.version(), "for " + Shown.longTime(up) + ", since " + since),
                            new Fact(facts.server(), "server"),
                            new Fact(facts.upstream(), "upstream"),
                            new Fact(place, "ledger")),
                    warnings.stream().map(warning -> "Warning: " + warning).toList(),
                    Optional.empty(),
                    table,
                    true);
        }

        static Content live(Snapshot snapshot) {
            var numbers = snapshot.node().numbers();
            var exchanges = numbers.exchanges();
            var memory = numbers.memory();
            var none = Cell.number("-", "");
            var table = Table.with("What", "Now", "Limit")
                    .row("Exchanges", exchanges.now(), exchanges.limit())
                    .row("Upstream connections in use", numbers.connections(), none)
                    .row("Upstream connections idle", numbers.idle(), none)
                    .row("Memory of request bodies", bytes(memory.now()), bytes(memory.limit()))
                    .row("Requests that wait for memory", numbers.waiting(), none);
            return Content.ofTable(table, new Fact(Shown.count(exchanges.now()), "open exchanges"));
        }

        static Content credentials(Snapshot snapshot) {
            var table = Table.with("Credential", "Kind", "State", "Remaining at the upstream");
            for (var state : snapshot.node().credentials()) {
                var quota = state.quota().map(found -> cell(found, snapshot));
                table.row(state.name(), state.kind().word(), words(state), quota);
            }
            return Content.ofTable(table);
        }

        static Content refusals(Snapshot snapshot) {
            var table = Table.with("Time", "Client", "Route", "Model", "Status", "End", "Reason", "Request");
            for (var refused : snapshot.node().refusals()) {
                table.row(
                        refused.time(),
                        refused.client(),
                        refused.route(),
                        refused.model(),
                        refused.status().map(String::valueOf),
                        refused.end(),
                        refused.reason(),
                        refused.id());
            }
            long unknown = snapshot.node().unknown();
            var fact = new Fact(
                    Shown.count(unknown), "requests without a known client since the start, the last of them below");
            return unknown == 0 ? Content.ofTable(table) : Content.ofTable(table, fact);
        }

        private static String words(CredentialState state) {
            var words = new ArrayList<String>();
            words.add(state.usable() ? "usable" : "not usable");
            state.cause().ifPresent(words::add);
            state.timeLeft().ifPresent(left -> words.add("for another " + Shown.longTime(left)));
            state.heldModels().forEach(held -> words.add("not for " + held));
            return String.join("; ", words);
        }

        private static Cell cell(Quota quota, Snapshot snapshot) {
            String parts = quota.parts().stream().map(Quota.Part::toString).collect(Collectors.joining(", "));
            String text = parts + " (" + Shown.longTime(Duration.between(quota.seen(), snapshot.now())) + " ago)";
            return new Cell(Shown.grouped(text), Cell.of(text).csv(), "", "");
        }

        private static Cell bytes(long bytes) {
            return Cell.number(Shown.bytes(bytes), Long.toString(bytes));
        }
    }

    /**
     * The content of a panel. Immutable.
     *
     * @param facts the numbers at its top
     * @param notes sentences below them
     * @param plot what is above the table
     * @param table all values
     * @param folded whether the table is shown on demand, because the rest shows the same
     */
    public record Content(
            List<Fact> facts, List<String> notes, Optional<Plot.Figure> plot, Table table, boolean folded) {
        static Content ofTable(Table table, Fact... facts) {
            return new Content(List.of(facts), List.of(), Optional.empty(), table, false);
        }

        static Content ofPlot(Plot.Figure plot, Table table, Fact... facts) {
            return new Content(List.of(facts), List.of(), Optional.of(plot), table, true);
        }
    }

    /** A number and what it is. */
    public record Fact(String value, String label) {}
}
