package dev.warder.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.record.CompletedRequest.CompletedTry;
import dev.warder.record.RequestObservers.RequestCounts;
import dev.warder.usage.UsageRow;
import dev.warder.usage.Usages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RequestRecordTest {
    private static final UsedCredential FIRST = new UsedCredential("primary", "api-key");
    private static final UsedCredential SECOND = new UsedCredential("team", "oauth");

    private final List<CompletedRequest> completed = new ArrayList<>();
    private final RequestCounts counts = new RequestCounts();
    private long now;

    @Test
    void runsWhatFollowsItsEndOnce() {
        var record = record();
        var ends = new ArrayList<RequestEnd>();
        record.atEnd(() -> ends.add(record.completed().orElseThrow().end()));
        assertThat(ends).isEmpty();

        record.end(RequestEnd.DRAINED, 0);
        record.end(RequestEnd.OK, 0);
        assertThat(ends).containsExactly(RequestEnd.DRAINED);

        record.atEnd(() -> ends.add(record.completed().orElseThrow().end()));
        assertThat(ends).containsExactly(RequestEnd.DRAINED, RequestEnd.DRAINED);
    }

    /** What belongs to a request is released, and it is counted, though there is no memory for its record. */
    @Test
    void endsWhereItsRecordCannotBeMade() {
        var noMemory = new AtomicBoolean();
        var record = Records.of(
                "POST",
                "/v1/messages",
                () -> {
                    if (noMemory.get()) {
                        throw new OutOfMemoryError("an error of the test");
                    }
                    return now;
                },
                counts,
                completed::add);
        var released = new ArrayList<String>();
        record.atEnd(() -> released.add("before"));
        noMemory.set(true);
        assertThatThrownBy(() -> record.endExchange(RequestEnd.OK, 0)).isInstanceOf(OutOfMemoryError.class);

        assertThat(released).containsExactly("before");
        assertThat(counts.requestsCompleted()).isEqualTo(1);
        assertThat(completed).isEmpty();
        assertThat(record.completed()).isEmpty();
        assertThat(record.hasEnded()).isTrue();
        record.atEnd(() -> released.add("after"));
        noMemory.set(false);
        record.end(RequestEnd.OK, 0);
        assertThat(released).containsExactly("before", "after");
        assertThat(counts.requestsCompleted()).isEqualTo(1);
    }

    @Test
    void runsEachActionOfItsEndThoughOneBeforeItThrows() {
        var record = record();
        var released = new ArrayList<String>();
        record.atEnd(() -> {
            throw new IllegalStateException("a fault of the test");
        });
        record.atEnd(() -> released.add("next"));
        assertThatThrownBy(() -> record.end(RequestEnd.OK, 0)).isInstanceOf(IllegalStateException.class);
        assertThat(released).containsExactly("next");
        assertThat(counts.requestsCompleted()).isEqualTo(1);
    }

    @Test
    void keepsEachTryWithItsOutcome() {
        var record = record();
        var refused = record.beginTry(FIRST, Records.UPSTREAM);
        now = 2;
        refused.responded(529);
        refused.whole();
        refused.cancelled();
        var lost = record.beginTry(SECOND, Records.UPSTREAM);
        now = 5;
        lost.failed();
        var cut = record.beginTry(FIRST, Records.UPSTREAM);
        cut.responded(200);
        cut.failed();
        var overtaken = record.beginTry(SECOND, Records.UPSTREAM);
        overtaken.cancelled();
        overtaken.failed();
        record.beginTry(FIRST, Records.UPSTREAM).responded(200);
        now = 6;
        record.end(RequestEnd.OK, 0);

        assertThat(completed.get(0).tries())
                .containsExactly(
                        tried(FIRST, 529, CompletedTry.Outcome.RESPONDED, 2, 2),
                        tried(SECOND, 0, CompletedTry.Outcome.UNANSWERED, -1, 3),
                        tried(FIRST, 200, CompletedTry.Outcome.BROKEN_OFF, 0, 0),
                        tried(SECOND, 0, CompletedTry.Outcome.CANCELLED, -1, 0),
                        tried(FIRST, 200, CompletedTry.Outcome.CANCELLED, 0, 1));
    }

    /** The usage begins with the admission: each try after it has rows, in the order of the tries. */
    @Test
    void hasTheRowsOfEachTry() {
        var record = record();
        record.client("ci");
        record.beginTry(FIRST, Records.UPSTREAM).failed();
        record.usage(Usages.begun(record.client()));
        var refused = record.beginTry(FIRST, Records.UPSTREAM);
        refused.responded(529);
        refused.requestId("req_up_1");
        refused.whole();
        var unsent = record.beginTry(SECOND, Records.UPSTREAM);
        unsent.sendBegan();
        unsent.cancelled();
        var abandoned = record.beginTry(SECOND, Records.UPSTREAM);
        abandoned.sent();
        abandoned.cancelled();
        var answered = record.beginTry(SECOND, Records.UPSTREAM);
        answered.responded(200);
        answered.cancelled();
        record.end(RequestEnd.CLIENT_GONE, 0);

        var request = completed.get(0);
        assertThat(request.tries()).hasSize(5);
        assertThat(request.tries().get(0).usage()).isEmpty();
        assertThat(request.usage())
                .extracting(row -> row.cost().basis())
                .containsExactly(
                        UsageRow.Basis.ASSUMED,
                        UsageRow.Basis.ASSUMED,
                        UsageRow.Basis.ESTIMATED,
                        UsageRow.Basis.ESTIMATED);
        assertThat(request.usage())
                .extracting(row -> row.upstream().end())
                .containsExactly(
                        UsageRow.End.ERROR, UsageRow.End.CANCELLED, UsageRow.End.CANCELLED, UsageRow.End.CANCELLED);
        assertThat(request.usage())
                .extracting(row -> row.upstream().credential())
                .containsExactly("primary", "team", "team", "team");
        assertThat(request.usage())
                .allSatisfy(row -> assertThat(row.caller().client()).hasValue("ci"));
        assertThat(request.upstreamRequestId()).hasValue("req_up_1");
    }

    @Test
    void anObserverThatThrowsHarmsNobody() {
        RequestObserver broken = new RequestObserver() {
            @Override
            public void begun() {
                throw new IllegalStateException("begun");
            }

            @Override
            public void completed(CompletedRequest request) {
                throw new StackOverflowError("completed");
            }
        };
        Records.of("GET", "/v1/files", () -> now, broken, counts).end(RequestEnd.OK, 200, 0);
        assertThat(counts.requestsBegun()).isEqualTo(1);
        assertThat(counts.requestsCompleted()).isEqualTo(1);
    }

    private static CompletedTry tried(
            UsedCredential credential, int status, CompletedTry.Outcome outcome, long firstByte, long time) {
        return new CompletedTry(
                credential,
                status == 0 ? OptionalInt.empty() : OptionalInt.of(status),
                outcome,
                Optional.empty(),
                firstByte < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstByte)),
                Duration.ofNanos(time),
                List.of());
    }

    private RequestRecord record() {
        return Records.of("POST", "/v1/messages", () -> now, counts, completed::add);
    }
}
