package dev.warder.admin;

import dev.warder.admin.page.Shown;
import dev.warder.json.JsonTree;
import dev.warder.ledger.store.PeriodReader.NodeWait;
import dev.warder.quota.BudgetLine;
import dev.warder.quota.BudgetReport;
import dev.warder.quota.BudgetReport.WaitingRequest;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The budgets in the JSON for programs: what the page shows, with exact numbers in US dollars. */
final class BudgetDocument {
    private BudgetDocument() {}

    /** The document; an empty object where there are no budgets. */
    static JsonObject of(Optional<BudgetReport> report) {
        return report.map(BudgetDocument::of).orElse(JsonValue.EMPTY_JSON_OBJECT);
    }

    private static JsonObject of(BudgetReport report) {
        return JsonTree.newObject()
                .add("time", report.time().toString())
                .add("databaseRead", report.databaseRead())
                .add("unreadBudgets", report.unread())
                .add("organization", all(report.organization(), BudgetDocument::budget))
                .add("teams", all(report.teams(), BudgetDocument::team))
                .add("moreTeams", report.moreTeams())
                .add("page", report.query().page())
                .add("pages", report.pages())
                .add("tags", several(report.tags()))
                .add("models", several(report.models()))
                .add("sessions", several(report.sessions()))
                .add("waiting", all(report.waiting(), BudgetDocument::waiting))
                .add("moreWaiting", report.moreWaiting())
                .add("waitingNodes", all(report.nodes(), BudgetDocument::node))
                .add("moreWaitingNodes", report.moreNodes())
                .add("events", all(report.events(), BudgetDocument::event))
                .build();
    }

    static String dollars(long nanos) {
        return Shown.exactDollars(nanos).toPlainString();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static <T> JsonArrayBuilder all(List<T> items, Function<T, JsonObjectBuilder> document) {
        var array = JsonTree.newArray();
        items.forEach(item -> array.add(document.apply(item)));
        return array;
    }

    /** The fullest budgets of some, and how many others there are. */
    private static JsonObjectBuilder several(BudgetReport.Lines lines) {
        return JsonTree.newObject()
                .add("budgets", all(lines.shown(), BudgetDocument::budget))
                .add("more", lines.more());
    }

    /** A team with its clients; without a name those that have no team. */
    private static JsonObjectBuilder team(BudgetReport.TeamLines team) {
        var document = JsonTree.newObject();
        if (!team.name().isEmpty()) {
            document.add("name", team.name());
        }
        return document.add("budgets", all(team.budgets(), BudgetDocument::budget))
                .add("clients", several(team.clients()))
                .add("clientsWithoutBudget", team.without());
    }

    private static JsonObjectBuilder waiting(WaitingRequest request) {
        return JsonTree.newObject()
                .add("client", request.client())
                .add("budgets", JsonTree.newArray(request.budgets()))
                .add("reason", word(request.why()))
                .add("amount", dollars(request.nanos()))
                .add("seconds", request.waited().toSeconds());
    }

    /** Another node that waits; without {@code seconds} for responses that have begun. */
    private static JsonObjectBuilder node(NodeWait wait) {
        var document = JsonTree.newObject()
                .add("node", wait.node())
                .add("budget", wait.key().budget())
                .add("amount", dollars(wait.nanos()));
        wait.waited().ifPresent(waited -> document.add("seconds", waited.toSeconds()));
        return document;
    }

    private static JsonObjectBuilder event(BudgetReport.Event event) {
        return JsonTree.newObject()
                .add("time", event.time().toString())
                .add("times", event.times())
                .add("client", event.client())
                .add("model", event.model())
                .add("budgets", JsonTree.newArray(event.budgets()))
                .add("event", word(event.what()));
    }

    /**
     * One budget, which is identified by its key. {@code onExhausted} is absent where it does not enforce, {@code resetsAt}
     * for a lifetime, and all numbers after the amount if they are not known. What is spent includes the overage.
     */
    private static JsonObjectBuilder budget(BudgetLine line) {
        var terms = line.budget().terms();
        var document = JsonTree.newObject()
                .add("budget", line.budget().key())
                .add("scope", line.budget().scope().word())
                .add("name", line.budget().name())
                .add("period", terms.period().word())
                .add("mode", word(terms.mode()));
        if (terms.enforces()) {
            document.add("onExhausted", word(terms.onExhausted()));
        }
        document.add("amount", dollars(terms.nanos()));
        line.amounts().ifPresent(amounts -> document.add("spent", dollars(amounts.allSpent()))
                .add("overage", dollars(amounts.overage()))
                .add("reserved", dollars(amounts.reserved()))
                .add("unknown", dollars(amounts.unknown()))
                .add("free", dollars(amounts.free())));
        line.window().end().ifPresent(at -> document.add("resetsAt", at.toString()));
        return document;
    }
}
