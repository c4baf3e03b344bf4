package dev.warder.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.RequestHints;
import dev.warder.json.BodyCosts;
import dev.warder.json.BodyCosts.BodyPrompt;
import dev.warder.json.BodyCosts.OtherModels;
import dev.warder.testkit.Messages;
import dev.warder.usage.UsageRow.Basis;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tries cost that did not end as they should, and who pays. */
class RequestUsageTest {
    private static final OptionalInt NO_STATUS = OptionalInt.empty();

    private long now;
    private RequestUsage.Facts facts = Usages.facts();

    /** The prompt of 1,000 bytes is bound to 500 tokens that are written to the cache, at 5 dollars a million. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "529, COMPLETE, true, ASSUMED, ERROR, 0",
        "401, COMPLETE, true, ASSUMED, ERROR, 0",
        "500, CUT_OFF, true, ASSUMED, CUT_OFF, 0",
        "500, CANCELLED, true, ASSUMED, CANCELLED, 0",
        ", UNANSWERED, true, ASSUMED, UNANSWERED, 0",
        ", CANCELLED, false, ASSUMED, CANCELLED, 0",
        ", UNKNOWN, false, ASSUMED, UNKNOWN, 0",
        ", CANCELLED, true, ESTIMATED, CANCELLED, 2500000",
        "200, CANCELLED, true, ESTIMATED, CANCELLED, 2500000",
        "200, COMPLETE, true, ESTIMATED, COMPLETE, 2500000",
        "200, CUT_OFF, true, ESTIMATED, CUT_OFF, 2500000"
    })
    void aTryWithoutAMessage(
            Integer status, UsageRow.End end, boolean sent, Basis basis, UsageRow.End shown, long nanos) {
        var code = status == null ? NO_STATUS : OptionalInt.of(status);
        var rows = newTry().rows(Usages.result("primary", code, end, sent, Duration.ZERO));
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.cost().basis()).isEqualTo(basis);
            assertThat(row.cost().nanos()).isEqualTo(nanos);
            assertThat(row.cost().priceAssumed()).isFalse();
            assertThat(row.upstream().end()).isEqualTo(shown);
            assertThat(row.key().part()).isZero();
        });
    }

    @Test
    void aStreamThatIsCutBeforeItsMessageCostsNothing() {
        var usage = newTry();
        read(usage, Messages.ping());
        assertThat(row(usage, UsageRow.End.CUT_OFF).cost().basis()).isEqualTo(Basis.ASSUMED);
        assertThat(row(usage, UsageRow.End.CANCELLED).cost().basis()).isEqualTo(Basis.ESTIMATED);
    }

    /** The upstream may keep the connection of a stream that has ended. */
    @Test
    void aMessageIsWholeAfterItsLastEvent() {
        var usage = newTry();
        read(usage, String.join("", Messages.stream("a")));
        assertThat(row(usage, UsageRow.End.CANCELLED).upstream().end()).isEqualTo(UsageRow.End.COMPLETE);
        assertThat(row(usage, UsageRow.End.CUT_OFF).upstream().end()).isEqualTo(UsageRow.End.COMPLETE);
        var half = newTry();
        read(half, Messages.start());
        assertThat(row(half, UsageRow.End.CANCELLED).upstream().end()).isEqualTo(UsageRow.End.CANCELLED);
    }

    @Test
    void aBodyThatRefersToMoreIsBoundByTheLongestPrompt() {
        facts = facts(new BodyPrompt(true, false, false, false, 0, 0, 0), false, false, Optional.empty());
        assertThat(row(newTry(), UsageRow.End.CANCELLED)
                        .consumption()
                        .counts()
                        .writes()
                        .fiveMinutes())
                .isEqualTo(1_000_000);
    }

    @Test
    void aBodyThatCachesForAnHourIsBoundByThatPrice() {
        facts = facts(BodyPrompt.TEXT, true, false, Optional.empty());
        var row = row(newTry(), UsageRow.End.CANCELLED);
        assertThat(row.consumption().counts().writes().oneHour()).isEqualTo(500);
        assertThat(row.consumption().counts().writes().fiveMinutes()).isZero();
        assertThat(row.cost().nanos()).isEqualTo(4_000_000);
    }

    /** Until the response has reported the speed that was used. */
    @Test
    void aRequestForTheFastModeIsBoundByItsRateAndPrice() {
        facts = facts(BodyPrompt.TEXT, false, true, Optional.empty());
        var result = Usages.result("primary", OptionalInt.of(200), UsageRow.End.CANCELLED, true, Duration.ofSeconds(2));
        var row = newTry().rows(result).get(0);
        assertThat(row.consumption().counts().output()).isEqualTo(1_000);
        assertThat(row.consumption().speed()).isEqualTo(Speed.FAST);
        var begun = newTry();
        read(begun, Messages.start());
        assertThat(begun.rows(result).get(0).consumption().speed()).isEqualTo(Speed.STANDARD);
    }

