package dev.warder.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.exchange.ExchangePhase.Action;
import dev.warder.exchange.ExchangePhase.Event;
import dev.warder.state.PhaseTable;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of phases and events. */
class ExchangePhaseTest {
    /** Phases, event, next phase, actions. Every pair that is not here changes nothing. */
    private static final String TABLE =
            """
            WAITING                                               | RESPONSE           | RESPONDING |
            RESPONDING                                            | UPSTREAM_ENDED     | RECEIVED   |
            RECEIVED                                              | COMPLETED          | COMPLETE   |
            RESPONDING                                            | COMPLETED          | AHEAD      |
            AHEAD                                                 | UPSTREAM_ENDED     | COMPLETE   |
            AHEAD                                                 | SENT               | TRAILING   | END_RECORD
            TRAILING                                              | UPSTREAM_ENDED     | ENDED      | END
            TRAILING                                              | FAULT              | ENDED      | END
            TRAILING                                              | ENDED_BY_CONTAINER | RETURNED   |
            TRAILING                                              | SENT               | ENDED      | END
            TRAILING                                              | CLIENT_GONE        | ENDED      | END
            TRAILING                                              | ABANDONED          | ENDED      | END
            TRAILING                                              | BROKEN             | ENDED      | END
            TRAILING                                              | NOT_LISTENING      | ENDED      | END
            WAITING RESPONDING RECEIVED COMPLETE AHEAD            | FAILED             | FAILING    | FAIL
            FAILING                                               | ERROR_QUEUED       | LINGERING  | DROP_REST
            CLOSING                                               | ERROR_QUEUED       | CLOSING    | DROP_REST END_RESPONSE
            WAITING RESPONDING RECEIVED COMPLETE AHEAD            | FAULT              | CLOSING    | FAIL
            FAILING LINGERING                                     | FAULT              | CLOSING    | END_OR_BREAK
            CLOSING                                               | FAULT              | ENDED      | BREAK END
            RETURNED                                              | FAULT              | ENDED      | END
            WAITING RESPONDING RECEIVED COMPLETE AHEAD            | ENDED_BY_CONTAINER | RETURNED   |
            FAILING LINGERING CLOSING                             | ENDED_BY_CONTAINER | RETURNED   |
            WAITING RESPONDING RECEIVED COMPLETE                  | SENT               | ENDED      | END
            FAILING LINGERING CLOSING RETURNED                    | SENT               | ENDED      | END
            WAITING RESPONDING RECEIVED COMPLETE AHEAD            | CLIENT_GONE        | ENDED      | LAST_WORD END
            FAILING LINGERING CLOSING                             | CLIENT_GONE        | ENDED      | LAST_WORD END
            RETURNED                                              | CLIENT_GONE        | ENDED      | END
            WAITING RESPONDING RECEIVED COMPLETE AHEAD            | ABANDONED          | ENDED      | BREAK_BEGUN END
            FAILING LINGERING CLOSING                             | ABANDONED          | ENDED      | BREAK_BEGUN END
            RETURNED                                              | ABANDONED          | ENDED      | END
            WAITING RESPONDING RECEIVED COMPLETE AHEAD            | BROKEN             | ENDED      | BREAK END
            FAILING LINGERING CLOSING                             | BROKEN             | ENDED      | BREAK END
            RETURNED                                              | BROKEN             | ENDED      | END
            WAITING RESPONDING RECEIVED COMPLETE AHEAD            | NOT_LISTENING      | ENDED      | BARE_ERROR END
            FAILING LINGERING CLOSING                             | NOT_LISTENING      | ENDED      | BARE_ERROR END
            RETURNED                                              | NOT_LISTENING      | ENDED      | END
            """;

    @Test
    void hasTheseStepsAndNoOthers() {
        assertThat(PhaseTable.of(ExchangePhase.values(), Event.values())).isEqualTo(PhaseTable.expanded(TABLE));
    }

    @ParameterizedTest
    @CsvSource({
        "WAITING, true, false",
        "RESPONDING, true, false",
        "RECEIVED, true, true",
        "COMPLETE, true, true",
        "AHEAD, true, true",
        "TRAILING, false, false",
        "FAILING, false, false",
        "LINGERING, false, false",
        "CLOSING, false, false",
        "RETURNED, false, false",
        "ENDED, false, false"
    })
    void isOpenUntilItFailsOrEnds(ExchangePhase phase, boolean open, boolean received) {
        assertThat(phase.isOpen()).isEqualTo(open);
        assertThat(phase.hasReceived()).isEqualTo(received);
    }

    /** Whatever happens, the end comes once and nothing follows it, and one error at most is sent. */
    @Test
    void endsOnceInEveryOrderOfEvents() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var events = PhaseTable.anyOf(Event.values(), random, 12);
            var done = PhaseTable.actions(ExchangePhase.WAITING, events, Event.ABANDONED);
            assertThat(done).endsWith(Action.END).containsOnlyOnce(Action.END);
            assertThat(done.stream().filter(Action.FAIL::equals)).hasSizeLessThan(2);
        }
    }

    /** A container may hold locks while it reports this. */
    @ParameterizedTest
    @EnumSource
    void doesNothingInTheContainersCallback(ExchangePhase phase) {
        assertThat(phase.on(Event.ENDED_BY_CONTAINER).actions()).isEmpty();
    }
}
