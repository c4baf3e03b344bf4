package dev.warder.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.auth.Gate;
import dev.warder.auth.Gates;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Verdict;
import dev.warder.body.Chunks;
import dev.warder.body.MemoryBudget;
import dev.warder.body.MemoryBudget.MemoryShare;
import dev.warder.container.CallbackGuard;
import dev.warder.container.ClientThreads.ClientStreams;
import dev.warder.container.SerialTurn;
import dev.warder.credential.CredentialChoice;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponseSink.Flow;
import dev.warder.exchange.up.Decisions;
import dev.warder.exchange.up.RequestHead;
import dev.warder.exchange.up.SteppedContainer;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.json.BodyPolicy.ModelResolver;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestObservers;
import dev.warder.record.RequestRecord;
import dev.warder.record.UsedCredential;
import dev.warder.stream.Translation;
import dev.warder.stream.Translation.ResponseTranslation;
import dev.warder.stream.Translation.StreamTranslation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The ways up and down in thousands of orders: a seeded scheduler permutes what the upstream, the container, the gates, the
 * timer and the operator do with one exchange, also while another of them is in the middle of something, and lets the
 * container and the gates throw.
 */
class ResponseInterleavingTest {
    private static final int RUNS = 20_000;
    private static final int MEMORY = 1 << 20;
    private static final String BODY = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";
    private static final String COMMENT = ": keep-alive\n\n";
    private static final String ERROR_EVENT = "event: error\ndata: {";
    private static final String DOCUMENT = "{\"id\":\"msg_1\",\"content\":\"" + "x".repeat(300) + "\"}";
    private static final String STREAM = event("message_start")
            + event("content_block_delta").repeat(3)
            + event("content_block_stop")
            + event("message_stop");

    private static final UploadGround GROUND = new UploadGround();
    private static final Logger LOG = Logger.getLogger("dev.warder");
    private static final List<Throwable> UNEXPECTED = new CopyOnWriteArrayList<>();

    /** Keeps the faults that the test did not plant. */
    private static final Handler HANDLER = new StreamHandler() {
        @Override
        public synchronized void publish(LogRecord line) {
            Optional.ofNullable(line.getThrown())
                    .filter(thrown -> !isPlanted(thrown) && !isPlanted(thrown.getCause()))
                    .ifPresent(UNEXPECTED::add);
        }

        private static boolean isPlanted(@Nullable Throwable thrown) {
            return thrown != null && String.valueOf(thrown.getMessage()).contains("of the test");
        }
    };

    @BeforeAll
    static void watch() {
        LOG.setUseParentHandlers(false);
        LOG.addHandler(HANDLER);
    }

    @AfterAll
    static void close() {
        LOG.removeHandler(HANDLER);
        LOG.setUseParentHandlers(true);
        GROUND.close();
    }

    @Test
    void endsCleanInEveryOrder() {
        var ends = new TreeMap<String, Integer>();
        for (int seed = 0; seed < RUNS; seed++) {
            var run = new Run(seed);
            run.all();
            run.check();
            ends.merge(run.kind(), 1, Integer::sum);
        }
        // Each kind of end has been looked at often.
        assertThat(ends.keySet())
                .contains(
                        "response whole",
                        "response broken",
                        "stream whole",
                        "stream with error",
                        "own error",
                        "nothing");
        assertThat(ends).allSatisfy((kind, count) -> assertThat(count).as(kind).isGreaterThan(RUNS / 200));
    }