    /** It costs a tenth more there. */
    @Test
    void aRequestForAPlaceIsBoundByItsPrice() {
        facts = facts(BodyPrompt.TEXT, true, false, Optional.of("us"));
        assertThat(row(newTry(), UsageRow.End.CANCELLED).cost().nanos()).isEqualTo(4_400_000);
    }

    /** It must not end the response. */
    @Test
    void aFaultOfTheReadingIsNotThrown() {
        var usage = newTry();
        var reader = new UsageReader(usage, true, "", () -> {
            throw new IllegalStateException("test");
        });
        reader.read(String.join("", Messages.stream("a")).getBytes(UTF_8));
        reader.end();
        assertThat(row(usage, UsageRow.End.COMPLETE).cost().basis()).isEqualTo(Basis.ESTIMATED);
        assertThat(usage.soFar().output()).as("nothing is read after the fault").isEqualTo(1);
    }

    @Test
    void aStreamThatIsCutAfterItsContentCostsWhatWasSeen() {
        var usage = newTry();
        var events = "event: message_start\ndata: {not JSON\n\n" + Messages.delta("a") + Messages.delta("b");
        read(usage, events);
        var row = row(usage, UsageRow.End.CUT_OFF);
        assertThat(row.cost().basis()).isEqualTo(Basis.ESTIMATED);
        assertThat(row.consumption().counts().output()).isEqualTo(2);
        assertThat(row.consumption().counts().prompt()).isEqualTo(500);
    }

    /** A response must not make any number of rows, each of which is stored. */
    @ParameterizedTest
    @CsvSource({"100, REPORTED", "101, ESTIMATED"})
    void atMostAHundredIterationsAreRead(int count, Basis basis) {
        var usage = newTry();
        var each = IntStream.range(0, count)
                .mapToObj(i -> "{\"type\":\"advisor\",\"model\":\"m" + i + "\",\"output_tokens\":1}")
                .collect(Collectors.joining(","));
        document(
                usage,
                "{\"model\":\"claude-opus-5-5\",\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,"
                        + "\"iterations\":[" + each + "]}}");
        var rows = usage.rows(Usages.result(UsageRow.End.COMPLETE));
        assertThat(rows).hasSize(1 + 100);
        assertThat(rows.get(0).cost().basis()).isEqualTo(basis);
    }

    @Test
    void theUpstreamsIdIsCut() {
        var result = new TryUsage.Result(
                new UsageRow.Upstream(
                        "primary",
                        "api-key",
                        Optional.of("r".repeat(1_000)),
                        OptionalInt.of(200),
                        UsageRow.End.CANCELLED),
                true,
                0,
                new UsageRow.Times(Optional.empty(), Duration.ZERO));
        assertThat(newTry().rows(result).get(0).upstream().requestId().orElseThrow())
                .hasSize(256);
    }

    /** Each event is the last one that is read. */
    @Test
    void anAbortAtEachEvent() {
        var events = (Messages.start() + Messages.delta("a") + Messages.delta("b") + Messages.end()).split("(?<=\n\n)");
        for (int read = 0; read <= events.length; read++) {
            var usage = newTry();
            var reader = new UsageReader(usage, true, "", () -> {});
            for (int i = 0; i < read; i++) {
                reader.read(events[i].getBytes(UTF_8));
            }
            reader.close();
            var row = row(usage, UsageRow.End.CANCELLED);
            // The start, the start of the block, two pieces, the end of the block, and then the last counts.
            boolean whole = read >= 6;
            assertThat(row.cost().basis()).as("after %d", read).isEqualTo(whole ? Basis.REPORTED : Basis.ESTIMATED);
            var counts = row.consumption().counts();
            assertThat(counts.output()).as("after %d", read).isEqualTo(whole ? 5 : read == 0 ? 0 : read < 4 ? 1 : 2);
            assertThat(counts.input()).as("after %d", read).isEqualTo(read == 0 ? 0 : 3);
            assertThat(counts.writes().fiveMinutes()).as("after %d", read).isEqualTo(read == 0 ? 500 : 0);
        }
    }

