package dev.warder.ledger;

import dev.warder.database.DatabaseSettings;
import dev.warder.http.Call;
import dev.warder.http.Dialect;
import dev.warder.http.RequestHints;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.ledger.store.Charged;
import dev.warder.ledger.store.Intent;
import dev.warder.ledger.store.LedgerEnvironment;
import dev.warder.record.CompletedRequest;
import dev.warder.record.CompletedRequest.ConversationIds;
import dev.warder.record.RequestEnd;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import dev.warder.usage.UsageRow;
import dev.warder.usage.UsageRow.UsageCost;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A ledger in an H2 in memory with a day that a team of developers might have had, always the same. */
public final class SampleLedger {
    private static final List<String> CLIENTS =
            List.of("build", "editor", "research", "ci-nightly", "review", "training");
    private static final List<String> MODELS = List.of("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-4-5");
    private static final List<String> CLASSES = List.of("main", "subagent", "auxiliary");
    private static final List<Integer> NANOS_A_TOKEN = List.of(4000, 2000, 1000);
    private static final long SEED = 2026;

    private final Random random = new Random(SEED);
    private final List<Intent.Settled> rows = new ArrayList<>();
    private final AtomicReference<Instant> clock;
    private final LedgerParts parts;
    private final LedgerEnvironment around;
    private final DatabaseStore store;

    private SampleLedger(Instant now) {
        clock = new AtomicReference<>(now);
        around = new LedgerEnvironment(Thread::new, clock::get, System::nanoTime);
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        var place = new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        parts = LedgerParts.inDatabase(new LedgerSettings(Duration.ofDays(400)), place, source, around);
        store = new DatabaseStore(source, parts.node());
    }

    /** A ledger without a sample in this database, whose journal is in this folder, if there is one; it is not started. */
    public static Ledger in(DataSource source, Duration kept, Optional<Path> folder) {
        var place = new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.empty(), folder);
        return Ledger.of(new LedgerSettings(kept), place, Optional.of(source), Thread::new, Charged.Lookup.NONE)
                .orElseThrow();
    }

    /** The ledger as it is at this time; it is not started. */
    public static Ledger at(Instant now) throws Exception {
        var sample = new SampleLedger(now);
        sample.fill(now);
        return new Ledger(sample.parts, sample.around, Charged.Lookup.NONE);
    }

    /** The ledger with a single row, whose texts are all the same. */
    public static Ledger with(Instant now, String text) throws Exception {
        var sample = new SampleLedger(now);
        sample.clock.set(now);
        sample.parts.rollup().add(request(RequestEnd.OK, 3, 400));
        sample.rows.add(sample.row(now, text, text, text, 4000, 3000));
        sample.store.store(sample.rows);
        return new Ledger(sample.parts, sample.around, Charged.Lookup.NONE);
    }

    private void fill(Instant now) throws Exception {
        for (int minute = 24 * 60; minute >= 0; minute--) {
            var time = now.minus(Duration.ofMinutes(minute));
            clock.set(time);
            double busy = 1.2 + Math.sin(minute / 160.0) + Math.sin(minute / 7.0) / 3;
            int requests = (int) Math.max(0, Math.round(busy * 3 + random.nextGaussian()));
            for (int i = 0; i < requests; i++) {
                add(time);
            }
        }
        clock.set(now);
        store.store(rows);
    }

    private void add(Instant time) {
        int kind = random.nextInt(100);
        if (kind < 4) {
            parts.rollup().add(request(kind < 3 ? RequestEnd.REFUSED : RequestEnd.UPSTREAM_LOST, 0, 0));
            return;
        }
        double firstByte = 600 * Math.exp(random.nextGaussian() * 0.8);
        double added = 0.6 * Math.exp(Math.abs(random.nextGaussian()) * 0.9);
        parts.rollup().add(request(RequestEnd.OK, added, firstByte));
        int model = Math.min(2, (int) Math.abs(random.nextGaussian() * 1.2));
        int client = Math.min(CLIENTS.size() - 1, (int) Math.abs(random.nextGaussian() * 2));
        String name = CLIENTS.get(client) + random.nextInt(2);
        String session =
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        rows.add(row(time, CLIENTS.get(client), MODELS.get(model), session, NANOS_A_TOKEN.get(model), (int)
                (18_000 * Math.exp(random.nextGaussian() * 0.6))));
    }

    private Intent.Settled row(Instant time, String client, String model, String session, long price, int prompt) {
        long output = 200L + random.nextInt(900);
        long input = prompt / 20;
        long write = prompt / 9;
        long nanos = price * (input + write + output * 5) + price * prompt / 20;
        var row = Rows.row(UUID.randomUUID(), 0, time, model);
        return Rows.settled(new UsageRow(
                row.key(),
                time.minusSeconds(9),
                time,
                new UsageRow.Caller(
                        "req",
                        Optional.of(client),
                        Optional.of(session),
                        Optional.empty(),
                        Dialect.ANTHROPIC,
                        Optional.empty(),
                        new RequestHints(
                                Optional.of(CLASSES.get(Math.max(0, MODELS.indexOf(model)))),
                                Optional.of(session),
                                Optional.of(session))),
                new UsageRow.Models(Optional.of(model), Optional.of(model), Optional.of(model)),
                new UsageRow.Upstream("team", "api-key", Optional.empty(), OptionalInt.of(200), UsageRow.End.COMPLETE),
                new UsageRow.Consumption(
                        new UsageCounts(input, new CacheWrites(write, write / 6), prompt, output, 0, 0, 0),
                        Tier.STANDARD,
                        Speed.STANDARD,
                        Optional.empty(),
                        Optional.of("end_turn")),
                new UsageCost(
                        "v1",
                        BigDecimal.valueOf(nanos, 9),
                        nanos,
                        false,
                        !client.equals("review"),
                        UsageRow.Basis.REPORTED),
                new UsageRow.Times(Optional.of(Duration.ofMillis(600)), Duration.ofSeconds(9))));
    }

    static CompletedRequest request(RequestEnd end, double addedMillis, double firstByteMillis) {
        return new CompletedRequest(
                new Call("req", "POST", new RequestTarget("/v1/messages", Optional.empty()), Route.MESSAGES),
                "/v1/messages",
                Optional.of("build"),
                Optional.empty(),
                Optional.empty(),
                ConversationIds.UNKNOWN,
                List.of(),
                OptionalInt.of(200),
                1,
                2,
                time(firstByteMillis),
                time(addedMillis),
                Duration.ofSeconds(3),
                end,
                Optional.empty());
    }

    private static Optional<Duration> time(double millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(Math.round(millis * 1e6)));
    }
}
