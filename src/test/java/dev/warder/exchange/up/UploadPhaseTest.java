package dev.warder.exchange.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.container.PhaseTable;
import dev.warder.exchange.up.UploadPhase.Event;
import org.junit.jupiter.api.Test;

/** The table of phases and events. */
class UploadPhaseTest {
    /** Phases, event, next phase, actions. Every pair that is not here changes nothing. */
    private static final String TABLE =
            """
            CREATED                            | STARTED  | AT_HEAD_GATES |
            AT_HEAD_GATES                      | ADMITTED | OPENED        | OPEN
            OPENED                             | PREPARED | AT_BODY_GATES | ASK
            OPENED                             | READY    | SENDING       | SEND
            AT_BODY_GATES                      | ADMITTED | SENDING       | SEND
            SENDING                            | RESPONSE | RESPONDING    | CHECK
            RESPONDING                         | NO_MORE  | SENT          | RELEASE
            CREATED                            | END      | NEVER_STARTED | WITHDRAW CLOSE RELEASE
            AT_HEAD_GATES OPENED AT_BODY_GATES | END      | ENDED         | WITHDRAW CLOSE RELEASE
            SENDING RESPONDING                 | END      | ENDED         | CLOSE ABORT RELEASE
            SENT                               | END      | ENDED         | CLOSE ABORT
            """;

    @Test
    void hasTheseStepsAndNoOthers() {
        assertThat(PhaseTable.of(UploadPhase.values(), Event.values())).isEqualTo(PhaseTable.expanded(TABLE));
    }
}
