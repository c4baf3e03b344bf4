package dev.warder.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gates: what they are asked, and what follows from their verdicts. */
class PassageTest {
    private static final Set<Gate.Needs> HEAD = EnumSet.of(Gate.Needs.HEAD);
    private static final ErrorReply LIMIT = ErrorReply.rateLimited("The limit of the test is reached.", 1);
    private final RequestRecord record = Records.message(() -> 0);
    private final ScriptedGate first = new ScriptedGate("first", Gate.Needs.HEAD);
    private final ScriptedGate second = new ScriptedGate("second", Gate.Needs.HEAD);
    private final ScriptedGate body = new ScriptedGate("body", Gate.Needs.BODY);
    private final List<String> decided = new ArrayList<>();

    @Test
    void asksTheGatesOfEachRoundAndReleasesOnceAtTheEndOfTheRecord() {
        var passage = passage(first, body);
        ask(passage);
        assertThat(body.inquiries).isEmpty();
        assertThat(passage.ask(ScriptedGate.inquiry(record), EnumSet.of(Gate.Needs.BODY)))
                .isEmpty();
        await(passage);
        assertThat(decided).containsExactly("passed", "passed");
        assertThat(first.events).isEmpty();
        record.end(RequestEnd.OK, 0);
        passage.end(record.completed());
        assertThat(first.events).containsExactly("released");
        assertThat(body.events).containsExactly("released");
    }

    @Test
    void reportsADecisionThatComesBeforeItIsAwaited() {
        first.later();
        var passage = passage(first);
        passage.ask(ScriptedGate.inquiry(record), HEAD);
        first.decision.complete(Verdict.refused(LIMIT));
        await(passage);
        assertThat(decided).containsExactly("429");
    }

    /** A stage may be complete when it is returned. */
    @Test
    void refusesAtOnceWhereALaterVerdictIsThere() {
        first.later();
        first.decision.complete(Verdict.refused(LIMIT));
        assertThat(passage(first).ask(ScriptedGate.inquiry(record), HEAD)).contains(LIMIT);
    }

    @Test
    void twoGatesMayDecideLater() {
        first.later();
        second.later();
        ask(passage(first, second));
        first.decision.complete(Verdict.granted());
        assertThat(decided).isEmpty();
        second.decision.complete(Verdict.granted());
        assertThat(decided).containsExactly("passed");
    }

    @Test
    void withdrawsOnceAndReleasesALateGrantAtOnce() {
        first.later();
        var passage = passage(first, second);
        ask(passage);
        passage.withdraw();
        record.end(RequestEnd.OK, 0);
        assertThat(first.events).containsExactly("withdrawn");
        first.decision.complete(first.grant());
        assertThat(first.events).containsExactly("withdrawn", "released");
        assertThat(second.inquiries).isEmpty();
        assertThat(decided).isEmpty();
    }

    @Test
    void asksNoGateAfterAWithdrawal() {
        var passage = passage(first);
        passage.withdraw();
        ask(passage);
        assertThat(first.inquiries).isEmpty();
        assertThat(decided).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway")
    void aGateWithoutAVerdictRefuses() {
        first.returns(() -> null);
        assertThat(passage(first).ask(ScriptedGate.inquiry(record), HEAD).map(ErrorReply::status))
                .contains(503);
        second.later();
        ask(passage(second));
        second.decision.complete(null);
        assertThat(decided).containsExactly("503");
    }

    @Test
    void aLaterVerdictThatFailsRefuses() {
        first.later();
        ask(passage(first));
        first.decision.completeExceptionally(new IllegalStateException("a fault of the test"));
        assertThat(decided).containsExactly("503");
    }

    @Test
    void aReleaseThatThrowsKeepsNoOtherFromRunning() {
        first.returns(() -> Verdict.granted(() -> {
            throw new IllegalStateException("a fault of the test");
        }));
        ask(passage(first, second));
        record.end(RequestEnd.OK, 0);
        assertThat(second.events).containsExactly("released");
    }

    private Passage passage(Gate... gates) {
        return new Gates(Arrays.asList(gates), () -> 0).passage(record);
    }

    private void ask(Passage passage) {
        assertThat(passage.ask(ScriptedGate.inquiry(record), HEAD)).isEmpty();
        await(passage);
    }

    private void await(Passage passage) {
        passage.await(refusal -> decided.add(
                refusal.map(reply -> Integer.toString(reply.status())).orElse("passed")));
    }

    @Test
    void anInquiryShowsNoContent() {
        assertThat(ScriptedGate.inquiry(record)).hasToString("Inquiry[req_1]");
    }

    @ParameterizedTest
    @CsvSource({"Content-Encoding, gzip, true", "content-encoding, identity, false", "Accept-Encoding, gzip, false"})
    void aCodedBodyThatIsNotReadMayBeOfAnyLength(String name, String value, boolean coded) {
        var plain = ScriptedGate.inquiry(Records.message(() -> 0));
        var inquiry = new Inquiry(
                plain.call(),
                plain.client(),
                false,
                Optional.empty(),
                List.of(new Field(name, value)),
                Optional.empty());
        assertThat(inquiry.costs().prompt().isUnbounded()).isEqualTo(coded);
    }
}
