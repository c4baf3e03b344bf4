package dev.warder.exchange.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.exchange.up.UploadPhase.Action;
import dev.warder.exchange.up.UploadPhase.Event;
import dev.warder.state.StateMachine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of phases and events. */
class UploadPhaseTest {
    /** Every event that changes a phase; all others change nothing. */
    private static final List<String> CHANGES = List.of(
            "CREATED STARTED",
            "AT_HEAD_GATES ADMITTED",
            "OPENED PREPARED",
            "OPENED READY",
            "AT_BODY_GATES ADMITTED",
            "SENDING RESPONSE",
            "RESPONDING NO_MORE");

    @ParameterizedTest
    @CsvSource({
        "CREATED, STARTED, AT_HEAD_GATES, ''",
        "AT_HEAD_GATES, ADMITTED, OPENED, OPEN",
        "OPENED, PREPARED, AT_BODY_GATES, ASK",
        "OPENED, READY, SENDING, SEND",
        "AT_BODY_GATES, ADMITTED, SENDING, SEND",
        "SENDING, RESPONSE, RESPONDING, CHECK",
        "RESPONDING, NO_MORE, SENT, RELEASE",
        "CREATED, END, NEVER_STARTED, WITHDRAW CLOSE RELEASE",
        "AT_HEAD_GATES, END, ENDED, WITHDRAW CLOSE RELEASE",
        "OPENED, END, ENDED, WITHDRAW CLOSE RELEASE",
        "AT_BODY_GATES, END, ENDED, WITHDRAW CLOSE RELEASE",
        "SENDING, END, ENDED, CLOSE ABORT RELEASE",
        "RESPONDING, END, ENDED, CLOSE ABORT RELEASE",
        "SENT, END, ENDED, CLOSE ABORT",
        "ENDED, END, ENDED, ''",
        "NEVER_STARTED, END, NEVER_STARTED, ''"
    })
    void goesOn(UploadPhase from, Event event, UploadPhase to, String actions) {
        var step = from.on(event);
        assertThat(step.next()).isEqualTo(to);
        assertThat(step.actions()).containsExactlyElementsOf(actions(actions));
    }

    @ParameterizedTest
    @EnumSource
    void ignoresEveryOtherEvent(UploadPhase phase) {
        for (var event : Event.values()) {
            if (event != Event.END && !CHANGES.contains(phase + " " + event)) {
                assertThat(phase.on(event)).isEqualTo(new StateMachine.Step<>(phase, List.of()));
            }
        }
    }

    /** Whatever happens, the end gives the memory back exactly once, and nothing follows it. */
    @Test
    void releasesOnceInEveryOrderOfEvents() {
        var random = new Random(7);
        var events = List.copyOf(EnumSet.allOf(Event.class));
        for (int i = 0; i < 20_000; i++) {
            var phase = UploadPhase.CREATED;
            var done = new ArrayList<Action>();
            for (int j = 0; j < 12; j++) {
                var step = phase.on(events.get(random.nextInt(events.size())));
                phase = step.next();
                done.addAll(step.actions());
            }
            done.addAll(phase.on(Event.END).actions());
            assertThat(done).containsOnlyOnce(Action.RELEASE).containsOnlyOnce(Action.CLOSE);
            assertThat(done.stream().filter(Action.SEND::equals)).hasSizeLessThan(2);
            assertThat(done.contains(Action.SEND)).isEqualTo(done.contains(Action.ABORT));
        }
    }

    private static List<Action> actions(String names) {
        return names.isEmpty()
                ? List.of()
                : Arrays.stream(names.split(" ")).map(Action::valueOf).toList();
    }
}
