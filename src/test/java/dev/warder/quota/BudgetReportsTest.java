package dev.warder.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.ledger.lease.Amounts;
import dev.warder.ledger.lease.DatabaseLeases;
import dev.warder.ledger.lease.LeaseRequest;
import dev.warder.ledger.lease.Line;
import dev.warder.ledger.lease.Opening;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetMode;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.OnExhausted;
import dev.warder.policy.Period;
import dev.warder.quota.BudgetReport.Lines;
import dev.warder.quota.BudgetReport.TeamLines;
import dev.warder.quota.Budgets.NodeBudgets;
import dev.warder.testkit.H2Memory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an administrator sees of budgets, with a database of H2. */
@Timeout(60)
class BudgetReportsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant MONTH = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant BEFORE = Instant.parse("2026-10-01T00:00:00Z");
    private static final UUID OWN = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);
    private static final long CAP = 1000;
    private static final String BUDGET = "'budgets': [{'amount': '0.000001', 'period': 'month'}]";

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final AtomicLong nanoTime = new AtomicLong(1000);
    private final LivePolicy policy = new LivePolicy(Optional.empty());
    private final List<BudgetReports> opened = new ArrayList<>();
    private List<BudgetLine> used = List.of();

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
        reserve(OWN, "client/bob/month", BEFORE, 999);
        new DatabaseLeases(h2.database()).reap(OTHER);

        var report = report(h2.database(), "");

        assertThat(report.databaseRead()).isTrue();
        assertThat(report.organization()).singleElement().satisfies(line -> {
            assertThat(line.budget().key()).isEqualTo("organization/month");
            assertThat(line.window().end()).contains(Instant.parse("2026-12-01T00:00:00Z"));
            assertThat(line.amounts()).isEmpty();
        });
        assertThat(report.teams()).extracting(TeamLines::name).containsExactly("blue", "red", "");
        var blue = report.teams().get(0);
        assertThat(blue.budgets()).hasSize(1);
        assertThat(blue.without()).isEqualTo(1);
        assertThat(blue.clients().shown()).singleElement().satisfies(line -> assertThat(line.amounts())
                .contains(new Amounts(CAP, 0, 0, 300, 100)));
        assertThat(report.teams().get(1).budgets().get(0).amounts()).contains(new Amounts(CAP, 0, 0, 0, 1));
        assertThat(report.teams().get(2).clients().shown()).singleElement().satisfies(line -> assertThat(line.amounts())
                .isEmpty());
        assertThat(report.tags().shown()).hasSize(1);
        assertThat(report.models().shown()).singleElement().satisfies(line -> assertThat(line.amounts())
                .contains(new Amounts(CAP, 0, 0, 2, 0)));
        assertThat(report.sessions().shown()).isEmpty();
    }

    @Test
    void showsTheFullestOfManyClientsAndHowManyOthersThereAre() throws Exception {
        var clients = IntStream.range(0, 10_000)
                .mapToObj(i -> client("c" + i, i % 100 == 0 ? "" : "'teams': ['t" + i % 100 + "'], "))
                .collect(Collectors.joining(", "));
        var teams =
                IntStream.range(1, 100).mapToObj(i -> "{'name': 't" + i + "'}").collect(Collectors.joining(", "));
        write("'teams': [" + teams + "], 'clients': [" + clients + "]");
        reserve(OWN, "client/c9977/month", MONTH, 900);
        reserve(OWN, "client/c9877/month", MONTH, 950);
        reserve(OWN, "client/c5000/month", MONTH, 800);

        var report = report(h2.database(), "");

        assertThat(report.unread()).isZero();
        assertThat(report.teams()).hasSize(BudgetReports.MOST_TEAMS);
        assertThat(report.moreTeams()).isEqualTo(100 - BudgetReports.MOST_TEAMS);
        assertThat(report.teams().get(0).name()).isEqualTo("t77");
        assertThat(keys(report.teams().get(0).clients()))
                .hasSize(10)
                .startsWith("client/c9877/month", "client/c9977/month");
        assertThat(report.teams().get(0).clients().more()).isEqualTo(90);
        assertThat(report.teams().get(1).name()).isEmpty();
        assertThat(keys(report.teams().get(1).clients())).startsWith("client/c5000/month");
        assertThat(report.teams().stream()
                        .mapToInt(team -> team.clients().shown().size())
                        .sum())
                .isEqualTo(BudgetReports.MOST_CLIENT_LINES);

        var found = report(h2.database(), "C997");
        assertThat(found.teams().stream()
                        .mapToInt(team ->
                                team.clients().shown().size() + team.clients().more())
                        .sum())
                .isEqualTo(11);
        assertThat(report(h2.database(), "t77").teams()).singleElement().satisfies(team -> {
            assertThat(team.clients().shown()).hasSize(100);
            assertThat(team.clients().more()).isZero();
        });
    }

    @Test
    void showsEveryTeamAndEveryClientOnOnePage() throws Exception {
        var clients = IntStream.range(0, 1_201)
                .mapToObj(i -> client("c" + i, i % 100 == 0 ? "" : "'teams': ['big'], "))
                .collect(Collectors.joining(", "));
        var teams = IntStream.range(0, 119)
                .mapToObj(i -> ", {'name': 't" + i + "'}")
                .collect(Collectors.joining());
        write("'teams': [{'name': 'big', " + BUDGET + "}" + teams + "], 'clients': [" + clients + "]");
        reserve(OWN, "client/c700/month", MONTH, 1);
        reserve(OWN, "client/c777/month", MONTH, 2);

        var names = new ArrayList<String>();
        for (int page = 1; page <= 3; page++) {
            var report = report(h2.database(), new BudgetQuery("", "", page));
            assertThat(report.query().page()).isEqualTo(page);
            assertThat(report.pages()).isEqualTo(3);
            assertThat(report.moreTeams()).isEqualTo(Math.max(0, 121 - page * 50));
            report.teams().forEach(team -> names.add(team.name()));
        }
        assertThat(names).hasSize(121).doesNotHaveDuplicates().startsWith("big", "");

        var keys = new ArrayList<String>();
        for (int page = 1; page <= 3; page++) {
            var report = report(h2.database(), new BudgetQuery("", "big", page));
            assertThat(report.pages()).isEqualTo(3);
            assertThat(report.teams()).singleElement().satisfies(team -> {
                assertThat(team.budgets()).hasSize(1);
                keys.addAll(keys(team.clients()));
                assertThat(team.clients().more()).isEqualTo(1_188 - keys.size());
            });
        }
        assertThat(keys).hasSize(1_188).doesNotHaveDuplicates().startsWith("client/c777/month");
        var without = report(h2.database(), new BudgetQuery("", BudgetQuery.NO_TEAM, 1));
        assertThat(without.teams())
                .singleElement()
                .satisfies(team -> assertThat(keys(team.clients())).hasSize(13).startsWith("client/c700/month"));
        var found = report(h2.database(), new BudgetQuery("C77", "big", 999_999));
        assertThat(found.query().page()).as("the last one").isEqualTo(1);
        assertThat(keys(found.teams().get(0).clients())).hasSize(11);
        assertThat(report(h2.database(), new BudgetQuery("", "none", 2)).teams())
                .isEmpty();
    }

    @Test
    void readsNoMoreBudgetsThanItMay() throws Exception {
        var five = List.of("hour", "day", "week", "month", "lifetime").stream()
                .map(period -> "{'amount': '1', 'period': '" + period + "'}")
                .collect(Collectors.joining(", "));
        var clients = IntStream.range(0, 10_001)
                .mapToObj(i -> "{'name': 'c" + i + "', 'kind': 'person', 'budgets': [" + five + "]}")
                .collect(Collectors.joining(", "));
        write("'organization': {" + BUDGET + "}, 'clients': [" + clients + "]");
        reserve(OWN, "organization/month", MONTH, 7);

        var report = report(h2.database(), "");

        assertThat(report.unread()).isEqualTo(6);
        assertThat(report.organization().get(0).amounts()).contains(new Amounts(CAP, 0, 0, 7, 0));
        assertThat(report.teams().get(0).clients().more()).isEqualTo(50_005 - BudgetReports.MOST_CLIENT_LINES);
    }

    @Test
    void showsTheFullestSessionsOfThisNode() throws Exception {
        write("'sessions': {" + BUDGET + "}, 'clients': [" + client("ada", "") + "]");
        var lines = new ArrayList<BudgetLine>();
        for (int i = 0; i < 30; i++) {
            lines.add(session("s" + i, i));
        }
        used = lines;
        reserve(OTHER, "session/ada/s4/month", MONTH, 500);

        var sessions = report(h2.database(), "").sessions();

        assertThat(keys(sessions)).hasSize(20).startsWith("session/ada/s4/month", "session/ada/s29/month");
        assertThat(sessions.more()).isEqualTo(10);
        assertThat(sessions.shown().get(0).amounts()).contains(new Amounts(CAP, 0, 0, 500, 0));
    }

    @Test
    void showsWhatThisNodeKnowsWhereTheDatabaseCannotBeRead() throws Exception {
        write("'clients': [" + client("ada", "") + ", " + client("bob", "") + "]");
        var known = new Amounts(CAP, 400, 0, 30, 2);
        used = List.of(new BudgetLine(budget(BudgetScope.CLIENT, "ada"), terms().windowAt(NOW), Optional.of(known)));
        var broken = new JdbcDataSource();
        broken.setURL("jdbc:h2:tcp://127.0.0.1:1/nowhere");

        var report = report(broken, "");

        assertThat(report.databaseRead()).isFalse();
        assertThat(report.teams().get(0).clients().shown())
                .extracting(BudgetLine::amounts)
                .containsExactly(Optional.of(known), Optional.empty());
        assertThat(report.waiting()).hasSize(1);
        assertThat(report.events()).hasSize(1);
    }

    @Test
    void asksTheDatabaseOnceForAWhile() throws Exception {
        write("'clients': [" + client("ada", "") + "]");
        var reports = open(h2.database());
        assertThat(reserved(reports)).isZero();
        reserve(OWN, "client/ada/month", MONTH, 5);
        assertThat(reserved(reports)).isZero();
        nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(reserved(reports)).isEqualTo(5);
    }

    @Test
    void showsWhatOtherNodesWaitFor() throws Exception {
        write("'clients': [" + client("ada", "") + "]");
        var leases = new DatabaseLeases(h2.database());
        leases.beat(OTHER, "other-node");
        leases.reserve(OTHER, List.of(request("client/ada/month", MONTH, 0, 5000, new Line(5000, 700))));

        var report = report(h2.database(), "");

        assertThat(report.nodes()).singleElement().satisfies(wait -> {
            assertThat(wait.node()).isEqualTo("other-node");
            assertThat(wait.key().budget()).isEqualTo("client/ada/month");
            assertThat(wait.waited())
                    .hasValueSatisfying(waited -> assertThat(waited).isPositive());
        });
        assertThat(report.moreNodes()).isFalse();
    }

    @Test
    void reportsNothingAfterItsEnd() throws Exception {
        var reports = open(h2.database());
        reports.close();
        assertThat(reports.report(BudgetQuery.ALL).get(20, TimeUnit.SECONDS)).isEmpty();
    }

    private long reserved(BudgetReports reports) throws Exception {
        var report = reports.report(BudgetQuery.ALL).get(20, TimeUnit.SECONDS).orElseThrow();
        return report.teams()
                .get(0)
                .clients()
                .shown()
                .get(0)
                .amounts()
                .map(Amounts::reserved)
                .orElse(0L);
    }

    private BudgetReport report(DataSource source, String part) throws Exception {
        return report(source, new BudgetQuery(part, "", 1));
    }

    private BudgetReport report(DataSource source, BudgetQuery query) throws Exception {
        return open(source).report(query).get(50, TimeUnit.SECONDS).orElseThrow();
    }

    private BudgetReports open(DataSource source) {
        var waiting =
                new WaitingRequest("ada", List.of("client/ada/month"), WaitingRequest.Why.RUNNING, 5, Duration.ZERO);
        var event = new BudgetEvent(NOW, "ada", "m", List.of("client/ada/month"), BudgetEvent.What.CUT, 1);
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

    private static BudgetLine session(String name, long reserved) {
        return new BudgetLine(
                budget(BudgetScope.SESSION, "ada/" + name),
                terms().windowAt(NOW),
                Optional.of(new Amounts(CAP, 0, 0, reserved, 0)));
    }

    private static Budget budget(BudgetScope scope, String name) {
        return new Budget(scope, name, terms());
    }

    private static BudgetTerms terms() {
        return new BudgetTerms(CAP, Period.MONTH, ZoneOffset.UTC, BudgetMode.ENFORCE, OnExhausted.CUT);
    }
}
