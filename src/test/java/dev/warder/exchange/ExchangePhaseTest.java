package dev.warder.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.container.PhaseTable;
import dev.warder.exchange.ExchangePhase.Event;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of phases and events. */
class ExchangePhaseTest {
    /** Phases, events, next phase, actions. Every pair that is not here changes nothing. */
    private static final String TABLE =
            """
            WAITING | RESPONSE | RESPONDING |
            RESPONDING | UPSTREAM_ENDED | RECEIVED |
            RECEIVED | COMPLETED | COMPLETE |
            RESPONDING | COMPLETED | AHEAD |
            AHEAD | UPSTREAM_ENDED | COMPLETE |
            AHEAD | SENT | TRAILING | END_RECORD
            TRAILING | UPSTREAM_ENDED | ENDED | END
            WAITING RESPONDING RECEIVED COMPLETE AHEAD | FAILED | FAILING | FAIL
            FAILING | ERROR_QUEUED | LINGERING | DROP_REST
            CLOSING | ERROR_QUEUED | CLOSING | DROP_REST END_RESPONSE
            WAITING RESPONDING RECEIVED COMPLETE AHEAD | FAULT | CLOSING | FAIL
            FAILING LINGERING | FAULT | CLOSING | END_OR_BREAK
            CLOSING | FAULT | ENDED | BREAK END
            WAITING RESPONDING RECEIVED COMPLETE FAILING LINGERING CLOSING | SENT | ENDED | END
            WAITING RESPONDING RECEIVED COMPLETE AHEAD TRAILING FAILING LINGERING CLOSING | ENDED_BY_CONTAINER | RETURNED |
            WAITING RESPONDING RETURNED | CLIENT_GONE | LEFT | LAST_WORD LEAVE
            WAITING RESPONDING RETURNED | ABANDONED | LEFT | BREAK_BEGUN LEAVE
            LEFT | UPSTREAM_ENDED FAILED FAULT SENT ABANDONED BROKEN NOT_LISTENING | ENDED | END
            RECEIVED COMPLETE AHEAD FAILING LINGERING CLOSING | CLIENT_GONE | ENDED | LAST_WORD END
            RECEIVED COMPLETE AHEAD FAILING LINGERING CLOSING | ABANDONED | ENDED | BREAK_BEGUN END
            WAITING RESPONDING RECEIVED COMPLETE AHEAD FAILING LINGERING CLOSING | BROKEN | ENDED | BREAK END
            WAITING RESPONDING RECEIVED COMPLETE AHEAD FAILING LINGERING CLOSING | NOT_LISTENING | ENDED | BARE_ERROR END
            TRAILING | FAULT SENT CLIENT_GONE ABANDONED BROKEN NOT_LISTENING | ENDED | END
            RETURNED | FAULT SENT BROKEN NOT_LISTENING | ENDED | END
            """;

    @Test
    void hasTheseStepsAndNoOthers() {
        assertThat(PhaseTable.of(ExchangePhase.values(), Event.values())).isEqualTo(PhaseTable.expanded(TABLE));
    }

    @ParameterizedTest
    @EnumSource
    void isOpenUntilItFailsOrEnds(ExchangePhase phase) {
        var received = EnumSet.of(ExchangePhase.RECEIVED, ExchangePhase.COMPLETE, ExchangePhase.AHEAD);
        var before = EnumSet.of(ExchangePhase.WAITING, ExchangePhase.RESPONDING);
        assertThat(phase.hasReceived()).isEqualTo(received.contains(phase));
        assertThat(phase.isOpen()).isEqualTo(received.contains(phase) || before.contains(phase));
    }
}
