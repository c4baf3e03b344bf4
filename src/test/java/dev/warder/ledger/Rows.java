package dev.warder.ledger;

import dev.warder.auth.Client;
import dev.warder.auth.Inquiry;
import dev.warder.http.Call;
import dev.warder.http.Dialect;
import dev.warder.http.RequestHints;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.HeldAmount;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.PeriodKey;
import dev.warder.record.CompletedRequest;
import dev.warder.record.CompletedRequest.CompletedTry;
import dev.warder.record.CompletedRequest.ConversationIds;
import dev.warder.record.RequestEnd;
import dev.warder.record.UsedCredential;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.TryIds;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import dev.warder.usage.UsageRow;
import dev.warder.usage.UsageRow.Caller;
import dev.warder.usage.UsageRow.Consumption;
import dev.warder.usage.UsageRow.Models;
import dev.warder.usage.UsageRow.UsageCost;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** Rows for tests. */
public final class Rows {
    public static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123Z");
    private static final TryIds IDS = new TryIds(() -> NOON, new Random(7));

    private Rows() {}

    public static UUID id() {
        synchronized (IDS) {
            return IDS.next();
        }
    }

    public static UsageRow row() {
        return row(id(), 0, NOON, "claude-x");
    }

    public static UsageRow row(UUID id, int part, Instant ended, String model) {
        return new UsageRow(
                new UsageRow.Key(id, part),
                ended.minusSeconds(2),
                ended,
                new Caller("req-1", Optional.of("build"), Optional.of("session"), Optional.empty(), Dialect.OPENAI),
                new Models(Optional.of(model), Optional.of("sent"), Optional.empty()),
                new UsageRow.Upstream(
                        "main", "api-key", Optional.of("req_up"), OptionalInt.of(200), UsageRow.End.COMPLETE),
                new Consumption(
                        new UsageCounts(1, new CacheWrites(2, 3), 4, 5, 1, 6, 7),
                        Tier.PRIORITY,
                        Speed.FAST,
                        Optional.of("us"),
                        Optional.of("end_turn")),
                new UsageCost("v1", new BigDecimal("0.000000123456789"), 124, true, false, UsageRow.Basis.REPORTED),
                new UsageRow.Times(Optional.of(Duration.ofMillis(90)), Duration.ofMillis(1500)));
    }

    /** The same row with other parts. */
    public static UsageRow with(UsageRow row, Caller caller, Models models, Consumption consumption, UsageCost cost) {
        return new UsageRow(
                row.key(), row.admitted(), row.ended(), caller, models, row.upstream(), consumption, cost, row.times());
    }

    /** A row of a request that consumed this, whose response named this model. */
    public static UsageRow answered(String model, UsageCounts counts) {
        var row = consuming(counts);
        var models = new Models(row.models().asked(), row.models().sent(), Optional.of(model));
        return with(row, row.caller(), models, row.consumption(), row.cost());
    }

    /** The same row of a client that this team pays for. */
    public static UsageRow of(String team, UsageRow row) {
        var its = row.caller();
        var caller = new Caller(
                its.requestId(),
                its.client(),
                its.session(),
                its.agent(),
                its.dialect(),
                Optional.of(team),
                its.hints());
        return with(row, caller, row.models(), row.consumption(), row.cost());
    }

    /** The same row of a request with these hints. */
    public static UsageRow hinted(RequestHints hints, UsageRow row) {
        var its = row.caller();
        var caller =
                new Caller(its.requestId(), its.client(), its.session(), its.agent(), its.dialect(), its.team(), hints);
        return with(row, caller, row.models(), row.consumption(), row.cost());
    }

    /** The statement by which a version without hints inserts a row of {@code build} that cost 1.23 dollars. */
    public static String insertOfEarlierVersion() {
        return """
                INSERT INTO warder_ledger (try_id, part, request_id, admitted_at, ended_at, client, ended_as, input_tokens,
                    write_5m_tokens, write_1h_tokens, read_tokens, output_tokens, thinking_tokens, web_searches,
                    web_fetches, price_assumed, billed, basis, cost_usd, cost_nanos, duration_ms, node)
                VALUES ('%s', 0, 'req-1', TIMESTAMP WITH TIME ZONE '2026-11-22 12:00:00+00',
                    TIMESTAMP WITH TIME ZONE '2026-11-22 12:00:02+00', 'build', 'complete', 1, 2, 3, 4, 5, 1, 0, 0, FALSE,
                    TRUE, 'reported', 1.23, 1230000000, 2000, 'earlier')
                """
                .formatted(id());
    }

