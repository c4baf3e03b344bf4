package dev.warder.whatif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.warder.http.Dialect;
import dev.warder.ledger.Rows;
import dev.warder.ledger.jdbc.DatabaseStore;
import dev.warder.policy.Period;
import dev.warder.policy.Policy;
import dev.warder.policy.reading.LivePolicy;
import dev.warder.testkit.H2Memory;
import dev.warder.usage.UsageCost;
import dev.warder.usage.UsageRow;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Trials of budgets on rows of a ledger. */
class TrialsTest {
    private static final long DOLLAR = 1_000_000_000;
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final String POLICY =
            """
            {"version": 1, "teams": [{"name": "blue"}, {"name": "red"}],
             "organization": {"budgets": [{"amount": "9000", "period": "month"}]},
             "clients": [{"name": "ada", "kind": "person", "teams": ["red", "blue"], "payer": "blue"},
                         {"name": "bob", "kind": "person", "teams": ["blue"]},
                         {"name": "eve", "kind": "person"}]}
            """;

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final AtomicLong nanos = new AtomicLong();
    private Optional<Trials> opened = Optional.empty();

    @BeforeEach
    void open() throws Exception {
        var live = new LivePolicy(Optional.empty(), LivePolicy.Sources.FILE);
        live.accept(POLICY.getBytes(StandardCharsets.UTF_8));
        Supplier<Policy> policy = live::current;
        opened = Optional.of(new Trials(
                Optional.of(policy), h2.database(), Duration.ofDays(400), Thread::new, () -> NOW, nanos::get));
    }

    @AfterEach
    void close() {
        opened.ifPresent(Trials::close);
    }

    private static UsageRow row(String client, String ended, long nanos, boolean billed) {
        return row(client, "claude-x", ended, nanos, billed);
    }

    private static UsageRow row(String client, String model, String ended, long nanos, boolean billed) {
        var row = Rows.row();
        var caller =
                new UsageRow.Caller("req", Optional.of(client), Optional.empty(), Optional.empty(), Dialect.ANTHROPIC);
        return new UsageRow(
                row.key(),
                Instant.parse(ended),
                Instant.parse(ended),
                caller,
                new UsageRow.Models(Optional.empty(), Optional.empty(), Optional.of(model)),
                row.upstream(),
                row.consumption(),
                new UsageCost("v1", BigDecimal.valueOf(nanos, 9), nanos, false, billed, UsageCost.Basis.REPORTED),
                row.times());
    }

    private void write(UsageRow... rows) throws Exception {
        new DatabaseStore(h2.database(), "node", "run").store(List.of(Rows.settled(rows)));
    }

    private TrialResult run(TrialScope scope, String name, long nanos, Period period) {
        return run(new Trial(scope, name, nanos, period, UTC, OCTOBER));
    }

    private TrialResult run(Trial trial) {
        return opened.orElseThrow().run(trial).orElseThrow().join();
    }

    /** Three dollars in two days, with a request of one dollar in the month before and one that the client pays itself. */
    private void threeDollars() throws Exception {
        write(
                row("ada", "2026-09-30T23:59:59Z", DOLLAR, true),
                row("ada", "2026-10-01T00:00:00Z", DOLLAR, true),
                row("ada", "2026-10-01T05:10:00Z", DOLLAR / 2, true),
                row("ada", "2026-10-01T05:20:00Z", DOLLAR / 2, true),
                row("ada", "2026-10-01T05:30:00Z", 7 * DOLLAR, false),
                row("ada", "2026-10-31T23:00:00Z", DOLLAR, true));
    }

