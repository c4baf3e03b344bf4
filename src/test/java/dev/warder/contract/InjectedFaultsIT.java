package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.testkit.Turns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Thirty thousand requests, 3,000 in the gate, of which every third fails with the credential that is in front; the next one is healthy. There
 * are enough credentials for a next one, however many are benched. And failures that are the same for all credentials of
 * one address, by a {@link Doorway}.
 */
@Tag("one-container")
@Tag("turn-3")
class InjectedFaultsIT extends PoolContract {
    private static final int REQUESTS = Turns.of(3_000, 30_000);
    private static final int WORKERS = 8;
    private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");

    /** These bench nothing at once; their breaker closes again at the next success. */
    private static final List<Fault> OFTEN = List.of(
            Fault.FAULT,
            Fault.BAD_GATEWAY,
            Fault.UNAVAILABLE,
            Fault.OVERLOADED,
            Fault.RESET,
            Fault.CLOSED,
            Fault.GARBAGE,
            Fault.ERROR_FIRST,
            Fault.BREAKS_AFTER_ITS_FIRST_EVENT);

    private static final List<Fault> SELDOM = List.of(
            Fault.LIMITED_FOR_A_SECOND,
            Fault.LIMITED,
            Fault.LIMITED_FOR_A_SECOND,
            Fault.UNAUTHORIZED,
            Fault.LIMITED_FOR_A_SECOND,
            Fault.UNPAID,
            Fault.LIMITED_FOR_A_SECOND,
            Fault.FORBIDDEN);

    /** No honest response may be late: each request has an exact number of sendings. */
    private static final Duration NEVER_LATE = Limit.seconds(60);

    /** What a hanging request waits for. */
    private static final Duration FIRST_BYTE = Limit.seconds(1);

    private final AtomicIntegerArray sendings = new AtomicIntegerArray(REQUESTS);

    @BeforeAll
    final void hush() {
        ground.log().level("dev.warder", Level.INFO);
        ground.upstream().keepBodies(200);
    }

    @Test
    void answersEveryRequestAlthoughEveryThirdFailsWithTheFirstCredential() throws Exception {
        var pool = pool("faults", several(120).with("timeouts.firstByte", NEVER_LATE.toSeconds() + "s"));
        ground.upstream().on("/v1/messages", (request, reply) -> {
            int number = number(request.text());
            var first = sendings.getAndIncrement(number) == 0;
            (first ? fault(number) : Fault.NONE).run(request, reply);
        });
        var threads = Executors.newFixedThreadPool(WORKERS);
        try {
            var work = new ArrayList<Callable<Void>>();
            for (int worker = 0; worker < WORKERS; worker++) {
                int from = worker;
                work.add(() -> ask(pool, from));
            }
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        for (int number = 0; number < REQUESTS; number++) {
            assertThat(sendings.get(number))
                    .as("sendings of %d with %s", number, fault(number))
                    .isEqualTo(takesOver(fault(number)) ? 2 : 1);
        }
    }

    /** The time-out of these is short, so that an honest response of the next one may be late too: then it is the one after. */
    @Test
    void answersEveryRequestOfWhichTheFirstCredentialHangs() throws Exception {
        var pool = pool("hangs", several(120).with("timeouts.firstByte", FIRST_BYTE.toSeconds() + "s"));
        for (int i = 0; i < Turns.of(1, 10); i++) {
            ground.upstream().next(Fault.HANGS).script(Fault.NONE);
            var answer = ask(pool);
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.text()).isEqualTo(FINE);
            assertThat(sentWith()).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
            ground.upstream().clear();
        }
    }

