package dev.warder.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.response.ResponsePhase.Action;
import dev.warder.response.ResponsePhase.Event;
import dev.warder.response.ResponsePhase.Work;
import dev.warder.state.PhaseRow;
import dev.warder.state.StateMachine;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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

    @ParameterizedTest
    @EnumSource
    void stepsAsTheTableHasIt(ResponsePhase phase) {
        for (var event : Event.values()) {
            assertThat(phase.on(event)).as(phase + " " + event).isEqualTo(expected(phase, event));
        }
    }

    @Test
    void hasOneRowForAPair() {
        var pairs = PhaseRow.parse(TABLE).stream()
                .flatMap(row -> row.phases().stream().map(phase -> phase + " " + row.event()))
                .toList();
        assertThat(pairs).doesNotHaveDuplicates().hasSize(19);
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
        var events = Event.values();
        for (int i = 0; i < 20_000; i++) {
            var phase = ResponsePhase.UNBEGUN;
            var done = new ArrayList<Action>();
            boolean broken = false;
            for (int j = 0; j < 8; j++) {
                var event = events[random.nextInt(events.length)];
                broken |= phase != ResponsePhase.CLOSED && (event == Event.CUT_OFF || event == Event.BREAK);
                var step = phase.on(event);
                phase = step.next();
                done.addAll(step.actions());
            }
            done.addAll(phase.on(Event.CLOSE).actions());
            assertThat(done.stream().filter(RETURNS::contains)).hasSize(1);
            if (broken) {
                assertThat(done).contains(Action.BREAK_OFF);
            }
        }
    }

    private static StateMachine.Step<ResponsePhase, Action> expected(ResponsePhase phase, Event event) {
        return PhaseRow.parse(TABLE).stream()
                .filter(row ->
                        row.phases().contains(phase.name()) && row.event().equals(event.name()))
                .findFirst()
                .map(row -> new StateMachine.Step<>(ResponsePhase.valueOf(row.next()), actions(row.actions())))
                .orElse(new StateMachine.Step<>(phase, List.of()));
    }

    private static List<Action> actions(List<String> names) {
        return names.stream().map(Action::valueOf).toList();
    }
}