    /** 250 tokens a second from the start of the message on. */
    @ParameterizedTest
    @CsvSource({"0, 2", "3, 2", "1000, 250", "10000, 2500", "60000, 4096", "9999999999, 4096"})
    void theTimeBoundsWhatWasGenerated(long millis, long output) {
        var usage = newTry();
        now = TimeUnit.SECONDS.toNanos(100);
        read(usage, Messages.start() + Messages.delta("a") + Messages.delta("b"));
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        var time = Duration.ofNanos(now);
        var row = usage.rows(Usages.result("primary", OptionalInt.of(200), UsageRow.End.CANCELLED, true, time))
                .get(0);
        assertThat(row.consumption().counts().output()).isEqualTo(output);
        assertThat(row.cost().basis()).isEqualTo(Basis.ESTIMATED);
    }

    @Test
    void theTimeBoundsAWholeResponseThatNeverCame() {
        var result = Usages.result("primary", NO_STATUS, UsageRow.End.CANCELLED, true, Duration.ofSeconds(2));
        assertThat(newTry().rows(result).get(0).consumption().counts().output()).isEqualTo(500);
    }

    @Test
    void noPromptIsLongerThanItsModelAccepts() {
        facts = Usages.facts(new UsageBounds(0.25, 240, new OutputRate(100, 200)));
        var result = Usages.result("primary", NO_STATUS, UsageRow.End.CANCELLED, true, Duration.ofSeconds(2));
        assertThat(newTry().rows(result).get(0).consumption().counts().prompt()).isEqualTo(240);
    }

    @Test
    void whatWasLearnedOfEarlierRequestsIsAssumed() {
        facts = Usages.facts(new UsageBounds(0.25, 1000, new OutputRate(100, 200)));
        var result = Usages.result("primary", NO_STATUS, UsageRow.End.CANCELLED, true, Duration.ofSeconds(2));
        var counts = newTry().rows(result).get(0).consumption().counts();
        assertThat(counts.output()).isEqualTo(200);
        assertThat(counts.prompt()).isEqualTo(250);
    }

