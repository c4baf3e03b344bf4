package dev.warder.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Bodies;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.json.BodyCosts;
import dev.warder.json.JsonException;
import dev.warder.json.OutlineScanner;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gates: what they are asked, and what follows from their verdicts. */
class PassageTest {
    private static final Set<Gate.Needs> HEAD = EnumSet.of(Gate.Needs.HEAD);
    private static final Set<Gate.Needs> BODY = EnumSet.of(Gate.Needs.BODY);
    private static final ErrorReply LIMIT = ErrorReply.rateLimited("The limit of the test is reached.", 1);
    private final RequestRecord record = Records.message(() -> 0);
    private final ScriptedGate first = new ScriptedGate("first", Gate.Needs.HEAD);
    private final ScriptedGate second = new ScriptedGate("second", Gate.Needs.HEAD);
    private final ScriptedGate body = new ScriptedGate("body", Gate.Needs.BODY);
    private final List<String> decided = new ArrayList<>();
    private long now;

    @Test
    void passesAtOnceAndReleasesAtTheEndOfTheRecord() {
        var passage = passage(first, body);
        assertThat(passage.ask(ScriptedGate.inquiry(record), HEAD)).isEmpty();
        assertThat(passage.isWaiting()).isFalse();
        assertThat(body.inquiries).isEmpty();
        await(passage);
        assertThat(decided).containsExactly("passed");
        assertThat(passage.ask(ScriptedGate.inquiry(record), BODY)).isEmpty();
        await(passage);
        assertThat(decided).containsExactly("passed", "passed");
        assertThat(first.events).isEmpty();
        end();
        assertThat(first.events).containsExactly("released");
        assertThat(body.events).containsExactly("released");
        passage.end(record.completed());
        assertThat(first.events).containsExactly("released");
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
        var passage = passage(first, second);
        passage.ask(ScriptedGate.inquiry(record), HEAD);
        await(passage);
        first.decision.complete(Verdict.granted());
        assertThat(decided).isEmpty();
        second.decision.complete(Verdict.granted());
        assertThat(decided).containsExactly("passed");
    }

    @Test
    void withdrawsOnceAndReleasesALateGrantAtOnce() {
        first.later();
        var passage = passage(first, second);
        passage.ask(ScriptedGate.inquiry(record), HEAD);
        await(passage);
        passage.withdraw();
        passage.withdraw();
        assertThat(first.events).containsExactly("withdrawn");
        first.decision.complete(first.grant());
        assertThat(first.events).containsExactly("withdrawn", "released");
        end();
        assertThat(first.events).containsExactly("withdrawn", "released");
        assertThat(second.inquiries).isEmpty();
        assertThat(decided).isEmpty();
    }

    @Test
    void theEndOfTheRecordWithdraws() {
        first.later();
        passage(first).ask(ScriptedGate.inquiry(record), HEAD);
        end();
        assertThat(first.events).containsExactly("withdrawn");
    }

    @Test
    void asksNoGateAfterAWithdrawal() {
        var passage = passage(first);
        passage.withdraw();
        assertThat(passage.ask(ScriptedGate.inquiry(record), HEAD)).isEmpty();
        await(passage);
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
        var passage = passage(second);
        passage.ask(ScriptedGate.inquiry(record), HEAD);
        await(passage);
        second.decision.complete(null);
        assertThat(decided).containsExactly("503");
    }

    @Test
    void aLaterVerdictThatFailsRefuses() {
        first.later();
        var passage = passage(first);
        passage.ask(ScriptedGate.inquiry(record), HEAD);
        await(passage);
        first.decision.completeExceptionally(new IllegalStateException("a fault of the test"));
        assertThat(decided).containsExactly("503");
    }

    @Test
    void aReleaseThatThrowsKeepsNoOtherFromRunning() {
        first.returns(() -> Verdict.granted(() -> {
            throw new IllegalStateException("a fault of the test");
        }));
        var passage = passage(first, second);
        passage.ask(ScriptedGate.inquiry(record), HEAD);
        end();
        assertThat(second.events).containsExactly("released");
    }

    @Test
    void releasesAfterAnEndWhoseRecordCouldNotBeMade() {
        var passage = passage(first, second);
        passage.ask(ScriptedGate.inquiry(record), HEAD);
        passage.end(Optional.empty());
        assertThat(first.events).containsExactly("released");
        assertThat(second.events).containsExactly("released");
        end();
        assertThat(first.events).containsExactly("released");
    }

    @Test
    void aListenerThatThrowsLeavesNoRequestWaiting() {
        first.later();
        var passage = passage(first);
        passage.ask(ScriptedGate.inquiry(record), HEAD);
        passage.await(refusal -> {
            throw new IllegalStateException("a fault of the test");
        });
        first.decision.complete(first.grant());
        await(passage);
        assertThat(decided).containsExactly("503");
    }

    private Passage passage(Gate... gates) {
        return new Gates(Arrays.asList(gates), () -> now).passage(record);
    }

    private void await(Passage passage) {
        passage.await(refusal -> decided.add(
                refusal.map(reply -> Integer.toString(reply.status())).orElse("passed")));
    }

    private void end() {
        record.end(RequestEnd.OK, 0);
    }

    @Test
    void anInquiryShowsFactsAndNoContent() throws JsonException {
        var plain = ScriptedGate.inquiry(Records.message(() -> 0));
        var json = "{\"model\":\"alias\",\"stream\":true,\"max_tokens\":9}";
        var outline = OutlineScanner.outline(Bodies.of(json));
        var content = new Inquiry.Content(json.length(), outline, Optional.of("claude-x"), OptionalLong.of(9));
        assertThat(plain.model()).isEmpty();
        assertThat(plain.streams()).isFalse();
        assertThat(plain.maxTokens()).isEmpty();
        var inquiry = plain.with(content);
        assertThat(inquiry.model()).contains("claude-x");
        assertThat(inquiry.streams()).isTrue();
        assertThat(inquiry.maxTokens()).hasValue(9);
        assertThat(inquiry.sessionId()).contains("conversation");
        assertThat(inquiry).hasToString("Inquiry[req_1]");
        assertThat(inquiry.costs()).isEqualTo(BodyCosts.NONE);
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
