package dev.warder.usage;

import dev.warder.http.Dialect;
import dev.warder.http.RequestHints;
import dev.warder.json.BodyCosts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.LongSupplier;

/** Makes the usage of tries for tests, with the shipped prices and a factor of 0.76 for the credential {@code cheap}. */
public final class Usages {
    static final Instant ADMITTED = Instant.parse("2026-11-21T00:00:00Z");

    private Usages() {}

    /** A recorder whose time of day is fixed. */
    public static RequestUsage.Recorder recorder(Instant now, LongSupplier nanoTime) {
        var clock = InstantSource.fixed(now);
        return new RequestUsage.Recorder(
                Rows.shipped("cheap=0.76"),
                new MessageThreads(),
                UnknownMembers.UNLIMITED,
                new TryIds(clock, new Random(1)),
                OutputRate.DEFAULT,
                clock,
                nanoTime);
    }

    /** The usage of a request that is admitted. */
    public static RequestUsage begun(Optional<String> client) {
        return recorder(ADMITTED, () -> 0).admitted(facts(), client, Optional.empty());
    }

    /** A try of a request about which nothing more is known. */
    public static TryUsage newTry() {
        return begun(Optional.of("ci")).newTry("primary");
    }

    /** A body of 1,000 bytes that asks for 4,096 tokens at most. */
    static RequestUsage.Facts facts() {
        return facts(OptionalLong.of(1_000), OptionalLong.of(4_096), false);
    }

    static RequestUsage.Facts facts(OptionalLong length, OptionalLong maxTokens, boolean own) {
        return new RequestUsage.Facts(
                "req_1",
                Dialect.ANTHROPIC,
                Optional.of("session"),
                Optional.of("agent"),
                RequestHints.NONE,
                Optional.of("opus"),
                Optional.of("claude-opus-5-5"),
                length,
                maxTokens,
                BodyCosts.NONE,
                own,
                Optional.empty(),
                Optional.empty(),
                () -> 0);
    }

    static RequestUsage.Facts facts(UsageBounds bounds) {
        return facts(BodyCosts.NONE, Optional.of(bounds));
    }

    static RequestUsage.Facts facts(BodyCosts costs) {
        return facts(costs, Optional.empty());
    }

    private static RequestUsage.Facts facts(BodyCosts costs, Optional<UsageBounds> bounds) {
        return facts(costs, bounds, 0);
    }

    /** @param held nano-dollars that budgets hold */
    static RequestUsage.Facts facts(BodyCosts costs, Optional<UsageBounds> bounds, long held) {
        var known = facts();
        return new RequestUsage.Facts(
                known.id(),
                known.dialect(),
                known.session(),
                known.agent(),
                known.hints(),
                known.asked(),
                known.sent(),
                known.length(),
                known.maxTokens(),
                costs,
                false,
                known.admitted(),
                bounds,
                () -> held);
    }

    static TryUsage.Result result(UsageRow.End end) {
        return result("primary", OptionalInt.of(200), end, true, Duration.ZERO);
    }

    static TryUsage.Result result(
            String credential, OptionalInt status, UsageRow.End end, boolean sent, Duration time) {
        return new TryUsage.Result(
                new UsageRow.Upstream(credential, "api-key", Optional.of("req_up"), status, end),
                sent,
                1_000,
                new UsageRow.Times(Optional.empty(), time));
    }

    /** Reads a whole document. */
    public static void read(TryUsage usage, String document) {
        var reader = new UsageReader(usage, false, "", () -> {});
        reader.read(document.getBytes(StandardCharsets.UTF_8));
        reader.end();
    }
}