    @Test
    void aBodyThatIsNotReadIsBoundByItsBytes() {
        facts = Usages.facts(OptionalLong.empty(), OptionalLong.empty(), false);
        var row = row(newTry(), UsageRow.End.CANCELLED);
        assertThat(row.consumption().counts().writes().fiveMinutes()).isEqualTo(500);
        facts = Usages.facts(OptionalLong.of(1L << 40), OptionalLong.empty(), false);
        assertThat(row(newTry(), UsageRow.End.CANCELLED).consumption().counts().prompt())
                .isEqualTo(1_000_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyTheOperatorsCredentialIsBilledAndHasAFactor(boolean own) {
        facts = Usages.facts(OptionalLong.of(1_000), OptionalLong.empty(), own);
        var usage = newTry();
        whole(usage, "claude-opus-5-5");
        var row = usage.rows(Usages.result("cheap", OptionalInt.of(200), UsageRow.End.COMPLETE, true, Duration.ZERO))
                .get(0);
        assertThat(row.cost().billed()).isEqualTo(!own);
        assertThat(row.cost().dollars())
                .isEqualByComparingTo(own ? new BigDecimal("0.000112") : new BigDecimal("0.00008512"));
        assertThat(row.cost().nanos()).isEqualTo(own ? 112_000 : 85_120);
    }

    @Test
    void anUnknownModelHasTheDearestPriceOfItsFamily() {
        var usage = newTry();
        whole(usage, "claude-opus-99");
        var row = row(usage, UsageRow.End.COMPLETE);
        assertThat(row.cost().priceAssumed()).isTrue();
        assertThat(row.cost().nanos()).isGreaterThanOrEqualTo(112_000);
    }

    @Test
    void anUnknownTierIsFlagged() {
        var usage = newTry();
        document(
                usage,
                "{\"model\":\"claude-opus-5-5\",\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1,"
                        + "\"service_tier\":\"new\"}}");
        assertThat(row(usage, UsageRow.End.COMPLETE).cost().priceAssumed()).isTrue();
    }

    @Test
    void theRowHasWhatIsKnownOfTheRequest() {
        var usage = newTry();
        document(
                usage,
                "{\"model\":\"claude-opus-5-5\",\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":1,"
                        + "\"inference_geo\":\"us\"}}");
        var row = usage.rows(Usages.result(
                        "primary", OptionalInt.of(200), UsageRow.End.COMPLETE, true, Duration.ofSeconds(3)))
                .get(0);
        assertThat(row.key().tryId()).isEqualTo(usage.id());
        assertThat(row.admitted()).isEqualTo(Usages.ADMITTED);
        assertThat(row.ended()).isEqualTo(Usages.ADMITTED.plusSeconds(3));
        assertThat(row.caller())
                .isEqualTo(new UsageRow.Caller(
                        "req_1",
                        Optional.of("ci"),
                        Optional.of("session"),
                        Optional.of("agent"),
                        facts.dialect(),
                        Optional.of("blue"),
                        RequestHints.NONE));
        assertThat(row.models())
                .isEqualTo(new UsageRow.Models(
                        Optional.of("opus"), Optional.of("claude-opus-5-5"), Optional.of("claude-opus-5-5")));
        assertThat(row.upstream())
                .isEqualTo(new UsageRow.Upstream(
                        "primary", "api-key", Optional.of("req_up"), OptionalInt.of(200), UsageRow.End.COMPLETE));
        assertThat(row.consumption().stopReason()).hasValue("tool_use");
        assertThat(row.consumption().geo()).hasValue("us");
        assertThat(row.cost().priceVersion()).isNotBlank();
    }

    /** A response that is given up before it has reported what the upstream's tools consume. */
    @Test
    void whatIsReportedLastCostsWhatIsHeld() {
        facts = Usages.facts(GROWING, Optional.empty(), HELD);
        var usage = newTry();
        read(usage, Messages.start());
        assertThat(usage.leave()).isTrue();
        var cost = row(usage, UsageRow.End.CUT_OFF).cost();
        assertThat(cost.basis()).isEqualTo(Basis.HELD);
        assertThat(cost.nanos()).isEqualTo(HELD);
        assertThat(cost.dollars()).isEqualByComparingTo("1.5");
        read(usage, Messages.end());
        assertThat(row(usage, UsageRow.End.CANCELLED).cost().basis()).isEqualTo(Basis.REPORTED);
    }

    @Test
    void whatIsReportedLastIsEstimatedWhereNothingIsHeld() {
        facts = Usages.facts(GROWING);
        var usage = newTry();
        read(usage, Messages.start());
        assertThat(usage.leave()).isTrue();
        assertThat(row(usage, UsageRow.End.CANCELLED).cost().basis()).isEqualTo(Basis.ESTIMATED);
    }

    @Test
    void whatTheUpstreamBreaksOffIsEstimated() {
        facts = Usages.facts(GROWING, Optional.empty(), HELD);
        var usage = newTry();
        read(usage, Messages.start());
        assertThat(row(usage, UsageRow.End.CUT_OFF).cost().basis()).isEqualTo(Basis.ESTIMATED);
    }

    @Test
    void onlyWhatTheOperatorPaysIsWaitedFor() {
        assertThat(newTry().leave()).as("counted from the beginning").isFalse();
        var billsProfile = new BodyCosts(
                GROWING.prompt(), false, false, Optional.empty(), OtherModels.NONE, Optional.empty(), List.of(), true);
        facts = Usages.facts(billsProfile);
        assertThat(newTry().leave()).as("billed to a user profile").isFalse();
        facts = Usages.facts(OptionalLong.of(1_000), OptionalLong.empty(), true);
        assertThat(newTry().leave()).as("the client's own credential").isFalse();
    }

    private static final long HELD = 1_500_000_000;
    private static final BodyCosts GROWING = new BodyCosts(
            new BodyPrompt(false, true, false, false, 0, 0, 0),
            false,
            false,
            Optional.empty(),
            OtherModels.NONE,
            Optional.empty(),
            List.of(),
            false);

    private TryUsage newTry() {
        return Usages.recorder(Usages.ADMITTED, () -> now)
                .admitted(facts, Optional.of("ci"), Optional.of("blue"))
                .newTry("primary");
    }

    private static RequestUsage.Facts facts(BodyPrompt prompt, boolean hour, boolean fast, Optional<String> geo) {
        return Usages.facts(
                new BodyCosts(prompt, hour, fast, geo, OtherModels.NONE, Optional.empty(), List.of(), false));
    }

    /** Reads what begins a stream. */
    private static void read(TryUsage usage, String events) {
        new UsageReader(usage, true, "", () -> {}).read(events.getBytes(UTF_8));
    }

    private static UsageRow row(TryUsage usage, UsageRow.End end) {
        return usage.rows(Usages.result(end)).get(0);
    }

    /** 3 tokens of input and 5 of output: 112 micro-dollars at the list price of Opus 5.5. */
    private static void whole(TryUsage usage, String model) {
        document(usage, Messages.message("x").replace("claude-test", model));
    }

    private static void document(TryUsage usage, String text) {
        var reader = new UsageReader(usage, false, "", () -> {});
        reader.read(text.getBytes(UTF_8));
        reader.end();
    }
}
