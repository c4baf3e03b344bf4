package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Limit;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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
        log.level("dev.warder", Level.INFO);
        upstream.keepBodies(200);
    }

    @Test
    void answersEveryRequestAlthoughEveryThirdFailsWithTheFirstCredential() throws Exception {
        var pool = pool("faults", several(120).with("timeouts.firstByte", NEVER_LATE.toSeconds() + "s"));
        upstream.on("/v1/messages", (request, reply) -> {
            int number = number(request.text());
            (sendings.getAndIncrement(number) == 0 ? fault(number) : Fault.NONE).run(request, reply);
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
            upstream.next(Fault.HANGS).script(Fault.NONE);
            assertText(200, ask(pool)).isEqualTo(FINE);
            assertThat(sentWith()).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
            upstream.clear();
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
                upstream.clear();
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
            eachRequestHasEnded();
        }
    }

    @Test
    void answersWithARealAnswerWhereConnectionsAreRefusedBehindIt() throws Exception {
        try (var doorway = new Doorway(upstream.uri())) {
            next((request, reply) -> {
                doorway.shut();
                reply.field("Connection", "close").json(529, Fault.OVERLOADED.body());
            });
            var pool = pool("refused", behind(doorway));
            assertText(529, ask(pool)).isEqualTo(Fault.OVERLOADED.body());
            assertThat(upstream.requests()).hasSize(1);
            Refusal.check(ask(pool), 502);
        }
    }

    /** Two credentials; without the question for models, which would take a connection of its own. */
    private Deployment behind(Doorway doorway) {
        return several(2).with("upstream.url", doorway.uri().toString()).with("openai.enabled", "false");
    }

    private Void ask(Container pool, int worker) throws Exception {
        try (var client = connect(pool)) {
            for (int number = worker; number < REQUESTS; number += WORKERS) {
                var fault = fault(number);
                var request =
                        authenticated(pool, "POST", "/v1/messages").json("{\"model\":\"m\",\"n\":" + number + "}");
                var answer = assertStatus(200, client.exchange(request));
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

    /**
     * A listener in front of an upstream that passes bytes on in both directions, spoils the handshakes that a test wants
     * spoilt, and refuses every connection once it is shut. Thread-safe.
     */
    private static final class Doorway implements AutoCloseable {
        private final URI behind;

        private final ServerSocket server;

        private final AtomicInteger spoilt = new AtomicInteger();

        private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

        /** Stands in front of this address. */
        Doorway(URI behind) throws IOException {
            this.behind = behind;
            this.server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
            begin("doorway", this::accept);
        }

        /** Where it listens, with the scheme of what is behind. */
        URI uri() {
            return URI.create(behind.getScheme() + "://127.0.0.1:" + server.getLocalPort());
        }

        /** Answers the next connection with something that is no TLS. */
        void spoilNext() {
            spoilt.incrementAndGet();
        }

        /** How many connections are still to be spoilt. */
        int toSpoil() {
            return spoilt.get();
        }

        /** Refuses every connection from now on; those that are open stay. */
        void shut() throws IOException {
            server.close();
        }

        @Override
        public void close() throws IOException {
            shut();
            for (var socket : sockets) {
                socket.close();
            }
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    pass(server.accept());
                } catch (IOException closed) {
                    // The loop looks whether it was the listener.
                }
            }
        }

        private void pass(Socket outside) throws IOException {
            sockets.add(outside);
            if (spoilt.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                outside.getOutputStream().write("220 speaks no TLS\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                outside.close();
                return;
            }
            var inside = new Socket(InetAddress.getLoopbackAddress(), behind.getPort());
            sockets.add(inside);
            begin("doorway-up", () -> copy(outside, inside));
            begin("doorway-down", () -> copy(inside, outside));
        }

        private static void copy(Socket from, Socket to) {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
                to.shutdownOutput();
            } catch (IOException gone) {
                closeBoth(from, to);
            }
        }

        private static void closeBoth(Socket one, Socket other) {
            try (one;
                    other) {
                one.shutdownInput();
            } catch (IOException gone) {
                // Both are closed, which is all that is wanted.
            }
        }

        private static void begin(String name, Runnable work) {
            var thread = new Thread(work, name);
            thread.setDaemon(true);
            thread.start();
        }
    }
}
