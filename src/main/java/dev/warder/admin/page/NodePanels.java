package dev.warder.admin.page;

import dev.warder.admin.page.Content.Fact;
import dev.warder.credential.CredentialState;
import dev.warder.credential.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The panels of this node alone. */
final class NodePanels {
    private NodePanels() {}

    static Content node(Snapshot snapshot) {
        var facts = snapshot.node().facts();
        var up = Duration.between(facts.started(), snapshot.now());
        var warnings = new ArrayList<>(snapshot.node().numbers().problems());
        warnings.addAll(facts.warnings());
        String since = Shown.time(facts.started()) + " UTC";
        String place = snapshot.hasLedger() ? "database" : "none";
        var table = Table.with("Name", "Value")
                .row(Cell.text("Version"), Cell.text(facts.version()))
                .row(Cell.text("Server"), Cell.text(facts.server()))
                .row(Cell.text("Upstream"), Cell.text(facts.upstream()))
                .row(Cell.text("Since"), Cell.text(since))
                .row(Cell.text("Ledger"), Cell.text(place));
        snapshot.node()
                .numbers()
                .policyVersion()
                .ifPresent(
                        version -> table.row(Cell.text("Policy"), Cell.text("version " + version + " of policy.file")));
        warnings.forEach(warning -> table.row(Cell.text("Warning"), Cell.text(warning)));
        return Content.ofFacts(
                table.table(),
                List.of(
                        new Fact("Warder " + facts.version(), "for " + Shown.longTime(up) + ", since " + since),
                        new Fact(facts.server(), "server"),
                        new Fact(facts.upstream(), "upstream"),
                        new Fact(place, "ledger")),
                warnings.stream().map(warning -> "Warning: " + warning).toList());
    }

    static Content live(Snapshot snapshot) {
        var numbers = snapshot.node().numbers();
        var table = Table.with("What", "Now", "Limit")
                .row(Cell.text("Exchanges"), Cell.count(numbers.exchanges()), Cell.count(numbers.exchangesLimit()))
                .row(Cell.text("Upstream connections in use"), Cell.count(numbers.connections()), Cell.number("-", ""))
                .row(Cell.text("Upstream connections idle"), Cell.count(numbers.idle()), Cell.number("-", ""))
                .row(Cell.text("Memory of request bodies"), bytes(numbers.memory()), bytes(numbers.memoryLimit()))
                .row(Cell.text("Requests that wait for memory"), Cell.count(numbers.waiting()), Cell.number("-", ""));
        return Content.ofTable(table.table(), List.of(new Fact(Shown.count(numbers.exchanges()), "open exchanges")));
    }

    static Content credentials(Snapshot snapshot) {
        var table = Table.with("Credential", "Kind", "State", "Remaining at the upstream");
        for (var state : snapshot.node().credentials()) {
            table.row(
                    Cell.text(state.name()),
                    Cell.text(state.kind().word()),
                    Cell.text(words(state)),
                    Cell.text(state.quota().map(quota -> words(quota, snapshot))));
        }
        return Content.ofTable(table.table(), List.of());
    }

    static Content refusals(Snapshot snapshot) {
        var table = Table.with("Time", "Client", "Route", "Model", "Status", "End", "Reason", "Request");
        for (var refused : snapshot.node().refusals()) {
            table.row(
                    Cell.time(refused.time()),
                    Cell.text(refused.client()),
                    Cell.text(refused.route()),
                    Cell.text(refused.model()),
                    Cell.text(refused.outcome().status().map(String::valueOf)),
                    Cell.text(refused.outcome().end()),
                    Cell.text(refused.outcome().reason()),
                    Cell.text(refused.id()));
        }
        var facts = snapshot.node().unknown() == 0
                ? List.<Fact>of()
                : List.of(new Fact(
                        Shown.count(snapshot.node().unknown()),
                        "requests without a known client since the start, the last of them below"));
        return Content.ofTable(table.table(), facts);
    }

    private static String words(CredentialState state) {
        var words = new ArrayList<String>();
        words.add(state.usable() ? "usable" : "not usable");
        state.cause().ifPresent(words::add);
        state.timeLeft().ifPresent(left -> words.add("for another " + Shown.longTime(left)));
        state.heldModels().forEach(held -> words.add("not for " + held));
        return String.join("; ", words);
    }

    private static String words(Quota quota, Snapshot snapshot) {
        String parts = quota.parts().stream().map(Quota.Part::toString).collect(Collectors.joining(", "));
        var age = Duration.between(quota.seen(), snapshot.now());
        return parts + " (" + Shown.longTime(age) + " ago)";
    }

    private static Cell bytes(long bytes) {
        return Cell.number(Shown.bytes(bytes), Long.toString(bytes));
    }
}
