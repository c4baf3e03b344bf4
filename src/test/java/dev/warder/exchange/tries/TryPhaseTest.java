package dev.warder.exchange.tries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.exchange.tries.TryPhase.Action;
import dev.warder.exchange.tries.TryPhase.Event;
import dev.warder.state.PhaseTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table of one try: every phase with every event. */
class TryPhaseTest {
    private static final String TABLE =
            """
            WAITING HEAD_REFUSED REFUSED
            WAITING HEAD_FAILED KEEPING
            WAITING HEAD_WHOLE HOLDING
            WAITING HEAD_UNSURE LOOKING
            WAITING HEAD_UNPROVEN WATCHING BEGIN PASS
            WAITING HEAD_FINAL PASSING BEGIN JUDGE PASS FORGET
            WAITING FAILED OVER STOP REPORT_LOSS
            WAITING TIMED_OUT OVER STOP REPORT_TIMEOUT
            WAITING CANCEL OVER STOP
            HOLDING BYTE PASSING BEGIN JUDGE PASS FORGET
            HOLDING END COMPLETE BEGIN JUDGE PASS FORGET
            HOLDING FAILED OVER STOP REPORT_LOSS
            HOLDING TIMED_OUT OVER STOP REPORT_TIMEOUT
            HOLDING CANCEL OVER STOP
            LOOKING FIRST_EVENT PASSING BEGIN JUDGE PASS FORGET
            LOOKING FULL PASSING BEGIN JUDGE PASS FORGET
            LOOKING ERROR_EVENT ERROR_SEEN
            LOOKING REFUSAL_EVENT REFUSED
            LOOKING END COMPLETE BEGIN JUDGE PASS FORGET
            LOOKING FAILED OVER STOP REPORT_LOSS
            LOOKING TIMED_OUT OVER STOP REPORT_TIMEOUT
            LOOKING CANCEL OVER STOP
            KEEPING FULL PASSING BEGIN JUDGE PASS FORGET
            KEEPING END OVER STOP REPORT
            KEEPING FAILED OVER STOP REPORT_BREAK
            KEEPING REST_MISSING OVER STOP REPORT_BREAK
            KEEPING CANCEL OVER STOP
            ERROR_SEEN FULL PASSING BEGIN JUDGE PASS FORGET
            ERROR_SEEN END OVER STOP REPORT
            ERROR_SEEN FAILED OVER STOP REPORT
            ERROR_SEEN REST_MISSING OVER STOP REPORT
            ERROR_SEEN CANCEL OVER STOP
            REFUSED FULL OVER STOP REPORT_REFUSAL
            REFUSED END OVER STOP REPORT_REFUSAL
            REFUSED FAILED OVER STOP REPORT_REFUSAL
            REFUSED REST_MISSING OVER STOP REPORT_REFUSAL
            REFUSED CANCEL OVER STOP
            WATCHING FIRST_EVENT PASSING JUDGE FORGET
            WATCHING END COMPLETE DOUBT PASS_END
            WATCHING FAILED COMPLETE DOUBT PASS_FAILURE
            WATCHING CANCEL OVER STOP
            PASSING END COMPLETE PASS_END
            PASSING FAILED COMPLETE PASS_FAILURE
            PASSING CANCEL OVER STOP
            COMPLETE CANCEL OVER STOP
            """;

    @Test
    void hasTheseStepsAndNoOthers() {
        assertThat(PhaseTable.of(TryPhase.values(), Event.values())).isEqualTo(PhaseTable.sorted(TABLE));
    }

    /** Whatever happens: one result at most, judged once at most, and the request upstream is cancelled exactly once. */
    @Test
    void hasOneResultInEveryOrderOfEvents() {
        var results = Set.of(
                Action.REPORT,
                Action.REPORT_REFUSAL,
                Action.REPORT_LOSS,
                Action.REPORT_BREAK,
                Action.REPORT_TIMEOUT,
                Action.BEGIN);
        var random = new Random(5);
        var events = List.of(Event.values());
        for (int i = 0; i < 50_000; i++) {
            var phase = TryPhase.WAITING;
            var done = new ArrayList<Action>();
            for (int j = 0; j < 12; j++) {
                var step = phase.on(events.get(random.nextInt(events.size())));
                phase = step.next();
                done.addAll(step.actions());
            }
            done.addAll(phase.on(Event.CANCEL).actions());
            assertThat(done.stream().filter(results::contains)).hasSizeLessThan(2);
            assertThat(done.stream().filter(each -> each == Action.JUDGE || each == Action.DOUBT))
                    .hasSizeLessThan(2);
            assertThat(done.stream().filter(each -> each == Action.PASS_END || each == Action.PASS_FAILURE))
                    .hasSizeLessThan(2);
            assertThat(done).containsOnlyOnce(Action.STOP);
        }
    }
}
