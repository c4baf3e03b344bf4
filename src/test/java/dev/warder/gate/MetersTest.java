package dev.warder.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.record.CompletedRequest;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.usage.UsageCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetersTest {
    private static final ErrorReply LIMIT = ErrorReply.rateLimited("The limit of the test is reached.", 1);

    @Test
    void metersAreAskedTogetherAndTheFirstRefusalCuts() {
        var calls = new ArrayList<String>();
        var record = Records.message(() -> 0);
        var first = new ScriptedGate("first", Gate.Needs.HEAD);
        var second = new ScriptedGate("second", Gate.Needs.HEAD);
        first.returns(() -> Verdict.granted(meter(calls, "a", Optional.empty())));
        second.returns(() -> Verdict.granted(meter(calls, "b", Optional.of(LIMIT))));
        var passage = new Gates(List.of(first, second), () -> 0).passage(record);
        assertThat(passage.meters().readUsage()).isFalse();
        assertThat(passage.meters().tick(1)).isEmpty();
        passage.ask(ScriptedGate.inquiry(record), Set.of(Gate.Needs.HEAD));
        var meters = passage.meters();
        assertThat(meters.readUsage()).isTrue();
        assertThat(meters.beforeTry()).contains(LIMIT);
        assertThat(meters.usage(UsageCounts.NONE)).contains(LIMIT);
        assertThat(meters.tick(7).map(ErrorReply::status)).contains(503);
        record.end(RequestEnd.OK, 0);
        assertThat(meters.beforeTry()).isEmpty();
        assertThat(calls)
                .containsExactly("a try", "b try", "a usage", "b usage", "a tick 7", "b tick 7", "a end", "b end");
    }

    /** The response itself is in order: a meter that throws adds nothing, and takes nothing away. */
    @Test
    void fieldsOfAllMetersAreAddedAndTheFirstOfANameDecides() {
        var record = Records.message(() -> 0);
        var gates = Stream.of(
                        adding(() -> List.of(new Field("a", "1"), new Field("a", "2"))),
                        adding(() -> {
                            throw new IllegalStateException("a fault of the test");
                        }),
                        adding(() -> List.of(new Field("A", "3"), new Field("b", "4"))))
                .map(MetersTest::granting)
                .toList();
        var passage = new Gates(gates, () -> 0).passage(record);
        assertThat(passage.meters().responseFields()).isEmpty();
        passage.ask(ScriptedGate.inquiry(record), Set.of(Gate.Needs.HEAD));
        assertThat(passage.meters().responseFields())
                .containsExactly(new Field("a", "1"), new Field("a", "2"), new Field("b", "4"));
        record.end(RequestEnd.OK, 0);
        assertThat(passage.meters().responseFields()).isEmpty();
    }

    @Test
    void theFirstMomentOfAdmissionCounts() {
        var record = Records.message(() -> 0);
        var moment = Instant.parse("2026-11-30T23:59:59Z");
        var gates = Stream.of(Optional.<Instant>empty(), Optional.of(moment), Optional.of(moment.plusSeconds(1)))
                .map(admitted -> granting(admittedAt(admitted)))
                .toList();
        var passage = new Gates(gates, () -> 0).passage(record);
        assertThat(passage.meters().admittedAt()).isEmpty();
        passage.ask(ScriptedGate.inquiry(record), Set.of(Gate.Needs.HEAD));
        assertThat(passage.meters().admittedAt()).contains(moment);
    }

    /** Each meter learns of it before its grant is released, also after one that throws. */
    @Test
    void aRecordThatCouldNotBeMadeIsReportedBeforeTheRelease() {
        var record = Records.message(() -> 0);
        var calls = new ArrayList<String>();
        var broken = new Meter() {
            @Override
            public void lost() {
                throw new IllegalStateException("a fault of the test");
            }
        };
        var follower = new Meter() {
            @Override
            public void end(CompletedRequest request) {
                calls.add("end");
            }

            @Override
            public void lost() {
                calls.add("lost");
            }
        };
        var last = new ScriptedGate("last", Gate.Needs.HEAD);
        last.returns(() -> new Verdict.Granted(Optional.of(() -> calls.add("released")), Optional.of(follower)));
        var passage = new Gates(List.of(granting(broken), last), () -> 0).passage(record);
        passage.ask(ScriptedGate.inquiry(record), Set.of(Gate.Needs.HEAD));
        passage.end(Optional.empty());
        assertThat(calls).containsExactly("lost", "released");
    }

    private static Gate granting(Meter meter) {
        var gate = new ScriptedGate("gate", Gate.Needs.HEAD);
        gate.returns(() -> Verdict.granted(meter));
        return gate;
    }

    private static Meter admittedAt(Optional<Instant> moment) {
        return new Meter() {
            @Override
            public Optional<Instant> admittedAt() {
                return moment;
            }
        };
    }

    private static Meter adding(Supplier<List<Field>> fields) {
        return new Meter() {
            @Override
            public List<Field> responseFields() {
                return fields.get();
            }
        };
    }

    private static Meter meter(List<String> calls, String name, Optional<ErrorReply> reply) {
        return new Meter() {
            @Override
            public Optional<ErrorReply> beforeTry() {
                calls.add(name + " try");
                return reply;
            }

            @Override
            public boolean readsUsage() {
                return true;
            }

            @Override
            public Optional<ErrorReply> usage(UsageCounts soFar) {
                calls.add(name + " usage");
                return reply;
            }

            @Override
            public Optional<ErrorReply> tick(long nanoTime) {
                calls.add(name + " tick " + nanoTime);
                if (reply.isPresent()) {
                    throw new IllegalStateException("a fault of the test");
                }
                return reply;
            }

            @Override
            public void end(CompletedRequest request) {
                calls.add(name + " end");
            }
        };
    }
}
