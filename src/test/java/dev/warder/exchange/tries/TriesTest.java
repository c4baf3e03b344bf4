package dev.warder.exchange.tries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.credential.Candidates;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.ManagedSettings.PoolOrder;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.tries.TriedResponse.FirstEvent;
import dev.warder.exchange.tries.TriesContext.Replays;
import dev.warder.exchange.tries.Try.Waiting;
import dev.warder.record.Records;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tries of a request, their budget, and the first event of a stream. */
class TriesTest {
    private static final String REJECTED = "own 502 The upstream refused the gateway's credential \"%s\".";
    private static final String EVENT_STREAM = "text/event-stream";
    private static final String OVERLOADED = "event: error\ndata: {\"error\":{\"type\":\"overloaded_error\"}}\n\n";
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final Replays replays = new Replays(open::get);
    private final TriedUpstream upstream = new TriedUpstream();

    @Test
    void keepsAnErrorEventAsTheAnswerThatItIsHoweverItsConnectionEnds() {
        start(pool(key("a"), key("b")));
        upstream.begin(200, EVENT_STREAM);
        upstream.piece(OVERLOADED);
        upstream.lose(new IOException("reset"));
        upstream.lose(new ConnectException("refused"));
        assertThat(upstream.credentials()).containsExactly("a", "b");
        assertThat(upstream.passed()).isEqualTo("200 " + OVERLOADED + " end");
    }

    @Test
    void passesAStreamOnWhoseFirstEventIsTooLargeToLookAt() {
        start(pool(key("a"), key("b")));
        upstream.begin(200, EVENT_STREAM);
        upstream.piece("event: error\ndata: " + "x".repeat(64 * 1024));
        assertThat(upstream.passed()).startsWith("200 event: error");
    }

    @Test
    void passesAStreamOnThatEndsBeforeItsFirstEvent() {
        start(pool(key("a"), key("b")));
        upstream.begin(200, EVENT_STREAM);
        upstream.piece("event: err");
        assertThat(upstream.passed()).isEmpty();
        upstream.endLast();
        assertThat(upstream.passed()).isEqualTo("200 event: err end");
    }

    @Test
    void takesTheNextCredentialWhereAStreamBreaksBeforeItsFirstEvent() {
        start(pool(key("a"), key("b")));
        upstream.begin(200, EVENT_STREAM);
        upstream.piece(": comment\n\nevent: mess");
        upstream.lose(new IOException("reset"));
        upstream.answer(200, "fine");
        assertThat(upstream.passed()).isEqualTo("200 fine end");
    }

    @Test
    void sendsNoNewRequestWithACredentialThatHangsUntilAProbeWentWell() {
        var pool = pool(key("a"), key("b"));
        var waiting = start(pool);
        var alsoWaiting = start(pool);
        assertThat(upstream.credentials()).containsExactly("a", "a");
        var hanging = upstream.last();
        late(waiting, Waiting.RESPONSE);
        assertThat(upstream.credentials()).containsExactly("a", "a", "b");
        upstream.answer(200, "better");
        start(pool);
        assertThat(upstream.credentials()).endsWith("b", "b");
        TriedUpstream.head(hanging, 204, null);
        hanging.end();
        assertThat(upstream.passed()).isEqualTo("200 better end204 end");
        late(alsoWaiting, Waiting.RESPONSE);
        pass(Duration.ofSeconds(31));
        start(pool);
        assertThat(upstream.credentials()).endsWith("b", "a");
        start(pool);
        assertThat(upstream.credentials()).endsWith("a", "b");
    }

    @Test
    void givesTheProbeBackWhenItsClientGoesAway() {
        var pool = pool(key("a"), key("b"));
        late(start(pool), Waiting.RESPONSE);
        upstream.answer(200, "better");
        pass(Duration.ofSeconds(31));
        var probe = start(pool);
        assertThat(upstream.credentials()).endsWith("b", "a");
        probe.abort();
        start(pool);
        assertThat(upstream.credentials()).endsWith("a", "a");
    }

    @Test
    void givesAnAnswerUpThatIsKeptBackAndDoesNotEnd() {
        var tries = start(pool(key("a"), key("b")));
        upstream.begin(529, "application/json");
        late(tries, Waiting.RESPONSE);
        assertThat(upstream.credentials()).containsExactly("a");
        late(tries, Waiting.REST);
        upstream.answer(200, "fine");
        assertThat(upstream.passed()).isEqualTo("200 fine end");
    }

    @Test
    void givesItsPartOfTheBudgetBack() {
        for (int i = 0; i < 9; i++) {
            var tries = start(pool(key("a"), key("b"), key("c")));
            upstream.answer(500, "a");
            upstream.answer(500, "b");
            assertThat(upstream.credentials()).endsWith("a", "b", "c");
            switch (i % 3) {
                case 0 -> upstream.answer(200, "c");
                case 1 -> upstream.lose(new IOException("reset"));
                default -> tries.abort();
            }
        }
    }

