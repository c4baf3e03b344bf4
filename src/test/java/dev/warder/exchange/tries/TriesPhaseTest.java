package dev.warder.exchange.tries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.exchange.tries.TriesPhase.Action;
import dev.warder.exchange.tries.TriesPhase.Event;
import dev.warder.state.PhaseTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The table of the walk through the credentials: every phase with every event. */
class TriesPhaseTest {
    private static final String TABLE =
            """
            CREATED STARTED CHOOSING CHOOSE
            CREATED ABORTED ENDED CLOSE
            CHOOSING CHOSEN AWAITING ASK
            CHOOSING NONE_LEFT ENDED CLOSE GIVE_LAST
            CHOOSING ABORTED ENDED CLOSE
            AWAITING VALUE TRYING SEND
            AWAITING NO_VALUE CHOOSING CHOOSE
            AWAITING ABORTED ENDED END_USE CLOSE
            TRYING FAILED CHOOSING CHOOSE
            TRYING RENEWABLE AWAITING RENEW
            TRYING PASSED_ON PASSED FORGET
            TRYING ABORTED ENDED CANCEL END_USE CLOSE
            PASSED ABORTED ENDED CANCEL END_USE CLOSE
            """;

    @Test
    void hasTheseStepsAndNoOthers() {
        assertThat(PhaseTable.of(TriesPhase.values(), Event.values())).isEqualTo(PhaseTable.sorted(TABLE));
    }

    /** Whatever happens, the end closes exactly once, no use is left open, and the last result goes to no other client. */
    @Test
    void closesOnceInEveryOrderOfEvents() {
        var random = new Random(11);
        var events = Event.values();
        for (int i = 0; i < 20_000; i++) {
            var phase = TriesPhase.CREATED;
            var done = new ArrayList<Action>();
            for (int j = 0; j < 14; j++) {
                var step = phase.on(events[random.nextInt(events.length)]);
                phase = step.next();
                done.addAll(step.actions());
            }
            done.addAll(phase.on(Event.ABORTED).actions());
            assertThat(done).containsOnlyOnce(Action.CLOSE);
            assertThat(done.stream().filter(Action.GIVE_LAST::equals)).hasSizeLessThan(2);
            assertThat(done.contains(Action.FORGET) && done.contains(Action.GIVE_LAST))
                    .isFalse();
            assertThat(phase.on(Event.ABORTED).next().on(Event.ABORTED).actions())
                    .isEqualTo(List.of());
        }
    }
}
