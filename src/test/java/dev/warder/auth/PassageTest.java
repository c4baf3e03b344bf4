package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.testkit.Preceded;
import dev.warder.usage.UsageCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from the verdicts of gates, and the meters of those that have granted a request, beyond {@code GateContract}. */
class PassageTest {
    private static final Set<Gate.Needs> HEAD = Set.of(Gate.Needs.HEAD);
    private static final ErrorReply LIMIT = ErrorReply.rateLimited("The limit of the test is reached.", 1);

    private final RequestRecord record = Records.message(() -> 0);
    private final ScriptedGate first = new ScriptedGate();
    private final ScriptedGate second = new ScriptedGate();
    private final List<String> decided = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    /** A gate whose verdicts the test chooses. */
    private static final class ScriptedGate implements Gate {
        private final CompletableFuture<Verdict.Decision> decision = new CompletableFuture<>();
        private Supplier<Verdict> verdict = Verdict::granted;

        ScriptedGate returns(Supplier<Verdict> next) {
            verdict = next;
            return this;
        }

        void later() {
            returns(() -> new Verdict.Later(decision, () -> {}));
        }

        @Override
        public Needs needs() {
            return Needs.HEAD;
        }

        @Override
        public Verdict ask(Inquiry inquiry) {
            return verdict.get();
        }

        @Override
        public String name() {
            return "scripted";
        }
    }

    /** A stage may also be complete when it is returned. */
    @Test
    void aDecisionMayComeBeforeItIsAwaited() {
        first.later();
        var passage = passage(first);
        passage.ask(inquiry(), HEAD);
        first.decision.complete(Verdict.refused(LIMIT));
        await(passage);
        assertThat(decided).containsExactly("429");
        assertThat(passage(first).ask(inquiry(), HEAD)).contains(LIMIT);
    }

    @Test
    void twoGatesMayDecideLater() {
        first.later();
        second.later();
        ask(passage(first, second));
        first.decision.complete(Verdict.granted());
        assertThat(decided).isEmpty();
        second.decision.complete(Verdict.granted());
        assertThat(decided).containsExactly("passed");
    }