    private static String event(String type) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"}\n\n";
    }

    /** One order. */
    private static final class Run implements Flow {
        private final int seed;
        private final Random random;
        private final TaskQueues queues;
        private final TaskQueues.TaskQueue client;
        private final TaskQueues.TaskQueue callbacks;
        private final TaskQueues.TaskQueue reactor;
        private final MemoryBudget memory = new MemoryBudget(MEMORY);
        private final ProxyContext context;
        private final SteppedContainer in;
        private final SteppedResponse response;
        private final List<RequestEnd> ends = new ArrayList<>();
        private final Route route;
        private final boolean streams;
        private final String expected;
        private final Exchange exchange;
        private long now;
        private boolean disturbed;
        private boolean requestBroken;
        private boolean abandoned;
        private int granted;
        private int released;
        private int sent;
        private long read;
        private long credit;

        Run(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.queues = new TaskQueues(random);
            this.client = queues.queue().keep();
            this.callbacks = queues.queue().keep();
            this.reactor = queues.queue().keep();
            this.streams = random.nextBoolean();
            this.expected = streams ? STREAM : DOCUMENT;
            boolean faulty = random.nextBoolean();
            this.in = new SteppedContainer(random, faulty && random.nextInt(3) == 0);
            this.response = new SteppedResponse(random, faulty, queues::anytime, callbacks::add);
            this.route = List.of(Route.MESSAGES, Route.CHAT, Route.FILES).get(random.nextInt(3));
            // The upstream of a relayed body responds whether or not it was sent.
            var gates = route == Route.FILES ? List.<Gate>of() : List.of(gate(Gate.Needs.HEAD), gate(Gate.Needs.BODY));
            this.context = GROUND.context(new Gates(gates, this::now), memory, this::now);
            this.exchange = exchange();
        }

        private Exchange exchange() {
            var path =
                    route == Route.CHAT ? "/v1/chat/completions" : route == Route.FILES ? "/v1/files" : "/v1/messages";
            assertThat(Route.of(path)).isEqualTo(route);
            var call = new Call("req_1", "POST", new RequestTarget(path, Optional.empty()), route);
            var record = new RequestRecord(call, path, new RequestObservers(List.of()), this::now);
            record.atEnd(() -> {
                ends.add(record.completed().orElseThrow().end());
                queues.meanwhile();
            });
            if (route == Route.FILES) {
                // Its response comes without a request for the body.
                record.beginTry(UsedCredential.ofClient("api-key"), Records.UPSTREAM);
            }
            var decisions = new Decisions(
                    Client.OPEN,
                    new CredentialChoice.Refused(ErrorReply.internal()),
                    route == Route.CHAT ? Optional.of(this::translate) : Optional.empty(),
                    ModelResolver.UNCHANGED,
                    (outline, body) -> {
                        sent++;
                        record.beginTry(UsedCredential.ofClient("api-key"), Records.UPSTREAM);
                        respond();
                        return List.of();
                    },
                    Optional.empty());
            var head = new RequestHead("POST", path, List.of(), -1, true, "");
            return UploadGround.exchange(
                    context,
                    record,
                    decisions,
                    head,
                    SerialTurn.taken(SerialTurn.Threads.of(random.nextBoolean() ? Runnable::run : queues::anytime)),
                    response.async(),
                    new ClientStreams(in, response.out(), random.nextBoolean() ? Runnable::run : queues::anytime));
        }

        /** The clock is read in the middle of things. */
        private long now() {
            queues.meanwhile();
            return now;
        }

        /** Grants, refuses or throws, at once or later. The servlet returns what is refused at once by the head. */
        private Gate gate(Gate.Needs needs) {
            return new Gate() {
                @Override
                public Needs needs() {
                    return needs;
                }

                @Override
                public Verdict ask(Inquiry inquiry) {
                    if (random.nextInt(3) == 0) {
                        var later = new CompletableFuture<Verdict.Decision>();
                        queues.anytime(() -> later.complete(decide()));
                        return new Verdict.Later(later, queues::meanwhile);
                    }
                    if (needs == Needs.BODY && random.nextInt(30) == 0) {
                        disturbed = true;
                        throw new IllegalStateException("a fault of the test");
                    }
                    return needs == Needs.BODY ? decide() : granted();
                }
            };
        }

        private Verdict.Decision decide() {
            if (random.nextInt(20) == 0) {
                disturbed = true;
                return Verdict.refused(ErrorReply.rateLimited("The limit of the test.", 1));
            }
            return granted();
        }

        private Verdict.Decision granted() {
            granted++;
            return Verdict.granted(() -> {
                released++;
                queues.meanwhile();
            });
        }

        /** Both size classes are overdrawn until their tasks free them. */
        private void fillMemory() {
            for (long declared : new long[] {-1, -1, 1, 1}) {
                var held = memory.claim(MemoryShare.UNLIMITED, declared);
                held.grow(MEMORY, () -> {});
                queues.anytime(held::release);
            }
        }

        void all() {
            if (random.nextInt(4) == 0) {
                fillMemory();
            }
            disturb();
            startExchange();
            // No callback comes before the end of service.
            clientSends();
            for (int i = 0; i < 8; i++) {
                queues.anytime(() -> callbacks.add(response::clientReads));
            }
            if (route == Route.FILES) {
                respond();
            }
            queues.runAll();
            for (int i = 0; i < 20; i++) {
                callbacks.add(response::clientReads);
                queues.runAll();
                checkCredit();
            }
            checkUndisturbed();
            waitForTimer();
        }

        private void startExchange() {
            try {
                exchange.start();
            } catch (InternalError thrown) {
                assertThat(ends).as("the end, seed %d", seed).hasSize(1);
            }
        }

        private void clientSends() {
            boolean valid = random.nextInt(20) > 0;
            disturbed |= !valid;
            var bytes = (valid ? BODY : BODY.replace('9', '}')).getBytes(UTF_8);
            int half = 1 + random.nextInt(bytes.length - 1);
            client.add(() -> in.deliver(Arrays.copyOf(bytes, half)));
            if (random.nextInt(12) == 0) {
                // The rest never comes.
                disturbed = true;
                return;
            }
            client.add(() -> in.deliver(Arrays.copyOfRange(bytes, half, bytes.length)));
            boolean breaks = random.nextInt(12) == 0;
            client.add(breaks ? this::breakRequest : in::finish);
        }

        private void breakRequest() {
            disturbed = true;
            requestBroken = true;
            response.loseSilently();
            in.lose();
        }

        /** What else may happen, at any time. */
        private void disturb() {
            perhaps(10, () -> callbacks.add(() -> SteppedResponse.withoutWaiting(response::lose)));
            perhaps(12, () -> callbacks.add(response::stop));
            perhaps(12, response::endByItself);
            perhaps(12, () -> callbacks.add(response::callsForNothing));
            perhaps(12, () -> exchange.refused(ErrorReply.rateLimited("The limit of the test.", 1)));
            perhaps(12, () -> exchange.refused(ErrorReply.tooSlow()));
            perhaps(12, () -> exchange.fault(new IllegalStateException("a fault of the test")));
            perhaps(10, this::stopAll);
            perhaps(12, () -> exchange.response().failed(failure()));
            boolean patient = random.nextInt(6) > 0;
            var timer = queues.queue();
            for (int i = 0; i < 4; i++) {
                var step = Duration.ofSeconds(patient ? 5 : 20 + random.nextInt(400));
                timer.add(() -> {
                    disturbed |= !patient;
                    now += step.toNanos();
                    context.exchanges().sweep();
                });
            }
        }

        private void perhaps(int odds, Runnable task) {
            if (random.nextInt(odds) == 0) {
                queues.anytime(() -> {
                    disturbed = true;
                    guarded(task);
                });
            }
        }

        /** As the application stops. */
        private void stopAll() {
            var operator = queues.queue();
            operator.add(() -> context.exchanges().endAll());
            operator.add(() -> context.exchanges().endAll());
            if (random.nextBoolean()) {
                operator.add(this::abandonAll);
            }
        }

        private void abandonAll() {
            abandoned = true;
            context.exchanges().abandonAll();
        }

        private static Failure failure() {
            return new Failure(ErrorReply.badGateway("The upstream of the test is lost."), RequestEnd.UPSTREAM_LOST);
        }

        /** The upstream responds, well or badly. */
        private void respond() {
            int status = random.nextInt(12) == 0 ? List.of(302, 99).get(random.nextInt(2)) : 200;
            var bytes = expected.getBytes(UTF_8);
            boolean breaks = random.nextInt(8) == 0;
            disturbed |= status != 200 || breaks;
            int length = breaks ? random.nextInt(bytes.length) : bytes.length;
            var fields = List.of(new Field("x-upstream", "1"), new Field("content-type", "application/json"));
            var head = new ResponseHead(status, fields, streams ? -1 : bytes.length, "", streams);
            reactor.add(() -> guarded(() -> exchange.response().head(head, this)));
            for (int at = 0; at < length; ) {
                int to = Math.min(length, at + 1 + random.nextInt(120));
                var piece = Arrays.copyOfRange(bytes, at, to);
                reactor.add(() -> guarded(() -> {
                    read += piece.length;
                    exchange.response().piece(piece, piece.length);
                }));
                at = to;
            }
            // The end of a stream without its last event is as bad.
            boolean ends = !breaks || streams && route == Route.MESSAGES && random.nextBoolean();
            reactor.add(() -> guarded(
                    ends ? exchange.response()::end : () -> exchange.response().failed(failure())));
        }

        /** As all callbacks are but the container's. */
        private void guarded(Runnable callback) {
            CallbackGuard.run(callback::run, exchange);
        }

        private Translation.Outcome translate(Chunks body) {
            var bytes = body.copy(0, body.length());
            var copy = new Chunks();
            copy.append(bytes, 0, bytes.length);
            return new Translation.Outcome.Translated("/v1/messages", "2023-06-01", copy, new Unchanged());
        }

        @Override
        public void taken(int bytes) {
            credit += bytes;
            queues.meanwhile();
        }

        /** What the client has got is off the upstream's hands, unless it may still be in the container. */
        private void checkCredit() {
            assertThat(credit).as("credit, seed %d", seed).isLessThanOrEqualTo(read);
            boolean all = response.isUpstreams() && body().length() == read;
            if (all && response.faults() == 0 && response.returned() == 0 && !response.isFull()) {
                assertThat(credit).as("credit, seed %d", seed).isEqualTo(read);
            }
        }

        private void checkUndisturbed() {
            if (disturbed || response.faults() > 0 || in.hasFaulted()) {
                return;
            }
            assertThat(response.returned()).as("returned, seed %d", seed).isEqualTo(1);
            assertThat(response.isBroken()).as("broken off, seed %d", seed).isFalse();
            assertThat(body()).as("the whole response, seed %d", seed).isEqualTo(expected);
            assertThat(response.status()).as("status, seed %d", seed).isEqualTo(200);
            assertThat(credit).as("credit, seed %d", seed).isEqualTo(read).isEqualTo(expected.length());
            assertThat(ends).as("end, seed %d", seed).containsExactly(RequestEnd.OK);
        }

        /** The client does nothing more, and the container makes no callback: the timer ends the exchange. */
        private void waitForTimer() {
            for (int i = 0; i < 1_000 && context.exchanges().open() > 0; i++) {
                now += Duration.ofHours(1).toNanos();
                context.exchanges().sweep();
                queues.runAll();
            }
        }

        void check() {
            assertThat(context.exchanges().open())
                    .as("open exchanges, seed %d", seed)
                    .isZero();
            assertThat(response.returned()).as("returned, seed %d", seed).isEqualTo(1);
            assertThat(ends).as("ends of the record, seed %d", seed).hasSize(1);
            assertThat(sent).as("sent, seed %d", seed).isLessThan(2);
            assertThat(released).as("released grants, seed %d", seed).isEqualTo(granted);
            assertThat(memory.used()).as("memory, seed %d", seed).isZero();
            assertThat(memory.waiting()).as("waiting bodies, seed %d", seed).isZero();
            useLate();
            assertThat(response.violations()).as("seed %d", seed).isEmpty();
            assertThat(UNEXPECTED).as("faults, seed %d", seed).isEmpty();
            if (response.losesBytes()) {
                assertThat(isComplete())
                        .as("complete after a loss, seed %d", seed)
                        .isFalse();
            } else {
                checkBody();
            }
        }

        /** Whatever comes later uses nothing. */
        private void useLate() {
            guarded(() -> exchange.response().piece(new byte[1], 1));
            guarded(exchange.response()::end);
            guarded(() -> exchange.response().failed(failure()));
            exchange.fault(new IllegalStateException("a late fault of the test"));
            guarded(() -> exchange.refused(ErrorReply.internal()));
            guarded(exchange::clientGone);
            exchange.drained();
            exchange.abandon();
            exchange.check(now);
            response.callsForNothing();
            int reads = in.reads();
            in.deliver(new byte[1]);
            queues.runAll();
            assertThat(in.reads()).as("reads after the end, seed %d", seed).isEqualTo(reads);
            assertThat(ends).as("ends of the record, seed %d", seed).hasSize(1);
        }

        private void checkBody() {
            var body = body();
            if (!response.isUpstreams()) {
                checkOwn(body);
            } else if (streams) {
                checkStream(body);
            } else {
                assertThat(expected).as("prefix, seed %d", seed).startsWith(body);
                // An error response replaces a head that has no content yet.
                if (response.isBroken() && response.isCommitted() && response.faults() == 0 && !gone() && !abandoned) {
                    assertThat(body).as("content after the head, seed %d", seed).isNotEmpty();
                }
                if (isComplete()) {
                    assertThat(body).as("the whole document, seed %d", seed).isEqualTo(expected);
                }
            }
        }

        private void checkOwn(String body) {
            // A container that fails twice may not show an error either.
            if (isComplete() && response.faults() < 2) {
                assertThat(response.status()).as("status, seed %d", seed).isGreaterThanOrEqualTo(400);
                assertThat(body.length()).as("length, seed %d", seed).isEqualTo(Math.max(0, response.declared()));
            }
            assertThat(body).as("own error, seed %d", seed).matches("|\\{.*\"error\".*}");
        }

        private void checkStream(String body) {
            int error = body.indexOf(ERROR_EVENT);
            var events = error < 0 ? body : body.substring(0, error);
            if (error >= 0) {
                assertThat(body.substring(error))
                        .as("one error, seed %d", seed)
                        .matches("event: error\ndata: \\{.*}\n\n");
                assertThat(ends).as("an error, seed %d", seed).doesNotContain(RequestEnd.OK);
                // Within a line the error event begins with its end.
                assertThat(expected.startsWith(events) || expected.startsWith(events.substring(0, events.length() - 1)))
                        .as("prefix, seed %d", seed)
                        .isTrue();
            } else {
                assertThat(expected).as("prefix, seed %d", seed).startsWith(events);
                // No more is asked of a stream that the upstream ended than its last event.
                assertThat(!isComplete() || events.contains("event: message_stop"))
                        .as("the whole stream, seed %d", seed)
                        .isTrue();
            }
        }

        /** Whether a client that still reads takes the response for whole. */
        private boolean isComplete() {
            return !gone() && !response.isBroken();
        }

        private boolean gone() {
            return response.isLost() || requestBroken || in.hasFaulted() || response.isEndedByItself();
        }

        private String body() {
            return response.body().replace(COMMENT, "");
        }

        String kind() {
            if (!response.isUpstreams()) {
                return body().isEmpty() ? "nothing" : "own error";
            }
            var what = streams ? "stream" : "response";
            if (body().contains(ERROR_EVENT)) {
                return what + " with error";
            }
            return what + (body().equals(expected) && !response.isBroken() ? " whole" : " broken");
        }
    }

    /** Translates nothing. */
    private static final class Unchanged implements ResponseTranslation {
        @Override
        public List<Field> fields(Function<String, Optional<String>> upstream) {
            return List.of(new Field("x-upstream", "1"));
        }

        @Override
        public Optional<StreamTranslation> stream() {
            return Optional.of(new UnchangedEvents());
        }

        @Override
        public Whole whole(int status, byte[] body) {
            return new Whole.Translated(status, "application/json", body);
        }
    }

    /** Returns the events of the upstream, each when it is whole. */
    private static final class UnchangedEvents implements StreamTranslation {
        private String open = "";
        private boolean terminated;

        @Override
        public byte[] feed(byte[] piece) {
            String text = open + new String(piece, UTF_8);
            int end = text.lastIndexOf("\n\n");
            String whole = end < 0 ? "" : text.substring(0, end + 2);
            open = text.substring(whole.length());
            terminated |= whole.contains("event: message_stop");
            return whole.getBytes(UTF_8);
        }

        @Override
        public byte[] end() {
            return new byte[0];
        }

        @Override
        public boolean terminated() {
            return terminated;
        }

        @Override
        public boolean failed() {
            return false;
        }
    }

    /**
     * Threads of a test that run in a seeded order on one: tasks of a queue run one at a time and in their order, and
     * tasks of other queues in between, also inside of one where that asks for it.
     */
    private static final class TaskQueues {
        private static final int DEEPEST = 4;
        private static final int ODDS = 6;

        private final Random random;
        private final List<TaskQueue> queues = new ArrayList<>();
        private int depth;

        TaskQueues(Random random) {
            this.random = random;
        }

        /** Adds a queue. */
        TaskQueue queue() {
            var queue = new TaskQueue();
            queues.add(queue);
            return queue;
        }

        /** Adds a task that runs at any time. */
        void anytime(Runnable task) {
            queue().add(task);
        }

        /** Runs everything. */
        void runAll() {
            while (runOne()) {}
        }

        /** Perhaps lets another thread run now. */
        void meanwhile() {
            while (depth < DEEPEST && random.nextInt(ODDS) == 0 && runOne()) {}
        }

        private boolean runOne() {
            queues.removeIf(TaskQueue::isSpent);
            var able = queues.stream().filter(TaskQueue::isAble).toList();
            if (able.isEmpty()) {
                return false;
            }
            depth++;
            able.get(random.nextInt(able.size())).run();
            depth--;
            return true;
        }

        /** A thread. */
        static final class TaskQueue {
            private final Deque<Runnable> tasks = new ArrayDeque<>();
            private boolean kept;
            private boolean busy;

            /** Adds a task after all others. */
            void add(Runnable task) {
                tasks.add(task);
            }

            /** Keeps this queue for tasks to come. */
            TaskQueue keep() {
                kept = true;
                return this;
            }

            private boolean isSpent() {
                return !kept && !busy && tasks.isEmpty();
            }

            private boolean isAble() {
                return !busy && !tasks.isEmpty();
            }

            private void run() {
                busy = true;
                try {
                    Objects.requireNonNull(tasks.poll()).run();
                } catch (InternalError thrown) {
                    // An error of the virtual machine goes on to the thread after it was reported.
                } finally {
                    busy = false;
                }
            }
        }
    }
}