    /** A row that cost this much. */
    public static UsageRow costing(long nanos, boolean billed) {
        var row = row();
        return with(row, row.caller(), row.models(), row.consumption(), cost(nanos, billed));
    }

    /** This much, as reported. */
    public static UsageCost cost(long nanos, boolean billed) {
        return new UsageCost("v1", BigDecimal.valueOf(nanos, 9), nanos, false, billed, UsageRow.Basis.REPORTED);
    }

    /** A row of a request that consumed this. */
    public static UsageRow consuming(UsageCounts counts) {
        var row = row();
        var its = row.consumption();
        var consumption = new Consumption(counts, its.tier(), its.speed(), its.geo(), its.stopReason());
        return with(row, row.caller(), row.models(), consumption, row.cost());
    }

    /** A row with a new id of its own, whatever process makes it. */
    public static UsageRow ofRequest(String request) {
        var row = row(UUID.randomUUID(), 0, NOON, "claude-x");
        return with(row, caller(request, Optional.empty()), row.models(), row.consumption(), row.cost());
    }

    /** Without a session. */
    public static Caller caller(String request, Optional<String> client) {
        return new Caller(request, client, Optional.empty(), Optional.empty(), Dialect.OPENAI);
    }

    /** A request that has ended with these rows. */
    public static CompletedRequest completed(String id, UsageRow... rows) {
        var only = new CompletedTry(
                new UsedCredential("main", "api-key"),
                OptionalInt.of(200),
                CompletedTry.Outcome.RESPONDED,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(1),
                List.of(rows));
        return completed(id, List.of(only), Optional.empty());
    }

    /** A request that has ended. */
    public static CompletedRequest completed(String id, List<CompletedTry> tries, Optional<Duration> addedLatency) {
        return completed(id, Route.MESSAGES, tries, Optional.empty(), addedLatency);
    }

    /** A request of this route that has ended without a try. */
    public static CompletedRequest completed(Route route, Optional<Duration> firstByte) {
        return completed("req-1", route, List.of(), firstByte, Optional.empty());
    }

    private static CompletedRequest completed(
            String id,
            Route route,
            List<CompletedTry> tries,
            Optional<Duration> firstByte,
            Optional<Duration> addedLatency) {
        return new CompletedRequest(
                new Call(id, "POST", new RequestTarget("/v1/messages", Optional.empty()), route),
                "/v1/messages",
                Optional.of("build"),
                Optional.empty(),
                Optional.empty(),
                ConversationIds.UNKNOWN,
                tries,
                OptionalInt.of(200),
                1,
                2,
                firstByte,
                addedLatency,
                Duration.ofSeconds(1),
                RequestEnd.OK,
                Optional.empty());
    }

    /** A request of a client named build, without a body. */
    public static Inquiry inquiry(String id, String method, String path) {
        return new Inquiry(
                new Call(id, method, new RequestTarget(path, Optional.empty()), Route.of(path)),
                new Client("build", Set.of(), List.of()),
                false,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    public static Intent.Settled settled(UsageRow... rows) {
        return Intent.Settled.of(Optional.empty(), List.of(rows), Optional.empty());
    }

    /** An intent that has ended with rows whose ids are their own. */
    public static Intent.Settled settled(Intent intent, UsageRow... rows) {
        return new Intent.Settled(Optional.of(intent.id()), settled(rows).rows(), Optional.empty());
    }

    public static Intent intent() {
        return intent("claude-y");
    }

    public static Intent intent(String model) {
        return new Intent(
                id(),
                NOON,
                new Caller("req-2", Optional.of("editor"), Optional.empty(), Optional.empty(), Dialect.ANTHROPIC),
                Optional.of(model),
                Optional.empty());
    }

    /** What a run of its own is charged with. */
    public static Charged charged(String... budgets) {
        return new Charged(
                id(),
                Arrays.stream(budgets)
                        .map(budget -> new PeriodKey(budget, NOON))
                        .toList());
    }

    /** An intent that holds this much of each of these budgets. */
    public static Intent holding(Intent intent, Charged charged, long nanos) {
        return new Intent(
                intent.id(),
                intent.admitted(),
                intent.caller(),
                intent.model(),
                Optional.of(new HeldAmount(charged, nanos)));
    }
}