    @Test
    void asksNoGateAfterAWithdrawal() {
        first.returns(() -> {
            throw new AssertionError("it is asked");
        });
        var passage = passage(first);
        passage.withdraw();
        ask(passage);
        assertThat(decided).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway")
    void aGateWithoutAVerdictRefuses() {
        first.returns(() -> null);
        assertThat(passage(first).ask(inquiry(), HEAD).map(ErrorReply::status)).contains(503);
        first.later();
        second.later();
        ask(passage(first));
        ask(passage(second));
        first.decision.complete(null);
        second.decision.completeExceptionally(new IllegalStateException("a fault of the test"));
        assertThat(decided).containsExactly("503", "503");
    }

    @Test
    void aReleaseThatThrowsKeepsNoOtherFromRunning() {
        first.returns(() -> Verdict.granted(() -> {
            throw new IllegalStateException("a fault of the test");
        }));
        second.returns(() -> Verdict.granted(() -> calls.add("released")));
        ask(passage(first, second));
        record.end(RequestEnd.OK, 0);
        assertThat(calls).containsExactly("released");
    }

    @Test
    void anInquiryShowsNoContent() {
        assertThat(inquiry()).hasToString("Inquiry[req_1]");
    }

    @ParameterizedTest
    @CsvSource({"Content-Encoding, gzip, true", "content-encoding, identity, false", "Accept-Encoding, gzip, false"})
    void aCodedBodyThatIsNotReadMayBeOfAnyLength(String name, String value, boolean coded) {
        var prompt = inquiry(new Field(name, value)).costs().prompt();
        assertThat(prompt.isUnbounded()).isEqualTo(coded);
    }

    @Test
    void metersAreAskedTogetherAndTheFirstRefusalCuts() {
        var meters = metered(meter("a", false), meter("b", true)).meters();
        assertThat(meters.readUsage()).isTrue();
        assertThat(meters.beforeTry()).contains(LIMIT);
        assertThat(meters.usage(UsageCounts.NONE)).contains(LIMIT);
        assertThat(meters.tick(7).map(ErrorReply::status)).contains(503);
        record.end(RequestEnd.OK, 0);
        assertThat(meters.beforeTry()).isEmpty();
        assertThat(calls)
                .containsExactly(("a beforeTry,b beforeTry,a usage,b usage,a tick,b tick,a end,b end,released,released")
                        .split(","));
    }

    /** The response itself is in order: a meter that throws adds nothing, and takes nothing away. */
    @Test
    void fieldsOfAllMetersAreAddedAndTheFirstOfANameDecides() {
        var meters = metered(
                        adding(new Field("a", "1"), new Field("a", "2")),
                        adding(),
                        adding(new Field("A", "3"), new Field("b", "4")))
                .meters();
        assertThat(meters.responseFields())
                .containsExactly(new Field("a", "1"), new Field("a", "2"), new Field("b", "4"));
    }

    @Test
    void theFirstMomentOfAdmissionCounts() {
        var moment = Instant.parse("2026-11-30T23:59:59Z");
        var meters = Stream.of(Optional.<Instant>empty(), Optional.of(moment), Optional.of(moment.plusSeconds(1)))
                .map(admitted -> new Meter() {
                    @Override
                    public Optional<Instant> admittedAt() {
                        return admitted;
                    }
                });
        assertThat(metered(meters.toArray(Meter[]::new)).meters().admittedAt()).contains(moment);
    }

    /** Each meter learns of it before its grant is released, also after one that throws. */
    @Test
    void aRecordThatCouldNotBeMadeIsReportedBeforeTheRelease() {
        var broken = new Meter() {
            @Override
            public void lost() {
                throw new IllegalStateException("a fault of the test");
            }
        };
        metered(broken, meter("a", false)).end(Optional.empty());
        assertThat(calls).containsExactly("a lost", "released", "released");
    }

    private Passage metered(Meter... meters) {
        var gates = Stream.of(meters)
                .map(meter -> new ScriptedGate()
                        .returns(() ->
                                new Verdict.Granted(Optional.of(() -> calls.add("released")), Optional.of(meter))))
                .toArray(Gate[]::new);
        var passage = passage(gates);
        passage.ask(inquiry(), HEAD);
        return passage;
    }

    /** Throws if there are none. */
    private static Meter adding(Field... fields) {
        return new Meter() {
            @Override
            public List<Field> responseFields() {
                if (fields.length == 0) {
                    throw new IllegalStateException("a fault of the test");
                }
                return List.of(fields);
            }
        };
    }

    private Meter meter(String name, boolean refuses) {
        Optional<ErrorReply> reply = refuses ? Optional.of(LIMIT) : Optional.empty();
        var meter = new Meter() {
            @Override
            public Optional<ErrorReply> beforeTry() {
                return reply;
            }

            @Override
            public boolean readsUsage() {
                return true;
            }

            @Override
            public Optional<ErrorReply> usage(UsageCounts soFar) {
                return reply;
            }

            @Override
            public Optional<ErrorReply> tick(long nanoTime) {
                if (refuses) {
                    throw new IllegalStateException("a fault of the test");
                }
                return reply;
            }
        };
        return Preceded.by(
                method -> {
                    if (!method.equals("readsUsage")) {
                        calls.add(name + " " + method);
                    }
                },
                Meter.class,
                meter);
    }

    private Passage passage(Gate... gates) {
        return new Gates(Arrays.asList(gates), () -> 0).passage(record);
    }

    private void ask(Passage passage) {
        assertThat(passage.ask(inquiry(), HEAD)).isEmpty();
        await(passage);
    }

    private void await(Passage passage) {
        passage.await(refusal -> decided.add(
                refusal.map(reply -> Integer.toString(reply.status())).orElse("passed")));
    }

    private Inquiry inquiry(Field... fields) {
        return new Inquiry(record.call(), Client.OPEN, false, Optional.empty(), List.of(fields), Optional.empty());
    }
}
