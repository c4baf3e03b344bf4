package dev.warder.exchange.tries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.container.CallbackGuard;
import dev.warder.container.CallbackGuard.FaultHandler;
import dev.warder.credential.Candidates;
import dev.warder.credential.CountedUses;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.exchange.tries.TriesContext.Replays;
import dev.warder.http.Field;
import dev.warder.record.Records;
import dev.warder.testkit.Turns;
import dev.warder.upstream.SentExchange;
import dev.warder.upstream.UpstreamClient;
import dev.warder.upstream.UpstreamExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The tries of one request in thousands of orders: a seeded scheduler permutes values, responses, the timer and the abort, and
 * lets each callback throw.
 */
@Tag("turn-3")
class TriesInterleavingTest {
    /** The tries log each request that cannot be sent; held because the logging framework keeps no logger. */
    private static final Logger LOG = Logger.getLogger(Tries.class.getName());

    private static final int RUNS = Turns.of(2_500, 10_000);
    private static final int PLACES = 3;

    @BeforeAll
    static void silence() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void restore() {
        LOG.setLevel(null);
    }

    @Test
    void givesOneResultInEveryOrder() {
        int passed = 0;
        int failed = 0;
        int renewed = 0;
        int third = 0;
        int faulted = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            var run = new Run(seed);
            run.all();
            run.check();
            passed += run.heads;
            failed += run.failures;
            renewed += run.sends > run.tried.size() ? 1 : 0;
            third += run.tried.size() > 2 ? 1 : 0;
            faulted += run.faulted ? 1 : 0;
        }
        System.out.printf(
                "[tries] %d passed on, %d failed, %d renewed, %d third tries, %d faults%n",
                passed, failed, renewed, third, faulted);
        assertThat(List.of(passed, failed, renewed, third, faulted)).allMatch(each -> each > RUNS / 25);
    }

    /** A fault of the test. */
    private static final class Planted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** One order. */
    private static final class Run implements UpstreamClient.Sender, ResponseSink, FaultHandler {
        private final int seed;
        private final Random random;
        private final boolean faulty;
        private final boolean repeatable;
        private final int taken;
        private final Replays replays = new Replays(() -> 0);
        private final CountedUses uses = new CountedUses();
        private final List<Deque<Runnable>> queues = new ArrayList<>();
        private final List<String> violations = new ArrayList<>();
        private final Set<String> tried = new LinkedHashSet<>();
        private final Candidates candidates;
        private final Tries tries;
        private final int sources;
        private boolean aborted;
        private boolean faulted;
        private boolean silent;
        private int sends;
        private int heads;
        private int ends;
        private int failures;

        Run(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.faulty = random.nextInt(3) == 0;
            this.repeatable = random.nextInt(5) > 0;
            this.taken = random.nextInt(PLACES + 1);
            for (int i = 0; i < taken; i++) {
                replays.enter();
            }
            this.sources = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(4);
            var credentials = new ArrayList<CredentialSource>();
            for (int i = 0; i < sources; i++) {
                credentials.add(new ScriptedSource("c" + i, random.nextInt(3) > 0, random, this::later, this::asked));
            }
            candidates = uses.candidates(credentials, TriedUpstream.api(this), random.nextInt(5) > 0, repeatable);
            tries = TriedUpstream.tries(this, Records.message(() -> 0), replays, use -> maybeThrow(), () -> {
                maybeThrow();
                return 0;
            });
        }

        void all() {
            for (int i = random.nextInt(3); i > 0; i--) {
                later(() -> check(random.nextInt(4) == 0));
            }
            if (random.nextInt(4) == 0) {
                later(this::abort);
            }
            guard(() -> tries.begin(TriedUpstream.outgoing(repeatable), candidates));
            drain();
            // The time of whatever is still waited for is over, as often as there can be something.
            for (int i = 0; i < 2 * sources + 2; i++) {
                guard(() -> check(true));
                drain();
            }
        }

        void check() {
            if (!aborted) {
                boolean passes = heads == 1 && failures + ends == 0 && silent;
                assertThat(passes ? 1 : failures + ends)
                        .as("one result, seed %d", seed)
                        .isEqualTo(1);
            }
            assertThat(heads).as("heads, seed %d", seed).isLessThan(2);
            assertThat(failures + ends).as("ends, seed %d", seed).isLessThan(2);
            guard(this::abort);
            drain();
            guard(() -> check(true));
            drain();
            assertThat(violations).as("seed %d", seed).isEmpty();
            assertThat(uses.outcomes())
                    .as("outcomes of the uses, seed %d", seed)
                    .allMatch(each -> each.size() == 1);
            for (int i = taken; i < PLACES; i++) {
                assertThat(replays.enter()).as("places, seed %d", seed).isTrue();
            }
            assertThat(replays.enter()).as("places, seed %d", seed).isFalse();
        }

        private void drain() {
            queues.removeIf(Deque::isEmpty);
            while (!queues.isEmpty()) {
                var next = queues.get(random.nextInt(queues.size())).removeFirst();
                guard(next);
                queues.removeIf(Deque::isEmpty);
            }
        }

        private void later(Runnable task) {
            queues.add(new ArrayDeque<>(List.of(task)));
        }

        private void check(boolean late) {
            tries.check(what -> {
                maybeThrow();
                return late || random.nextInt(4) == 0;
            });
        }

        /** As an exchange ends. */
        private void abort() {
            try {
                tries.abort();
            } finally {
                aborted = true;
            }
        }

        private void guard(Runnable callback) {
            CallbackGuard.run(callback::run, this);
        }

        private void maybeThrow() {
            if (faulty && random.nextInt(30) == 0) {
                throw new Planted();
            }
        }

        private void expect(boolean holds, String what) {
            if (!holds) {
                violations.add(what);
            }
        }

        @Override
        public void fault(Throwable cause) {
            faulted = true;
            expect(cause instanceof Planted, "a fault: " + cause);
            CallbackGuard.run(this::abort, again -> expect(again instanceof Planted, "another: " + again));
        }

        @Override
        public HttpHost host() {
            return new HttpHost("127.0.0.1");
        }

        @Override
        public UpstreamExchange execute(
                boolean streams,
                AsyncRequestProducer request,
                AsyncResponseConsumer<Void> consumer,
                FutureCallback<Void> callback) {
            var with = (Try) request;
            sends++;
            tried.add(with.use().source().name());
            expect(!aborted, "sent after the abort");
            expect(heads + failures == 0, "sent after a result");
            expect(repeatable || sends == 1, "sent twice");
            expect(taken < PLACES || tried.size() < 3, "sent a third time without a place");
            expect(tried.size() <= sources && sends <= 2 * sources, "sent too often");
            if (random.nextInt(20) == 0) {
                throw new IllegalStateException("it cannot be sent");
            }
            var sent = new ScriptedTry(with);
            maybeThrow();
            if (random.nextInt(15) == 0) {
                sent.steps().clear();
                with.failed(ScriptedResponse.lost(random));
            }
            if (random.nextInt(25) == 0) {
                // As a meter does that cuts the request.
                abort();
            }
            queues.add(sent.steps());
            return SentExchange.endedBy(sent::cancel);
        }

        private void asked() {
            expect(!aborted, "a value asked for after the abort");
            maybeThrow();
        }

        @Override
        public void head(ResponseHead head, Flow flow) {
            heads++;
            expect(!aborted, "a head after the abort");
            expect(failures == 0, "a head after a failure");
            expect(head.status() != 401, "the response to a refused credential");
            expect(head.eventStream() || uses.open() == 0, "a head before the judgement");
            maybeThrow();
        }

        @Override
        public void piece(byte[] bytes, int read) {
            expect(!aborted, "a piece after the abort");
            expect(heads == 1 && ends + failures == 0, "a piece outside of a response");
            maybeThrow();
        }

        @Override
        public void end() {
            ends++;
            expect(!aborted, "an end after the abort");
            expect(heads == 1, "an end without a head");
            expect(uses.open() == 0, "an end before the judgement");
            if (random.nextInt(4) == 0) {
                abort();
            }
            maybeThrow();
        }

        @Override
        public void failed(Failure failure) {
            failures++;
            expect(!aborted, "a failure after the abort");
            expect(uses.open() == 0, "a failure before the uses were ended");
            abort();
            maybeThrow();
        }

        /** A try that is sent, and its response. */
        private final class ScriptedTry {
            private final Try owner;
            private final ScriptedResponse response;

            ScriptedTry(Try owner) {
                this.owner = owner;
                if (random.nextBoolean()) {
                    owner.sendBegins();
                }
                this.response = new ScriptedResponse(random, owner);
                silent = response.isSilent();
            }

            Deque<Runnable> steps() {
                return response.steps();
            }

            /** What was on its way may still come. */
            void cancel() {
                if (random.nextBoolean()) {
                    steps().clear();
                } else if (random.nextBoolean()) {
                    steps().clear();
                    steps().add(() -> owner.failed(ScriptedResponse.lost(random)));
                }
                maybeThrow();
            }
        }
    }

    /**
     * A credential whose values come at once, later, or never, or fail, as a seed has it.
     *
     * @param later runs a task at some time
     * @param fault throws now and then
     */
    private record ScriptedSource(
            String name, boolean renewable, Random random, Consumer<Runnable> later, Runnable fault)
            implements CredentialSource {
        @Override
        public Kind kind() {
            return renewable ? Kind.OAUTH : Kind.API_KEY;
        }

        @Override
        public CompletionStage<UpstreamCredential> current(Client client) {
            return value();
        }

        @Override
        public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
            return value();
        }

        @Override
        public Optional<String> outOfUse() {
            return Optional.empty();
        }

        private CompletionStage<UpstreamCredential> value() {
            fault.run();
            var value = new CompletableFuture<UpstreamCredential>();
            int when = random.nextInt(12);
            if (when < 6) {
                come(value);
            } else if (when < 11) {
                later.accept(() -> come(value));
            }
            return value;
        }

        private void come(CompletableFuture<UpstreamCredential> value) {
            switch (random.nextInt(12)) {
                case 0 -> value.completeExceptionally(CredentialSource.UnavailableException.passing("later"));
                case 1 -> value.completeExceptionally(CredentialSource.UnavailableException.terminal("see to it"));
                default -> value.complete(RenewedSource.token(name));
            }
        }
    }

    /**
     * The response to one try, as a seed has it: whole or an event stream, good or failed, at once too large to keep
     * back, and at any place broken off or silent.
     */
    private static final class ScriptedResponse {
        private static final int[] STATUSES = {
            200, 201, 302, 400, 401, 401, 401, 401, 401, 402, 403, 404, 429, 500, 503, 504, 529
        };

        private static final List<String> EVENTS = List.of(
                "event: message_start\ndata: {}\n\n",
                "event: error\ndata: {\"error\":{\"type\":\"overloaded_error\"}}\n\n",
                "event: error\ndata: {\"error\":{\"type\":\"authentication_error\"}}\n\n",
                "event: error\ndata: {\"error\":{\"type\":\"invalid_request_error\"}}\n\n",
                ": comment\n\n");

        private static final String EVENT = "event: ping\ndata: {}\n\n";
        private static final int TOO_LARGE = 70_000;

        private final Random random;
        private final Try to;
        private final Deque<Runnable> steps = new ArrayDeque<>();
        private boolean silent;

        ScriptedResponse(Random random, Try to) {
            this.random = random;
            this.to = to;
            write();
            shorten();
        }

        /** What comes, in its order. */
        Deque<Runnable> steps() {
            return steps;
        }

        /** Whether it has neither an end nor a failure. */
        boolean isSilent() {
            return silent;
        }

        static Failure lost(Random random) {
            return random.nextInt(6) == 0
                    ? Failure.of(new IllegalStateException("a failure of the test that is not the connection's"))
                    : Failure.of(new IOException("reset"));
        }

        private void write() {
            if (random.nextInt(3) == 0) {
                writeStream();
            } else {
                head(STATUSES[random.nextInt(STATUSES.length)], false, "");
                for (int i = random.nextInt(4); i > 0; i--) {
                    piece(random.nextInt(6) == 0 ? "x".repeat(TOO_LARGE) : random.nextBoolean() ? "{}" : "");
                }
            }
            steps.add(to::end);
        }

        private void writeStream() {
            head(200, true, random.nextInt(5) == 0 ? "gzip" : "");
            var text = EVENTS.get(random.nextInt(EVENTS.size()));
            int cut = random.nextInt(text.length());
            piece(text.substring(0, cut));
            piece(text.substring(cut));
            for (int i = random.nextInt(4); i > 0; i--) {
                piece(random.nextInt(8) == 0 ? ": " + "x".repeat(TOO_LARGE) : EVENT);
            }
        }

        /** Breaks it off, or has it fall silent, after some steps. */
        private void shorten() {
            int how = random.nextInt(6);
            if (how > 1) {
                return;
            }
            int keep = random.nextInt(steps.size());
            while (steps.size() > keep) {
                steps.removeLast();
            }
            silent = how == 0;
            if (!silent) {
                var failure = lost(random);
                steps.add(() -> to.failed(failure));
            }
        }

        private void head(int status, boolean stream, String coding) {
            var type = new Field("Content-Type", stream ? "text/event-stream" : "application/json");
            steps.add(() -> to.head(new ResponseHead(status, List.of(type), -1, coding, stream), taken -> {}));
        }

        private void piece(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            steps.add(() -> to.piece(Arrays.copyOf(bytes, bytes.length), bytes.length));
        }
    }
}
