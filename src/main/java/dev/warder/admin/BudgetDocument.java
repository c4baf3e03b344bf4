package dev.warder.admin;

import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.lease.NodeWait;
import dev.warder.quota.budget.BudgetEvent;
import dev.warder.quota.budget.BudgetLine;
import dev.warder.quota.budget.BudgetReport;
import dev.warder.quota.budget.Lines;
import dev.warder.quota.budget.TeamLines;
import dev.warder.quota.budget.WaitingRequest;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The budgets in the JSON for programs: what the page shows, with exact numbers. Amounts are US dollars as text, times RFC
 * 3339 and durations whole seconds. Immutable.
 *
 * @param time absent, with all members after it, where there are no budgets
 */
@JsonbPropertyOrder({
    "time",
    "databaseRead",
    "unreadBudgets",
    "organization",
    "teams",
    "moreTeams",
    "page",
    "pages",
    "tags",
    "models",
    "sessions",
    "waiting",
    "moreWaiting",
    "waitingNodes",
    "moreWaitingNodes",
    "events"
})
public record BudgetDocument(
        Optional<String> time,
        Optional<Boolean> databaseRead,
        Optional<Integer> unreadBudgets,
        Optional<List<BudgetMember>> organization,
        Optional<List<TeamMember>> teams,
        Optional<Integer> moreTeams,
        Optional<Integer> page,
        Optional<Integer> pages,
        Optional<Several> tags,
        Optional<Several> models,
        Optional<Several> sessions,
        Optional<List<Waiting>> waiting,
        Optional<Integer> moreWaiting,
        Optional<List<WaitingNodeMember>> waitingNodes,
        Optional<Boolean> moreWaitingNodes,
        Optional<List<Event>> events) {
    public static BudgetDocument of(Optional<BudgetReport> report) {
        return new BudgetDocument(
                report.map(each -> each.time().toString()),
                report.map(BudgetReport::databaseRead),
                report.map(BudgetReport::unread),
                report.map(each -> BudgetMember.all(each.organization())),
                report.map(each -> each.teams().stream().map(TeamMember::of).toList()),
                report.map(BudgetReport::moreTeams),
                report.map(each -> each.query().page()),
                report.map(BudgetReport::pages),
                report.map(each -> Several.of(each.tags())),
                report.map(each -> Several.of(each.models())),
                report.map(each -> Several.of(each.sessions())),
                report.map(each -> each.waiting().stream().map(Waiting::of).toList()),
                report.map(BudgetReport::moreWaiting),
                report.map(
                        each -> each.nodes().stream().map(WaitingNodeMember::of).toList()),
                report.map(BudgetReport::moreNodes),
                report.map(each -> each.events().stream().map(Event::of).toList()));
    }

    static String dollars(long nanos) {
        return BigDecimal.valueOf(nanos, 9).toPlainString();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The fullest budgets of some, and how many others there are. */
    @JsonbPropertyOrder({"budgets", "more"})
    record Several(List<BudgetMember> budgets, int more) {
        private static Several of(Lines lines) {
            return new Several(BudgetMember.all(lines.shown()), lines.more());
        }
    }

    /** A team with its clients; without a name those that have no team. */
    @JsonbPropertyOrder({"name", "budgets", "clients", "clientsWithoutBudget"})
    record TeamMember(Optional<String> name, List<BudgetMember> budgets, Several clients, int clientsWithoutBudget) {
        private static TeamMember of(TeamLines team) {
            return new TeamMember(
                    Optional.of(team.name()).filter(name -> !name.isEmpty()),
                    BudgetMember.all(team.budgets()),
                    Several.of(team.clients()),
                    team.without());
        }
    }

    /** A request that waits on this node. */
    @JsonbPropertyOrder({"client", "budgets", "reason", "amount", "seconds"})
    record Waiting(String client, List<String> budgets, String reason, String amount, long seconds) {
        private static Waiting of(WaitingRequest request) {
            return new Waiting(
                    request.client(),
                    request.budgets(),
                    word(request.why()),
                    dollars(request.nanos()),
                    request.waited().toSeconds());
        }
    }

    /** Another node that waits; without {@code seconds} for responses that have begun. */
    @JsonbPropertyOrder({"node", "budget", "amount", "seconds"})
    record WaitingNodeMember(String node, String budget, String amount, Optional<Long> seconds) {
        private static WaitingNodeMember of(NodeWait wait) {
            return new WaitingNodeMember(
                    wait.node(),
                    wait.key().budget(),
                    dollars(wait.nanos()),
                    wait.waited().map(Duration::toSeconds));
        }
    }

    /** The effects of budgets on this node. */
    @JsonbPropertyOrder({"time", "times", "client", "model", "budgets", "event"})
    record Event(String time, long times, String client, String model, List<String> budgets, String event) {
        private static Event of(BudgetEvent event) {
            return new Event(
                    event.time().toString(),
                    event.times(),
                    event.client(),
                    event.model(),
                    event.budgets(),
                    word(event.what()));
        }
    }

    /**
     * One budget in a {@link BudgetDocument}. Amounts are US dollars as text. Immutable.
     *
     * @param budget its key, which identifies it
     * @param onExhausted absent where it does not enforce
     * @param spent also what was spent above the amount; absent, with all numbers after it, if it is not known
     * @param resetsAt absent for a lifetime
     */
    @JsonbPropertyOrder({
        "budget",
        "scope",
        "name",
        "period",
        "mode",
        "onExhausted",
        "amount",
        "spent",
        "overage",
        "reserved",
        "unknown",
        "free",
        "resetsAt"
    })
    record BudgetMember(
            String budget,
            String scope,
            String name,
            String period,
            String mode,
            Optional<String> onExhausted,
            String amount,
            Optional<String> spent,
            Optional<String> overage,
            Optional<String> reserved,
            Optional<String> unknown,
            Optional<String> free,
            Optional<String> resetsAt) {
        static List<BudgetMember> all(List<BudgetLine> lines) {
            return lines.stream().map(BudgetMember::of).toList();
        }

        private static BudgetMember of(BudgetLine line) {
            var budget = line.budget();
            var terms = budget.terms();
            return new BudgetMember(
                    budget.key(),
                    budget.scope().word(),
                    budget.name(),
                    terms.period().word(),
                    terms.mode().name().toLowerCase(Locale.ROOT),
                    terms.enforces()
                            ? Optional.of(terms.onExhausted().name().toLowerCase(Locale.ROOT))
                            : Optional.empty(),
                    BudgetDocument.dollars(terms.nanos()),
                    number(line, Amounts::allSpent),
                    number(line, Amounts::overage),
                    number(line, Amounts::reserved),
                    number(line, Amounts::unknown),
                    number(line, Amounts::free),
                    line.window().end().map(Instant::toString));
        }

        private static Optional<String> number(BudgetLine line, ToLongFunction<Amounts> number) {
            return line.amounts().map(amounts -> BudgetDocument.dollars(number.applyAsLong(amounts)));
        }
    }
}