    @Test
    void renewsEachLoginThatIsRefused() {
        start(pool(login("a"), login("b")));
        for (int i = 0; i < 4; i++) {
            upstream.answer(401, "expired");
        }
        assertThat(upstream.credentials()).containsExactly("a", "a", "b", "b");
        assertThat(upstream.passed()).isEqualTo(REJECTED.formatted("b"));
    }

    @Test
    void neverRefusesTheFirstFailoverBehindARenewal() {
        spendTheBudget();
        start(pool(login("a"), key("b")));
        upstream.answer(401, "expired");
        upstream.answer(401, "expired");
        assertThat(upstream.credentials()).endsWith("a", "a", "b");
    }

    @Test
    void neverRefusesARenewalBehindTheFirstFailover() {
        spendTheBudget();
        start(pool(key("a"), login("b")));
        upstream.answer(529, "busy");
        upstream.answer(401, "expired");
        assertThat(upstream.credentials()).endsWith("a", "b", "b");
    }

    @Test
    void sendsWithTheNextCredentialWhatWasNotSentAtAll() {
        start(pool(RenewedSource.lost("a"), key("b"), key("c")), false);
        assertThat(upstream.credentials()).containsExactly("b");
        upstream.answer(529, "busy");
        assertThat(upstream.credentials()).containsExactly("b");
    }

    @Test
    void takesTheNextCredentialWhereOneCannotBeRenewed() {
        var renewal = new CompletableFuture<UpstreamCredential>();
        start(pool(new RenewedSource("a", true, renewal), key("b")));
        upstream.answer(401, "expired");
        assertThat(upstream.credentials()).containsExactly("a");
        renewal.completeExceptionally(CredentialSource.UnavailableException.passing("later"));
        assertThat(upstream.credentials()).containsExactly("a", "b");
    }

    @Test
    void renewsALoginThatWasRefusedWhateverBecomesOfTheRestOfTheAnswer() {
        start(pool(login("a"), key("b")));
        upstream.begin(401, "application/json");
        upstream.lose(new IOException("reset"));
        assertThat(upstream.credentials()).containsExactly("a", "a");
        var tries = start(pool(login("c"), key("d")));
        upstream.begin(401, "application/json");
        late(tries, Waiting.REST);
        assertThat(upstream.credentials()).endsWith("c", "c");
    }

    @Test
    void tellsAnErrorEventWhoseStreamDoesNotEnd() {
        var tries = start(pool(key("a"), key("b")));
        upstream.begin(200, EVENT_STREAM);
        upstream.piece(OVERLOADED);
        late(tries, Waiting.REST);
        upstream.lose(new ConnectException("refused"));
        assertThat(upstream.passed()).isEqualTo("200 " + OVERLOADED + " end");
    }

    @Test
    void leavesALoginAloneThatIsRefusedAndCannotBeRenewed() {
        var renewal = CompletableFuture.<UpstreamCredential>failedFuture(
                CredentialSource.UnavailableException.passing("no answer from the token endpoint"));
        var pool = pool(new RenewedSource("a", true, renewal), key("b"));
        start(pool);
        upstream.answer(401, "expired");
        upstream.answer(200, "better");
        start(pool);
        assertThat(upstream.credentials()).containsExactly("a", "b", "b");
    }

    @Test
    void blamesNoCredentialForAClientThatIsGone() {
        var pool = pool(key("a"), key("b"));
        for (int i = 0; i < 6; i++) {
            var tries = start(pool);
            upstream.answer(403, "no");
            assertThat(upstream.credentials()).endsWith("a", "b");
            var better = upstream.last();
            tries.abort();
            TriedUpstream.head(better, 204, null);
            better.end();
        }
        start(pool);
        assertThat(upstream.credentials()).endsWith("a");
    }

    @Test
    void freesAProbeThatFailedForAClientThatIsGone() {
        var pool = pool(key("a"), key("b"));
        late(start(pool), Waiting.RESPONSE);
        upstream.answer(200, "better");
        pass(Duration.ofSeconds(31));
        var probe = start(pool);
        upstream.answer(529, "busy");
        assertThat(upstream.credentials()).endsWith("a", "b");
        probe.abort();
        start(pool);
        assertThat(upstream.credentials()).endsWith("b", "a");
    }

    @Test
    void blamesAtTheFirstByteOfAWholeResponse() {
        var pool = pool(key("a"), key("b"));
        start(pool);
        upstream.answer(403, "no");
        upstream.begin(200, "application/json");
        var whole = upstream.last();
        start(pool).abort();
        assertThat(upstream.credentials()).containsExactly("a", "b", "a");
        TriedUpstream.piece(whole, "{");
        start(pool);
        assertThat(upstream.credentials()).endsWith("b");
    }

    @Test
    void takesTheNextCredentialWhereAValueNeverComes() {
        var never = new CompletableFuture<UpstreamCredential>();
        var tries = start(pool(new RenewedSource("a", true, never, never), key("b")));
        late(tries, Waiting.RESPONSE);
        assertThat(upstream.credentials()).isEmpty();
        late(tries, Waiting.VALUE);
        assertThat(upstream.credentials()).containsExactly("b");
        never.complete(RenewedSource.token("late"));
        assertThat(upstream.credentials()).containsExactly("b");
    }

