package dev.warder.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.record.CompletedRequest;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.usage.UsageCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The meters of one request, as each of its gates has granted one. */
class MetersTest {
    private static final ErrorReply LIMIT = ErrorReply.rateLimited("The limit of the test is reached.", 1);

    private final RequestRecord record = Records.message(() -> 0);
    private final List<String> calls = new ArrayList<>();

    @Test
    void metersAreAskedTogetherAndTheFirstRefusalCuts() {
        var meters = passage(meter("a", Optional.empty()), meter("b", Optional.of(LIMIT)))
                .meters();
        assertThat(meters.readUsage()).isTrue();
        assertThat(meters.beforeTry()).contains(LIMIT);
        assertThat(meters.usage(UsageCounts.NONE)).contains(LIMIT);
        assertThat(meters.tick(7).map(ErrorReply::status)).contains(503);
        record.end(RequestEnd.OK, 0);
        assertThat(meters.beforeTry()).isEmpty();
        assertThat(calls)
                .containsExactly(
                        ("a try,b try,a usage,b usage,a tick 7,b tick 7,a end,b end,released,released").split(","));
    }

    /** The response itself is in order: a meter that throws adds nothing, and takes nothing away. */
    @Test
    void fieldsOfAllMetersAreAddedAndTheFirstOfANameDecides() {
        var meters = passage(
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
        assertThat(passage(meters.toArray(Meter[]::new)).meters().admittedAt()).contains(moment);
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
        passage(broken, meter("a", Optional.empty())).end(Optional.empty());
        assertThat(calls).containsExactly("a lost", "released", "released");
    }

    private Passage passage(Meter... meters) {
        var gates = Stream.of(meters)
                .<Gate>map(meter -> new ScriptedGate("gate", Gate.Needs.HEAD)
                        .returns(() ->
                                new Verdict.Granted(Optional.of(() -> calls.add("released")), Optional.of(meter))))
                .toList();
        var passage = new Gates(gates, () -> 0).passage(record);
        passage.ask(ScriptedGate.inquiry(record), Set.of(Gate.Needs.HEAD));
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

    private Meter meter(String name, Optional<ErrorReply> reply) {
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

            @Override
            public void lost() {
                calls.add(name + " lost");
            }
        };
    }
}
