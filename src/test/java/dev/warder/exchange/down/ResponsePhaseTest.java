package dev.warder.exchange.down;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.exchange.down.ResponsePhase.Action;
import dev.warder.exchange.down.ResponsePhase.Event;
import dev.warder.exchange.down.ResponsePhase.Work;
import dev.warder.state.PhaseTable;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of phases and events. */
class ResponsePhaseTest {
    private static final EnumSet<Action> RETURNS = EnumSet.of(Action.COMPLETE, Action.BREAK_OFF);

    /** Phases, event, next phase, actions. Every pair that is not here changes nothing. */
    private static final String TABLE =
            """
            UNBEGUN              | HEAD        | BEGUN    |
            UNBEGUN              | STREAM_HEAD | BEGUN    | FLUSH
            BEGUN                | END         | ENDING   |
            UNBEGUN SPOILED      | END         | BREAKING |
            BEGUN SPOILED        | CUT_OFF     | BREAKING | FLUSH
            UNBEGUN ENDING       | CUT_OFF     | BREAKING |
            BEGUN                | BREAK_BEGUN | SPOILED  |
            ENDING               | BREAK_BEGUN | BREAKING |
            UNBEGUN ENDING       | BREAK       | BREAKING |
            BEGUN                | BREAK       | SPOILED  |
            UNBEGUN BEGUN ENDING | CLOSE       | CLOSED   | COMPLETE
            SPOILED BREAKING     | CLOSE       | CLOSED   | BREAK_OFF
            """;

    @Test
    void hasTheseStepsAndNoOthers() {
        assertThat(PhaseTable.of(ResponsePhase.values(), Event.values())).isEqualTo(PhaseTable.expanded(TABLE));
    }

    @ParameterizedTest
    @EnumSource
    void takesContentBetweenTheHeadAndTheEnd(ResponsePhase phase) {
        var between = EnumSet.of(ResponsePhase.BEGUN, ResponsePhase.SPOILED);
        assertThat(phase.takesContent()).isEqualTo(between.contains(phase));
    }

    /** What is queued goes out before the end, and the head of a response that is broken off before the break. */
    @ParameterizedTest
    @CsvSource({
        "UNBEGUN, NONE, FLUSH",
        "BEGUN, NONE, FLUSH",
        "SPOILED, NONE, FLUSH",
        "ENDING, END, END",
        "BREAKING, END, FLUSH",
        "CLOSED, NONE, NONE"
    })
    void worksInOrder(ResponsePhase phase, Work flushed, Work unflushed) {
        assertThat(phase.work(false, false)).isEqualTo(flushed);
        assertThat(phase.work(false, true)).isEqualTo(unflushed);
        var queued = phase == ResponsePhase.CLOSED ? Work.NONE : Work.WRITE;
        assertThat(phase.work(true, false)).isEqualTo(queued);
        assertThat(phase.work(true, true)).isEqualTo(queued);
    }

    /** The request returns once, and what was ever broken does not end as complete. */
    @Test
    void returnsOnceInEveryOrderOfEvents() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var events = PhaseTable.anyOf(Event.values(), random, 8);
            var done = PhaseTable.actions(ResponsePhase.UNBEGUN, events, Event.CLOSE);
            int closed = events.indexOf(Event.CLOSE);
            var before = closed < 0 ? events : events.subList(0, closed);
            boolean broken = before.contains(Event.CUT_OFF) || before.contains(Event.BREAK);
            assertThat(done.stream().filter(RETURNS::contains)).hasSize(1);
            if (broken) {
                assertThat(done).contains(Action.BREAK_OFF);
            }
        }
    }
}
