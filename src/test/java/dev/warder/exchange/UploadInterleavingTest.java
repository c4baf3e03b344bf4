package dev.warder.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.body.MemoryBudget;
import dev.warder.body.MemoryShare;
import dev.warder.container.SerialTurn;
import dev.warder.credential.CredentialChoice;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.Flow;
import dev.warder.exchange.down.ResponseHead;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.up.Arrival;
import dev.warder.exchange.up.Deadlines;
import dev.warder.exchange.up.Decisions;
import dev.warder.exchange.up.RequestHead;
import dev.warder.exchange.up.SteppedContainer;
import dev.warder.exchange.up.SteppedExchange;
import dev.warder.gate.Gate;
import dev.warder.gate.Gates;
import dev.warder.gate.Inquiry;
import dev.warder.gate.Verdict;
import dev.warder.http.ErrorReply;
import dev.warder.json.ModelResolver;
import dev.warder.record.Records;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.state.OffloadExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The way up of a collected body in thousands of orders: a seeded scheduler permutes the callbacks of the container, of
 * gates, of the timer and of other threads, and lets the container's stream and the gates throw.
 */
class UploadInterleavingTest {
    private static final int RUNS = 3_000;
    private static final int MEMORY = 1 << 20;
    private static final String BODY = "{\"model\":\"claude-x\",\"max_tokens\":9,\"metadata\":{\"a\":[1,2,3]}}";

    private static final UploadGround GROUND = new UploadGround();

    @AfterAll
    static void close() {
        GROUND.close();
    }