    @Test
    void refusesWhatIsAboveTheAmountInEachWindow() throws Exception {
        threeDollars();
        var result = run(TrialScope.CLIENT, "ada", DOLLAR + DOLLAR / 2, Period.DAY);
        assertThat(result.upTo()).isEmpty();
        assertThat(result.all().spent()).isEqualTo(3 * DOLLAR);
        assertThat(result.all().refused()).isEqualTo(DOLLAR / 2);
        assertThat(result.all().windows()).isEqualTo(2);
        assertThat(result.windows()).singleElement().satisfies(window -> {
            assertThat(window.window().start()).isEqualTo("2026-10-01T00:00:00Z");
            assertThat(window.at()).isEqualTo("2026-10-01T05:00:00Z");
            assertThat(window.spent()).isEqualTo(2 * DOLLAR);
            assertThat(window.refused()).isEqualTo(DOLLAR / 2);
        });
        assertThat(run(TrialScope.CLIENT, "ada", 3 * DOLLAR, Period.MONTH).windows())
                .as("what is spent exactly is not exceeded")
                .isEmpty();
        assertThat(run(TrialScope.CLIENT, "ada", 0, Period.MONTH).all().refused())
                .isEqualTo(3 * DOLLAR);
        assertThat(run(TrialScope.CLIENT, "bob", 0, Period.MONTH).owners()).isEmpty();
    }

    /** The dear request and the cheap ones are of one hour, whatever the order in which the database has their models. */
    @Test
    void refusesRequestsInTheProportionOfTheCostOfAnHour() throws Exception {
        for (var dear : List.of("a", "z")) {
            var rows = new ArrayList<UsageRow>();
            String day = dear.equals("a") ? "2026-10-07" : "2026-10-08";
            rows.add(row("ada", dear, day + "T10:00:00Z", 10 * DOLLAR, true));
            for (int i = 0; i < 100; i++) {
                rows.add(row("ada", "m", day + "T10:30:00Z", DOLLAR / 100, true));
            }
            write(rows.toArray(UsageRow[]::new));
        }
        var result = run(TrialScope.CLIENT, "ada", 10 * DOLLAR, Period.DAY);
        assertThat(result.windows()).hasSize(2).allSatisfy(window -> {
            assertThat(window.refused()).isEqualTo(DOLLAR);
            assertThat(window.refusedRequests()).as("101 / 11, rounded up").isEqualTo(10);
        });
    }

    @Test
    void reportsWhatTheLedgerNoLongerHas() throws Exception {
        threeDollars();
        try (var trials =
                new Trials(Optional.empty(), h2.database(), Duration.ofDays(30), Thread::new, () -> NOW, nanos::get)) {
            var trial = new Trial(TrialScope.CLIENT, "ada", 0, Period.MONTH, UTC, OCTOBER);
            assertThat(trials.run(trial).orElseThrow().join().since()).hasValue(NOW.minus(Duration.ofDays(30)));
        }
        assertThat(run(TrialScope.CLIENT, "ada", 0, Period.MONTH).since()).isEmpty();
    }

