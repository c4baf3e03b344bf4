package dev.warder.quota;

import static dev.warder.quota.SampleBudgets.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.Dialect;
import dev.warder.ledger.store.Amounts;
import dev.warder.ledger.store.DatabaseLeases;
import dev.warder.ledger.store.LeaseStore.LeaseRequest;
import dev.warder.ledger.store.LeaseStore.Line;
import dev.warder.ledger.store.LeaseStore.Opening;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Period;
import dev.warder.quota.BudgetReport.Event.What;
import dev.warder.quota.BudgetReport.Lines;
import dev.warder.quota.BudgetReport.TeamLines;
import dev.warder.quota.BudgetReport.WaitingRequest;
import dev.warder.quota.Budgets.NodeBudgets;
import dev.warder.quota.CountedRefusals.Asker;
import dev.warder.quota.CountedRefusals.RecentEvents;
import dev.warder.testkit.H2Memory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an administrator sees of budgets, with a database of H2. */
@Timeout(60)
class BudgetReportsTest {
    private static final Instant MONTH = Instant.parse("2026-11-01T00:00:00Z");
    private static final UUID OWN = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);
    private static final UUID THIRD = new UUID(3, 3);
    private static final long CAP = 1000;
    private static final String BUDGET = "'budgets': [{'amount': '0.000001', 'period': 'month'}]";

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final AtomicLong nanoTime = new AtomicLong(1000);
    private final LivePolicy policy = new LivePolicy(Optional.empty());
    private final List<BudgetReports> opened = new ArrayList<>();
    private List<BudgetLine> used = List.of();
    private Instant now = NOW;
    private final RecentEvents events = new RecentEvents(() -> now);
    private final CountedRefusals refusals =
            new CountedRefusals(Optional.empty(), () -> now, new Budgets.BudgetCounts(), events);

    @AfterEach
    void close() {
        opened.forEach(BudgetReports::close);
    }

    @Test
    void showsOrganizationTeamsAndClientsWithTheNumbersOfAllNodes() throws Exception {
        write("'organization': {" + BUDGET + "}, 'teams': [{'name': 'red', " + BUDGET + "}, {'name': 'blue', " + BUDGET
                + "}], 'tags': [{'name': 'night', " + BUDGET + "}], 'models': [{'name': 'claude-opus*', " + BUDGET
                + "}], 'clients': [" + client("ada", "'teams': ['blue'], ") + ", " + client("bob", "") + ", "
                + "{'name': 'cid', 'kind': 'person', 'teams': ['blue'], 'budgets': 'unlimited'}]");
        reserve(OWN, "client/ada/month", MONTH, 300);
        reserve(OTHER, "client/ada/month", MONTH, 100);
        reserve(OTHER, "team/red/month", MONTH, 1);
        reserve(OWN, "model/claude-opus*/month", MONTH, 2);
        // A month that is over.
        reserve(OWN, "client/bob/month", Instant.parse("2026-10-01T00:00:00Z"), 999);
        var leases = new DatabaseLeases(h2.database());
        leases.reap(OTHER);
        leases.beat(THIRD, "third");
        leases.reserve(THIRD, List.of(request("organization/month", MONTH, 0, 5000, new Line(5000, 700))));

        var report = report(h2.database(), "");

        assertThat(report.databaseRead()).isTrue();
        assertThat(numbers(report.organization())).containsExactly("organization/month 1000 0");
        assertThat(report.organization().get(0).window().end()).contains(Instant.parse("2026-12-01T00:00:00Z"));
        assertThat(report.teams().stream()
                        .map(team -> team.name()
                                + numbers(team.budgets())
                                + numbers(team.clients().shown())
                                + team.without()))
                .containsExactly(
                        "blue[team/blue/month][client/ada/month 300 100]1",
                        "red[team/red/month 0 1][]0",
                        "[][client/bob/month]0");
        assertThat(numbers(report.tags().shown())).containsExactly("tag/night/month");
        assertThat(numbers(report.models().shown())).containsExactly("model/claude-opus*/month 2 0");
        assertThat(report.sessions().shown()).isEmpty();
        assertThat(report.nodes()).singleElement().satisfies(wait -> {
            assertThat(wait.node()).isEqualTo("third");
            assertThat(wait.key().budget()).isEqualTo("organization/month");
            assertThat(wait.waited().orElseThrow()).isPositive();
        });
        assertThat(report.moreNodes()).isFalse();
    }

    /** What is reserved and unknown of each, where that is known. */
    private static List<String> numbers(List<BudgetLine> lines) {
        return lines.stream()
                .map(line -> line.budget().key()
                        + line.amounts()
                                .map(each -> " " + each.reserved() + " " + each.unknown())
                                .orElse(""))
                .toList();
    }

    @Test
    void showsTheFullestOfManyClientsAndHowManyOthersThereAre() throws Exception {
        write("'teams': [" + each(1, 100, i -> "{'name': 't" + i + "'}") + "], 'clients': ["
                + each(0, 10_000, i -> client("c" + i, i % 100 == 0 ? "" : "'teams': ['t" + i % 100 + "'], ")) + "]");
        reserve(OWN, "client/c9977/month", MONTH, 900);
        reserve(OWN, "client/c9877/month", MONTH, 950);
        reserve(OWN, "client/c5000/month", MONTH, 800);

        var report = report(h2.database(), "");

        assertThat(report.unread()).isZero();
        assertThat(report.teams()).hasSize(BudgetReports.MOST_TEAMS);
        assertThat(report.moreTeams()).isEqualTo(100 - BudgetReports.MOST_TEAMS);
        var fullest = report.teams().get(0);
        assertThat(fullest.name()).isEqualTo("t77");
        assertThat(keys(fullest.clients())).hasSize(10).startsWith("client/c9877/month", "client/c9977/month");
        assertThat(fullest.clients().more()).isEqualTo(90);
        assertThat(report.teams().get(1).name()).isEmpty();
        assertThat(keys(report.teams().get(1).clients())).startsWith("client/c5000/month");
        assertThat(report.teams().stream()
                        .mapToInt(team -> team.clients().shown().size())
                        .sum())
                .isEqualTo(BudgetReports.MOST_CLIENT_LINES);

        assertThat(report(h2.database(), "t77").teams()).singleElement().satisfies(team -> {
            assertThat(team.clients().shown()).hasSize(100);
            assertThat(team.clients().more()).isZero();
        });
    }

    @Test
    void showsEveryTeamAndEveryClientOnOnePage() throws Exception {
        write("'teams': [{'name': 'big', " + BUDGET + "}, " + each(0, 119, i -> "{'name': 't" + i + "'}")
                + "], 'clients': ["
                + each(0, 1_201, i -> client("c" + i, i % 100 == 0 ? "" : "'teams': ['big'], ")) + "]");
        reserve(OWN, "client/c700/month", MONTH, 1);
        reserve(OWN, "client/c777/month", MONTH, 2);

        var names = new ArrayList<String>();
        var keys = new ArrayList<String>();
        for (int page = 1; page <= 3; page++) {
            var report = report(h2.database(), new BudgetReport.Query("", "", page));
            assertThat(report.query().page()).isEqualTo(page);
            assertThat(report.pages()).isEqualTo(3);
            assertThat(report.moreTeams()).isEqualTo(Math.max(0, 121 - page * 50));
            report.teams().forEach(team -> names.add(team.name()));

            var big = report(h2.database(), new BudgetReport.Query("", "big", page));
            assertThat(big.pages()).isEqualTo(3);
            var team = only(big);
            assertThat(team.budgets()).hasSize(1);
            keys.addAll(keys(team.clients()));
            assertThat(team.clients().more()).isEqualTo(1_188 - keys.size());
        }
        assertThat(names).hasSize(121).doesNotHaveDuplicates().startsWith("big", "");
        assertThat(keys).hasSize(1_188).doesNotHaveDuplicates().startsWith("client/c777/month");
        var without = only(report(h2.database(), new BudgetReport.Query("", BudgetReport.Query.NO_TEAM, 1)));
        assertThat(keys(without.clients())).hasSize(13).startsWith("client/c700/month");
        assertThat(keys(report(h2.database(), "C1077").teams().get(0).clients()))
                .containsExactly("client/c1077/month");
        var found = report(h2.database(), new BudgetReport.Query("C77", "big", 999_999));
        assertThat(found.query().page()).as("the last one").isEqualTo(1);
        assertThat(keys(only(found).clients())).hasSize(11);
        assertThat(report(h2.database(), new BudgetReport.Query("", "none", 2)).teams())
                .isEmpty();
    }

    private static TeamLines only(BudgetReport report) {
        assertThat(report.teams()).hasSize(1);
        return report.teams().get(0);
    }

    private static String each(int from, int to, IntFunction<String> text) {
        return IntStream.range(from, to).mapToObj(text).collect(Collectors.joining(", "));
    }

    @Test
    void readsNoMoreBudgetsThanItMay() throws Exception {
        var five = Stream.of("hour", "day", "week", "month", "lifetime")
                .map(period -> "{'amount': '1', 'period': '" + period + "'}")
                .collect(Collectors.joining(", "));
        write("'organization': {" + BUDGET + "}, 'clients': ["
                + each(0, 10_001, i -> "{'name': 'c" + i + "', 'kind': 'person', 'budgets': [" + five + "]}") + "]");
        reserve(OWN, "organization/month", MONTH, 7);

        var report = report(h2.database(), "");

        assertThat(report.unread()).isEqualTo(6);
        assertThat(numbers(report.organization())).containsExactly("organization/month 7 0");
        assertThat(report.teams().get(0).clients().more()).isEqualTo(50_005 - BudgetReports.MOST_CLIENT_LINES);
    }

    @Test
    void showsTheFullestSessionsOfThisNode() throws Exception {
        write("'sessions': {" + BUDGET + "}, 'clients': [" + client("ada", "") + "]");
        used = IntStream.range(0, 30)
                .mapToObj(i -> line(Budget.Scope.SESSION, "ada/s" + i, new Amounts(CAP, 0, 0, i, 0)))
                .toList();
        reserve(OTHER, "session/ada/s4/month", MONTH, 500);

        var sessions = report(h2.database(), "").sessions();

        assertThat(numbers(sessions.shown()))
                .hasSize(20)
                .startsWith("session/ada/s4/month 500 0", "session/ada/s29/month 29 0");
        assertThat(sessions.more()).isEqualTo(10);
    }

    @Test
    void showsWhatThisNodeKnowsWhereTheDatabaseCannotBeRead() throws Exception {
        write("'clients': [" + client("ada", "") + ", " + client("bob", "") + "]");
        used = List.of(line(Budget.Scope.CLIENT, "ada", new Amounts(CAP, 400, 0, 30, 2)));
        var broken = new JdbcDataSource();
        broken.setURL("jdbc:h2:tcp://127.0.0.1:1/nowhere");

        var report = report(broken, "");

        assertThat(report.databaseRead()).isFalse();
        assertThat(numbers(only(report).clients().shown()))
                .containsExactly("client/ada/month 30 2", "client/bob/month");
        assertThat(report.waiting()).hasSize(1);
        assertThat(report.events()).hasSize(1);
    }

    @Test
    void asksTheDatabaseOnceForAWhile() throws Exception {
        write("'clients': [" + client("ada", "") + "]");
        var reports = open(h2.database());
        assertThat(numbers(reports)).containsExactly("client/ada/month");
        reserve(OWN, "client/ada/month", MONTH, 5);
        assertThat(numbers(reports)).containsExactly("client/ada/month");
        nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(numbers(reports)).containsExactly("client/ada/month 5 0");
    }

    private static List<String> numbers(BudgetReports reports) throws Exception {
        var report =
                reports.report(BudgetReport.Query.ALL).get(20, TimeUnit.SECONDS).orElseThrow();
        return numbers(only(report).clients().shown());
    }

    @Test
    void reportsNothingAfterItsEnd() throws Exception {
        var reports = open(h2.database());
        reports.close();
        assertThat(reports.report(BudgetReport.Query.ALL).get(20, TimeUnit.SECONDS))
                .isEmpty();
    }

    private BudgetReport report(DataSource source, String part) throws Exception {
        return report(source, new BudgetReport.Query(part, "", 1));
    }

    private BudgetReport report(DataSource source, BudgetReport.Query query) throws Exception {
        return open(source).report(query).get(50, TimeUnit.SECONDS).orElseThrow();
    }

    private BudgetReports open(DataSource source) {
        var waiting =
                new WaitingRequest("ada", List.of("client/ada/month"), WaitingRequest.Why.RUNNING, 5, Duration.ZERO);
        var event =
                new BudgetReport.Event(NOW, "ada", "m", List.of("client/ada/month"), BudgetReport.Event.What.CUT, 1);
        var reports = new BudgetReports(
                policy::current,
                () -> new NodeBudgets(OWN, used, List.of(waiting), 1, List.of(event)),
                source,
                Thread::new,
                () -> NOW,
                nanoTime::get);
        opened.add(reports);
        return reports;
    }

    private static List<String> keys(Lines lines) {
        return lines.shown().stream().map(line -> line.budget().key()).toList();
    }

    private static String client(String name, String members) {
        return "{'name': '" + name + "', 'kind': 'person', " + members + BUDGET + "}";
    }

    private void write(String members) throws Exception {
        policy.accept(("{'version': 1, " + members + "}").replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private void reserve(UUID run, String budget, Instant start, long nanos) throws Exception {
        new DatabaseLeases(h2.database()).reserve(run, List.of(request(budget, start, nanos, nanos, Line.NONE)));
    }

    private static LeaseRequest request(String budget, Instant start, long least, long wanted, Line line) {
        var key = new PeriodKey(budget, start);
        return new LeaseRequest(
                key, new LeaseRequest.Terms(Optional.empty(), CAP, true, 1), 0, Opening.NONE, least, wanted, line);
    }

    private static BudgetLine line(Budget.Scope scope, String name, Amounts amounts) {
        var terms = SampleBudgets.terms(CAP, Period.MONTH, Budget.Mode.ENFORCE);
        return new BudgetLine(new Budget(scope, name, terms), terms.windowAt(NOW), Optional.of(amounts));
    }

    @Test
    void keepsTheLastFiftyTheNewestFirst() {
        for (int i = 0; i < 70; i++) {
            events.add(asker("client" + i, "m"), List.of(spent(0)), What.CUT);
        }
        assertThat(events.all()).hasSize(RecentEvents.MOST);
        assertThat(events.all().get(0))
                .isEqualTo(new BudgetReport.Event(NOW, "client69", "m", List.of("team/payments/day"), What.CUT, 1));
        assertThat(events.all().get(49).client()).isEqualTo("client20");
    }

    @Test
    void countsTheSameEventAgain() {
        events.add(asker("ada", "m"), List.of(spent(0)), What.CUT);
        for (int i = 0; i < 1000; i++) {
            now = NOW.plusSeconds(i);
            refusals.notAdmitted(asker("bob", "m"), new Admission.Spent(spent(1000)));
        }
        assertThat(events.all())
                .containsExactly(
                        new BudgetReport.Event(now, "bob", "m", List.of("team/payments/day"), What.SPENT, 1000),
                        new BudgetReport.Event(NOW, "ada", "m", List.of("team/payments/day"), What.CUT, 1));
    }

    @Test
    void namesWhatBecameOfARequest() {
        for (var admission : List.of(
                new Admission.DatabaseAway(),
                new Admission.TooManySessions(),
                new Admission.LineIsFull(spent(0)),
                new Admission.Waited(spent(0)),
                new Admission.Spent(spent(500)),
                new Admission.Spent(spent(1000)))) {
            refusals.notAdmitted(asker("ada", "m"), admission);
        }
        assertThat(events.all())
                .extracting(BudgetReport.Event::what)
                .containsExactly(
                        What.SPENT, What.TOO_SMALL, What.WAITED, What.LINE_FULL, What.SESSIONS, What.DATABASE_AWAY);
    }

    /** The model is any text that a client sends. */
    @Test
    void keepsOnlyTheBeginningOfALongModel() {
        events.add(asker("ada", "m".repeat(100_000)), List.of(), What.CUT);
        assertThat(events.all().get(0).model())
                .hasSizeLessThan(100)
                .startsWith("mmm")
                .endsWith("…");
    }

    private static Asker asker(String client, String model) {
        return new Asker(client, model, Dialect.ANTHROPIC);
    }

    private static Account.View spent(long nanos) {
        return SampleBudgets.spent(SampleBudgets.of(Budget.Scope.TEAM, "payments", 1000), nanos);
    }
}
