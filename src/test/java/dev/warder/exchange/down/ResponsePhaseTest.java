package dev.warder.exchange.down;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.container.PhaseTable;
import dev.warder.exchange.down.ResponsePhase.Event;
import dev.warder.exchange.down.ResponsePhase.Work;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of phases and events. */
class ResponsePhaseTest {
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
}