    @Test
    void givesUpAfterTwentySeconds() throws Exception {
        threeDollars();
        try (var trials = new Trials(
                Optional.empty(),
                h2.database(),
                Duration.ofDays(400),
                Thread::new,
                () -> NOW,
                () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()))) {
            var trial = new Trial(TrialScope.CLIENT, "ada", 0, Period.MONTH, UTC, OCTOBER);
            assertThatThrownBy(() -> trials.run(trial).orElseThrow().join())
                    .hasCauseInstanceOf(SQLTimeoutException.class);
        }
    }

    /** In Auckland the month began 13 hours earlier, and so did each day. */
    @Test
    void followsTheCalendarOfTheZone() throws Exception {
        threeDollars();
        var trial = new Trial(TrialScope.CLIENT, "ada", DOLLAR, Period.MONTH, ZoneId.of("Pacific/Auckland"), OCTOBER);
        var result = run(trial);
        assertThat(result.all().spent())
                .as("with the last hour of September, without the last one of October")
                .isEqualTo(3 * DOLLAR);
        assertThat(result.windows())
                .singleElement()
                .satisfies(window -> assertThat(window.window().start()).isEqualTo("2026-09-30T11:00:00Z"));
        assertThat(run(TrialScope.CLIENT, "ada", 0, Period.WEEK).all().spent())
                .as("whole weeks, from Monday, September 28")
                .isEqualTo(4 * DOLLAR);
    }

    @Test
    void addsTheClientsOfATeamByItsPayer() throws Exception {
        write(
                row("ada", "2026-10-05T10:00:00Z", DOLLAR, true),
                row("bob", "2026-10-05T11:00:00Z", 2 * DOLLAR, true),
                row("eve", "2026-10-05T12:00:00Z", 4 * DOLLAR, true));
        assertThat(run(TrialScope.TEAM, "blue", DOLLAR, Period.MONTH).all().refused())
                .isEqualTo(2 * DOLLAR);
        assertThat(run(TrialScope.TEAM, "red", DOLLAR, Period.MONTH).owners()).isEmpty();
        var teams = run(TrialScope.EACH_TEAM, "", DOLLAR, Period.MONTH);
        assertThat(teams.owners()).extracting(TrialOwner::name).containsExactly("blue");
        assertThat(teams.affected()).isEqualTo(1);
        assertThat(run(TrialScope.ORGANIZATION, "", DOLLAR, Period.MONTH).all().refused())
                .isEqualTo(6 * DOLLAR);
        var clients = run(TrialScope.EACH_CLIENT, "", DOLLAR, Period.MONTH);
        assertThat(clients.owners())
                .as("the one with the most refused first")
                .extracting(TrialOwner::name)
                .containsExactly("eve", "bob", "ada");
        assertThat(clients.affected()).isEqualTo(2);
        assertThat(clients.windows()).isEmpty();
        assertThat(clients.all().refused()).isEqualTo(4 * DOLLAR);
    }

    @Test
    void endsNowInAMonthThatIsNotOver() throws Exception {
        write(row("ada", "2026-11-26T11:00:00Z", DOLLAR, true));
        var result = run(new Trial(TrialScope.CLIENT, "ada", 0, Period.DAY, UTC, YearMonth.of(2026, 11)));
        assertThat(result.upTo()).hasValue(NOW);
        assertThat(result.all().refused()).isEqualTo(DOLLAR);
        assertThat(run(new Trial(TrialScope.CLIENT, "ada", 0, Period.DAY, UTC, YearMonth.of(2031, 1)))
                        .owners())
                .isEmpty();
    }

    /** The refused amount of each window is what was spent in it above the amount, in whatever order. */
    @Test
    void refusesWhatAPlainSumRefuses() throws Exception {
        var random = new Random(11);
        var rows = new ArrayList<UsageRow>();
        var spent = new HashMap<String, Long>();
        for (int i = 0; i < 2000; i++) {
            String client = "client-" + random.nextInt(7);
            var ended = Instant.parse("2026-10-01T00:00:00Z").plusSeconds(random.nextInt(31 * 86_400));
            long nanos = 1 + random.nextLong(DOLLAR);
            rows.add(row(client, ended.toString(), nanos, true));
            spent.merge(client + ended.toString().substring(0, 10), nanos, Long::sum);
        }
        write(rows.toArray(UsageRow[]::new));
        long cap = 4 * DOLLAR;
        long expected = spent.values().stream()
                .mapToLong(each -> Math.max(0, each - cap))
                .sum();
        var result = run(TrialScope.EACH_CLIENT, "", cap, Period.DAY);
        assertThat(result.all().refused()).isEqualTo(expected).isPositive();
        assertThat(result.all().requests()).isEqualTo(2000);
        assertThat(result.all().windows()).isEqualTo(spent.size());
        assertThat(result.all().reached()).isEqualTo((int)
                spent.values().stream().filter(each -> each > cap).count());
        double share = (double) result.all().refusedRequests() / 2000;
        assertThat(share).isCloseTo((double) expected / result.all().spent(), within(0.05));
    }

    @Test
    void refusesMoreTrialsThanItsPlaces() {
        var trials = opened.orElseThrow();
        var trial = new Trial(TrialScope.ORGANIZATION, "", 0, Period.HOUR, UTC, OCTOBER);
        var all = new ArrayList<Object>();
        for (int i = 0; i < 200; i++) {
            all.add(trials.run(trial));
        }
        assertThat(all).contains(Optional.empty());
    }
}