    /** Between two failures of both each of them succeeds, so that no breaker opens. */
    @Test
    void answersWithTheLastRealAnswerOfAnyTwoFailures() throws Exception {
        var pool = pool("pairs", 2);
        for (var first : failures()) {
            for (var second : failures()) {
                next(first, second);
                var answer = ask(pool);
                var real = second.status() != 0 ? second : first;
                assertThat(answer.status()).isEqualTo(real.status() == 0 ? 502 : real.status());
                if (real.status() != 0) {
                    assertThat(answer.text()).as("%s, %s", first, second).isEqualTo(real.body());
                }
                next(Fault.FAULT, Fault.NONE, Fault.NONE);
                assertThat(ask(pool).text()).isEqualTo(FINE);
                assertThat(ask(pool).text()).isEqualTo(FINE);
                assertThat(sentWith()).containsExactly("c0", "c1", "c0", "c1", "c0");
                ground.upstream().clear();
            }
        }
    }

    /** Between two failures there is a success, so that no breaker opens. */
    @Test
    void takesTheNextCredentialWhereNoSecureConnectionIsMade() throws Exception {
        TestCertificate.shared().trustInThisJvm();
        try (var secured = ScriptedUpstream.tls(TestCertificate.shared());
                var doorway = new Doorway(secured.uri())) {
            secured.script(
                    (request, reply) -> reply.field("Connection", "close").json(200, Fault.NONE.body()));
            var pool = pool("tls", behind(doorway));
            for (int i = 0; i < Turns.of(10, 50); i++) {
                doorway.spoilNext();
                assertThat(ask(pool).text()).isEqualTo(FINE);
                assertThat(doorway.toSpoil()).isZero();
                assertThat(ask(pool).text()).isEqualTo(FINE);
                assertThat(name(secured.take())).isEqualTo("c1");
                assertThat(name(secured.take())).isEqualTo("c0");
            }
            assertThat(secured.requests()).hasSize(2 * Turns.of(10, 50));
            nothingIsLeft();
        }
    }

    @Test
    void answersWithARealAnswerWhereConnectionsAreRefusedBehindIt() throws Exception {
        try (var doorway = new Doorway(ground.upstream().uri())) {
            next((request, reply) -> {
                doorway.shut();
                reply.field("Connection", "close").json(529, Fault.OVERLOADED.body());
            });
            var pool = pool("refused", behind(doorway));
            var answer = ask(pool);
            assertThat(answer.status()).isEqualTo(529);
            assertThat(answer.text()).isEqualTo(Fault.OVERLOADED.body());
            assertThat(ground.upstream().requests()).hasSize(1);
            Refusal.check(ask(pool), 502, "api_error");
        }
    }

    /** Two credentials; without the question for models, which would take a connection of its own. */
    private Deployment behind(Doorway doorway) {
        return several(2).with("upstream.url", doorway.uri().toString()).with("openai.enabled", "false");
    }

    private Void ask(Container pool, int worker) throws Exception {
        try (var client = RawClient.connect(pool.baseUri())) {
            for (int number = worker; number < REQUESTS; number += WORKERS) {
                var fault = fault(number);
                var request =
                        authenticated(pool, "POST", "/v1/messages").json("{\"model\":\"m\",\"n\":" + number + "}");
                var answer = client.exchange(request);
                assertThat(answer.status())
                        .as("%d with %s: %s", number, fault, answer)
                        .isEqualTo(200);
                if (fault == Fault.BREAKS_AFTER_ITS_FIRST_EVENT) {
                    assertThat(answer.text()).startsWith(fault.body()).containsOnlyOnce("event: error");
                } else {
                    assertThat(answer.text()).isEqualTo(FINE);
                }
            }
        }
        return null;
    }

    private static List<Fault> failures() {
        return OFTEN.stream().filter(InjectedFaultsIT::takesOver).toList();
    }

    private static boolean takesOver(Fault fault) {
        return fault != Fault.NONE && fault != Fault.BREAKS_AFTER_ITS_FIRST_EVENT;
    }

    private static Fault fault(int number) {
        if (number % 291 == 0) {
            return SELDOM.get(number / 291 % SELDOM.size());
        }
        return number % 3 == 0 ? OFTEN.get(number / 3 % OFTEN.size()) : Fault.NONE;
    }

    private static int number(String body) {
        var found = NUMBER.matcher(body);
        assertThat(found.find()).isTrue();
        return Integer.parseInt(found.group(1));
    }
}
