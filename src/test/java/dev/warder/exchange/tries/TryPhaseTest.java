package dev.warder.exchange.tries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.container.PhaseTable;
import org.junit.jupiter.api.Test;

/** The tables of one try, and of the walk through the credentials. Every pair that is not here changes nothing. */
class TryPhaseTest {
    private static final String TRY =
            """
            WAITING                                    | HEAD_REFUSED                 | REFUSED    |
            WAITING                                    | HEAD_FAILED                  | KEEPING    |
            WAITING                                    | HEAD_WHOLE                   | HOLDING    |
            WAITING                                    | HEAD_UNSURE                  | LOOKING    |
            WAITING                                    | HEAD_UNPROVEN                | WATCHING   | BEGIN PASS
            WAITING                                    | HEAD_FINAL                   | PASSING    | BEGIN JUDGE PASS FORGET
            WAITING HOLDING LOOKING                    | FAILED                       | OVER       | STOP REPORT_LOSS
            WAITING HOLDING LOOKING                    | TIMED_OUT                    | OVER       | STOP REPORT_TIMEOUT
            WAITING HOLDING LOOKING KEEPING ERROR_SEEN | CANCEL                       | OVER       | STOP
            REFUSED WATCHING PASSING COMPLETE          | CANCEL                       | OVER       | STOP
            HOLDING                                    | BYTE                         | PASSING    | BEGIN JUDGE PASS FORGET
            HOLDING LOOKING                            | END                          | COMPLETE   | BEGIN JUDGE PASS FORGET
            LOOKING                                    | FIRST_EVENT                  | PASSING    | BEGIN JUDGE PASS FORGET
            LOOKING                                    | ERROR_EVENT                  | ERROR_SEEN |
            LOOKING                                    | REFUSAL_EVENT                | REFUSED    |
            LOOKING KEEPING ERROR_SEEN                 | FULL                         | PASSING    | BEGIN JUDGE PASS FORGET
            KEEPING                                    | END                          | OVER       | STOP REPORT
            KEEPING                                    | FAILED REST_MISSING          | OVER       | STOP REPORT_BREAK
            ERROR_SEEN                                 | END FAILED REST_MISSING      | OVER       | STOP REPORT
            REFUSED                                    | FULL END FAILED REST_MISSING | OVER       | STOP REPORT_REFUSAL
            WATCHING                                   | FIRST_EVENT                  | PASSING    | JUDGE FORGET
            WATCHING                                   | END                          | COMPLETE   | DOUBT PASS_END
            WATCHING                                   | FAILED                       | COMPLETE   | DOUBT PASS_FAILURE
            PASSING                                    | END                          | COMPLETE   | PASS_END
            PASSING                                    | FAILED                       | COMPLETE   | PASS_FAILURE
            """;

    private static final String TRIES =
            """
            CREATED          | STARTED   | CHOOSING | CHOOSE
            CREATED CHOOSING | ABORTED   | ENDED    | CLOSE
            CHOOSING         | CHOSEN    | AWAITING | ASK
            CHOOSING         | NONE_LEFT | ENDED    | CLOSE GIVE_LAST
            AWAITING         | VALUE     | TRYING   | SEND
            AWAITING         | NO_VALUE  | CHOOSING | CHOOSE
            AWAITING         | ABORTED   | ENDED    | END_USE CLOSE
            TRYING           | FAILED    | CHOOSING | CHOOSE
            TRYING           | RENEWABLE | AWAITING | RENEW
            TRYING           | PASSED_ON | PASSED   | FORGET
            TRYING PASSED    | ABORTED   | ENDED    | CANCEL END_USE CLOSE
            """;

    @Test
    void aTryHasTheseStepsAndNoOthers() {
        assertThat(PhaseTable.of(TryPhase.values(), TryPhase.Event.values())).isEqualTo(PhaseTable.expanded(TRY));
    }

    @Test
    void theTriesHaveTheseStepsAndNoOthers() {
        assertThat(PhaseTable.of(TriesPhase.values(), TriesPhase.Event.values()))
                .isEqualTo(PhaseTable.expanded(TRIES));
    }
}