    @Test
    void givesTheProbeBackWhenItsClientGoesAwayBeforeAValueComes() {
        var value = new CompletableFuture<UpstreamCredential>();
        var slow = new RenewedSource("a", true, value, value);
        var pool = pool(slow, key("b"));
        late(start(pool), Waiting.VALUE);
        for (int i = 0; i < 4; i++) {
            late(start(pool), Waiting.VALUE);
        }
        pass(Duration.ofSeconds(31));
        start(pool).abort();
        assertThat(pool.candidates(Client.OPEN, Optional.empty())
                        .next()
                        .orElseThrow()
                        .source())
                .isEqualTo(slow);
    }

    /** The response is read on without the client, and no other one can follow. */
    @Test
    void passesOnWhatWasKeptBackWhereTheClientLeavesBeforeTheNextValueComes() {
        for (var outdated : List.of(true, false)) {
            var value = new CompletableFuture<UpstreamCredential>();
            var waits = new RenewedSource(
                    "b", true, outdated ? RenewedSource.login("b").current(Client.OPEN) : value, value);
            var tries = start(outdated ? pool(waits) : pool(key("a"), waits));
            upstream.answer(outdated ? 401 : 529, "no");
            tries.passedOn();
            value.complete(RenewedSource.token("late"));
        }
        assertThat(upstream.credentials()).containsExactly("b", "a");
        assertThat(upstream.passed()).isEqualTo(REJECTED.formatted("b") + "529 no end");
    }

    private static void late(Tries tries, Waiting what) {
        tries.check(what::equals);
    }

    private void spendTheBudget() {
        for (int i = 0; i < 3; i++) {
            assertThat(replays.enter()).isTrue();
        }
    }

    private Tries start(CredentialPool pool) {
        return start(pool, true);
    }

    private Tries start(CredentialPool pool, boolean repeatable) {
        var tries = upstream.tries(Records.message(nanos::get), replays);
        tries.begin(TriedUpstream.outgoing(repeatable), candidates(pool));
        return tries;
    }

    private static Candidates candidates(CredentialPool pool) {
        return pool.candidates(Client.OPEN, Optional.empty()).of(true, true, Optional.of("claude-x"));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private CredentialPool pool(CredentialSource... sources) {
        var entries = List.of(sources).stream()
                .map(source -> new CredentialPool.Entry(source, 1, TriedUpstream.api(upstream)))
                .toList();
        return new CredentialPool(entries, PoolOrder.ORDERED, nanos::get, () -> Instant.EPOCH.plusNanos(nanos.get()));
    }

    private static CredentialSource key(String name) {
        return RenewedSource.key(name);
    }

    private static CredentialSource login(String name) {
        return RenewedSource.login(name);
    }

    @Test
    void grantsThreeHoweverFewExchangesAreOpen() {
        assertThat(granted()).isEqualTo(3);
    }

    @Test
    void grantsAFifthOfTheOpenExchanges() {
        open.set(101);
        assertThat(granted()).isEqualTo(20);
    }

    @Test
    void grantsAgainWhatWasGivenBack() {
        assertThat(granted()).isEqualTo(3);
        replays.leave();
        assertThat(granted()).isEqualTo(1);
    }

    @Test
    void takesNothingForARefusal() {
        assertThat(granted()).isEqualTo(3);
        assertThat(replays.enter()).isFalse();
        replays.leave();
        replays.leave();
        replays.leave();
        assertThat(granted()).isEqualTo(3);
    }

    private int granted() {
        int granted = 0;
        while (replays.enter()) {
            granted++;
        }
        return granted;
    }

    @ParameterizedTest
    @CsvSource({
        "authentication_error, 401",
        "billing_error, 402",
        "permission_error, 403",
        "rate_limit_error, 429",
        "api_error, 500",
        "timeout_error, 503",
        "overloaded_error, 529",
        "an_error_of_tomorrow, 500",
        "invalid_request_error, 0",
        "not_found_error, 0",
        "request_too_large, 0",
    })
    void standsForTheStatusOfItsType(String type, int status) {
        String data = "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"no\"}}";
        assertThat(statusOf("error", data)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{",
                "{}",
                "{\"error\":null}",
                "{\"error\":\"overloaded_error\"}",
                "{\"error\":{}}",
                "{\"error\":{\"type\":7}}"
            })
    void isAnErrorOfTheUpstreamWhateverItsData(String data) {
        assertThat(statusOf("error", data)).isEqualTo(500);
    }

    @Test
    void isAnErrorOfTheUpstreamHoweverDeepItsData() {
        assertThat(statusOf("error", "{\"error\":" + "[".repeat(30_000))).isEqualTo(500);
    }

    @Test
    void isNoErrorUnderAnotherName() {
        assertThat(statusOf("message_start", "{\"error\":{\"type\":\"overloaded_error\"}}"))
                .isZero();
    }

    private static int statusOf(String name, String data) {
        var first = new FirstEvent();
        String stream = "event: " + name + "\ndata: " + data + "\n\nevent: error\ndata: {}\n\n";
        assertThat(first.feed(stream.getBytes(StandardCharsets.UTF_8))).isTrue();
        return first.status();
    }
}
