package dev.warder.admin;

import dev.warder.admin.page.Shown;
import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.lease.NodeWait;
import dev.warder.quota.BudgetEvent;
import dev.warder.quota.BudgetLine;
import dev.warder.quota.BudgetReport;
import dev.warder.quota.BudgetReport.Lines;
import dev.warder.quota.BudgetReport.TeamLines;
import dev.warder.quota.WaitingRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The budgets in the JSON for programs: what the page shows, with exact numbers in US dollars. Immutable. */
record BudgetDocument(
        Instant time,
        boolean databaseRead,
        int unreadBudgets,
        List<BudgetMember> organization,
        List<TeamMember> teams,
        int moreTeams,
        int page,
        int pages,
        Several tags,
        Several models,
        Several sessions,
        List<Waiting> waiting,
        int moreWaiting,
        List<WaitingNodeMember> waitingNodes,
        boolean moreWaitingNodes,
        List<Event> events) {
    /** The document where there are no budgets. */
    private record None() {}

    static Record of(Optional<BudgetReport> report) {
        return report.<Record>map(BudgetDocument::of).orElseGet(None::new);
    }

    private static BudgetDocument of(BudgetReport report) {
        return new BudgetDocument(
                report.time(),
                report.databaseRead(),
                report.unread(),
                BudgetMember.all(report.organization()),
                report.teams().stream().map(TeamMember::of).toList(),
                report.moreTeams(),
                report.query().page(),
                report.pages(),
                Several.of(report.tags()),
                Several.of(report.models()),
                Several.of(report.sessions()),
                report.waiting().stream().map(Waiting::of).toList(),
                report.moreWaiting(),
                report.nodes().stream().map(WaitingNodeMember::of).toList(),
                report.moreNodes(),
                report.events().stream().map(Event::of).toList());
    }

    static String dollars(long nanos) {
        return Shown.exactDollars(nanos).toPlainString();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The fullest budgets of some, and how many others there are. */
    private record Several(List<BudgetMember> budgets, int more) {
        static Several of(Lines lines) {
            return new Several(BudgetMember.all(lines.shown()), lines.more());
        }
    }

    /** A team with its clients; without a name those that have no team. */
    private record TeamMember(
            Optional<String> name, List<BudgetMember> budgets, Several clients, int clientsWithoutBudget) {
        static TeamMember of(TeamLines team) {
            return new TeamMember(
                    Optional.of(team.name()).filter(name -> !name.isEmpty()),
                    BudgetMember.all(team.budgets()),
                    Several.of(team.clients()),
                    team.without());
        }
    }

    /** A request that waits on this node. */
    private record Waiting(String client, List<String> budgets, String reason, String amount, long seconds) {
        static Waiting of(WaitingRequest request) {
            return new Waiting(
                    request.client(),
                    request.budgets(),
                    word(request.why()),
                    dollars(request.nanos()),
                    request.waited().toSeconds());
        }
    }

    /** Another node that waits; without {@code seconds} for responses that have begun. */
    private record WaitingNodeMember(String node, String budget, String amount, Optional<Long> seconds) {
        static WaitingNodeMember of(NodeWait wait) {
            return new WaitingNodeMember(
                    wait.node(),
                    wait.key().budget(),
                    dollars(wait.nanos()),
                    wait.waited().map(Duration::toSeconds));
        }
    }

    /** The effects of budgets on this node. */
    private record Event(Instant time, long times, String client, String model, List<String> budgets, String event) {
        static Event of(BudgetEvent event) {
            return new Event(
                    event.time(), event.times(), event.client(), event.model(), event.budgets(), word(event.what()));
        }
    }

    /**
     * One budget.
     *
     * @param budget its key, which identifies it
     * @param onExhausted absent where it does not enforce
     * @param spent also what was spent above the amount; absent, with all numbers after it, if it is not known
     * @param resetsAt absent for a lifetime
     */
    private record BudgetMember(
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
            Optional<Instant> resetsAt) {
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
                    word(terms.mode()),
                    terms.enforces() ? Optional.of(word(terms.onExhausted())) : Optional.empty(),
                    dollars(terms.nanos()),
                    number(line, Amounts::allSpent),
                    number(line, Amounts::overage),
                    number(line, Amounts::reserved),
                    number(line, Amounts::unknown),
                    number(line, Amounts::free),
                    line.window().end());
        }

        private static Optional<String> number(BudgetLine line, ToLongFunction<Amounts> number) {
            return line.amounts().map(amounts -> dollars(number.applyAsLong(amounts)));
        }
    }
}