    @Test
    void endsCleanInEveryOrder() {
        int sent = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            var run = new Run(seed);
            run.all();
            run.check();
            sent += run.sent;
        }
        assertThat(sent).isBetween(RUNS / 10, RUNS);
    }

    /** One order. */
    private static final class Run implements ResponseSink {
        private final int seed;
        private final Random random;
        private final boolean faulty;
        private final List<Runnable> tasks = new ArrayList<>();
        private final List<Runnable> arrivals = new ArrayList<>();
        private final MemoryBudget memory = new MemoryBudget(MEMORY);
        private final SerialTurn turn = SerialTurn.taken(SerialTurn.Threads.of(Runnable::run));
        private final SteppedContainer in;
        private final SteppedExchange exchange;
        private final RequestRecord record = Records.message(() -> 0);
        private final UpstreamRequest request;
        private final boolean valid;
        private boolean gateRefuses;
        private boolean cut;
        private int granted;
        private int released;
        private int sent;
        private int returned;

        Run(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.faulty = random.nextBoolean();
            this.valid = random.nextInt(8) > 0;
            this.in = new SteppedContainer(random, faulty);
            this.exchange = new SteppedExchange(in, this::abort, this::finish);
            var gates = new Gates(List.of(gate(Gate.Needs.HEAD), gate(Gate.Needs.BODY)), () -> 0);
            var context = GROUND.context(gates, memory);
            var choice = new CredentialChoice.Refused(ErrorReply.internal());
            var decisions = new Decisions(
                    Client.OPEN,
                    choice,
                    Optional.empty(),
                    ModelResolver.UNCHANGED,
                    (outline, body) -> {
                        sent++;
                        return List.of();
                    },
                    Optional.empty());
            var head = new RequestHead("POST", "/v1/messages", List.of(), -1, true, "");
            var passage = gates.passage(record);
            // A refusal that is there at once is the servlet's business.
            if (passage.ask(decisions.inquiry(record.call(), head), EnumSet.of(Gate.Needs.HEAD))
                    .isPresent()) {
                gateRefuses = true;
            }
            var deadlines = new Deadlines(GROUND.timeouts(), 0);
            var offload = new OffloadExecutor(random.nextBoolean() ? Runnable::run : tasks::add, exchange);
            var arrival = new Arrival(record, decisions, head, turn, in);
            request = new UpstreamRequest(context, arrival, passage, deadlines, offload, this, exchange);
        }

        /** Grants, refuses or throws, at once or as a task. */
        private Gate gate(Gate.Needs needs) {
            return new Gate() {
                @Override
                public Needs needs() {
                    return needs;
                }

                @Override
                public Verdict ask(Inquiry inquiry) {
                    if (faulty && random.nextInt(20) == 0) {
                        gateRefuses = true;
                        throw new IllegalStateException("a fault of the test");
                    }
                    if (random.nextBoolean()) {
                        return decide();
                    }
                    var later = new CompletableFuture<Verdict.Decision>();
                    tasks.add(() -> later.complete(decide()));
                    return new Verdict.Later(later, () -> {});
                }
            };
        }

        private Verdict.Decision decide() {
            if (random.nextInt(10) == 0) {
                gateRefuses = true;
                return Verdict.refused(ErrorReply.rateLimited("The limit of the test.", 1));
            }
            granted++;
            return Verdict.granted(() -> released++);
        }

        void all() {
            prepareArrivals();
            if (random.nextBoolean()) {
                fillMemory();
            }
            if (random.nextInt(4) == 0) {
                cut = true;
                tasks.add(exchange::finish);
            }
            tasks.add(() -> request.overdue(0));
            if (random.nextInt(4) == 0) {
                tasks.remove(random.nextInt(tasks.size())).run();
            }
            request.start();
            openTurn();
            while (!tasks.isEmpty() || !arrivals.isEmpty()) {
                boolean arrival = tasks.isEmpty() || !arrivals.isEmpty() && random.nextBoolean();
                (arrival ? arrivals.remove(0) : tasks.remove(random.nextInt(tasks.size()))).run();
            }
        }

        /** An error of the virtual machine goes on to the container after it was reported. */
        private void openTurn() {
            try {
                turn.open(request::readNow);
            } catch (InternalError thrown) {
                assertThat(exchange.isFinished()).as("the end, seed %d", seed).isTrue();
            }
        }

        /** In their order. */
        private void prepareArrivals() {
            var bytes = (valid ? BODY : BODY.replace('9', '}')).getBytes(US_ASCII);
            int at = 0;
            while (at < bytes.length) {
                int to = Math.min(bytes.length, at + 1 + random.nextInt(bytes.length));
                var piece = Arrays.copyOfRange(bytes, at, to);
                arrivals.add(() -> in.deliver(piece));
                at = to;
            }
            if (random.nextInt(10) == 0) {
                cut = true;
                arrivals.add(in::lose);
            } else {
                arrivals.add(in::finish);
            }
        }

        /** Both size classes are overdrawn until a task frees them. */
        private void fillMemory() {
            for (long declared : new long[] {-1, 1}) {
                for (int i = 0; i < 2; i++) {
                    var held = memory.claim(MemoryShare.UNLIMITED, declared);
                    held.grow(MEMORY, () -> {});
                    tasks.add(held::release);
                }
            }
        }

        void check() {
            assertThat(exchange.unexpected()).as("faults, seed %d", seed).isEmpty();
            boolean clean = valid && !gateRefuses && !cut && !in.hasFaulted();
            assertThat(sent).as("sent, seed %d", seed).isLessThan(2);
            if (clean) {
                assertThat(sent).as("no callback is lost, seed %d", seed).isEqualTo(1);
                assertThat(exchange.refusals()).as("refusals, seed %d", seed).isZero();
                request.passedOn();
            }
            assertThat(exchange.refusals()).as("refusals, seed %d", seed).isLessThan(2);
            exchange.finish();
            assertThat(memory.used()).as("memory, seed %d", seed).isZero();
            assertThat(memory.waiting()).as("waiting bodies, seed %d", seed).isZero();
            assertThat(returned).as("ends of reading, seed %d", seed).isEqualTo(1);
            assertThat(released).as("released grants, seed %d", seed).isEqualTo(granted);
            int reads = in.reads();
            in.deliver(new byte[1]);
            request.readNow();
            assertThat(in.reads()).as("reads after the end, seed %d", seed).isEqualTo(reads);
        }

        private void abort() {
            request.abort();
        }

        /** As an exchange ends. */
        private void finish() {
            abort();
            turn.end(() -> returned++);
            record.end(RequestEnd.OK, 0);
        }

        @Override
        public void head(ResponseHead head, Flow flow) {}

        @Override
        public void piece(byte[] bytes, int read) {}

        @Override
        public void end() {}

        @Override
        public void failed(Failure failure) {}
    }
}
