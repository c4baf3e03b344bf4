package dev.warder.exchange.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.container.SerialTurn;
import dev.warder.testkit.Turns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A relayed body in thousands of orders: a seeded scheduler permutes the callbacks of the container and of the reactor, and
 * lets both sides throw.
 */
@Tag("turn-4")
class RelayInterleavingTest {
    private static final int RUNS = Turns.of(1_500, 5_000);

    @Test
    void endsCleanInEveryOrder() {
        int whole = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            var run = new Run(seed);
            run.all();
            run.check();
            whole += run.ends;
        }
        assertThat(whole).isBetween(RUNS / 10, RUNS);
    }

    /** One order. */
    private static final class Run implements Upload.Events, DataStreamChannel {
        private final int seed;
        private final Random random;
        private final boolean faulty;
        private final List<Runnable> reactor = new ArrayList<>();
        private final List<Runnable> arrivals = new ArrayList<>();
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final SerialTurn turn = new SerialTurn(Runnable::run);
        private final byte[] body;
        private final SteppedContainer in;
        private final SteppedExchange exchange;
        private final RelayedUpload relay;
        private long read;
        private boolean demanded;
        private boolean faulted;
        private boolean lost;
        private int ends;
        private int sentAll;
        private int returned;

        Run(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.faulty = random.nextBoolean();
            this.body = new byte[random.nextInt(100_000)];
            random.nextBytes(body);
            this.in = new SteppedContainer(random, faulty);
            this.exchange = new SteppedExchange(in, this::finish);
            long length = random.nextBoolean() ? body.length : -1;
            this.relay = new RelayedUpload(SteppedExchange.relayed(length, turn, in), this, exchange);
            in.setReadListener(relay.reader().orElseThrow());
        }

        void all() {
            for (int at = 0; at < body.length; ) {
                int to = Math.min(body.length, at + 1 + random.nextInt(8_000));
                var piece = Arrays.copyOfRange(body, at, to);
                arrivals.add(() -> in.deliver(piece));
                at = to;
            }
            boolean breaks = random.nextInt(8) == 0;
            lost = breaks;
            arrivals.add(breaks ? in::lose : in::finish);
            if (random.nextInt(8) == 0) {
                lost = true;
                arrivals.add(random.nextInt(arrivals.size()), exchange::finish);
            }
            demand();
            while (!reactor.isEmpty() || !arrivals.isEmpty()) {
                boolean arrival = reactor.isEmpty() || !arrivals.isEmpty() && random.nextBoolean();
                (arrival ? arrivals : reactor).remove(0).run();
            }
        }

        void check() {
            assertThat(exchange.unexpected()).as("faults, seed %d", seed).isEmpty();
            assertThat(taken.toByteArray())
                    .as("the bytes that went up, seed %d", seed)
                    .isEqualTo(Arrays.copyOf(body, taken.size()));
            assertThat(ends).as("ends, seed %d", seed).isLessThan(2).isEqualTo(sentAll);
            if (ends == 1) {
                assertThat(taken.size())
                        .as("the length of a whole body, seed %d", seed)
                        .isEqualTo(body.length);
            }
            if (!lost && !faulted && !in.hasFaulted()) {
                assertThat(ends).as("no callback is lost, seed %d", seed).isEqualTo(1);
                assertThat(read).as("bytes read, seed %d", seed).isEqualTo(body.length);
            }
            exchange.finish();
            assertThat(returned).as("ends of reading, seed %d", seed).isEqualTo(1);
            assertThat(relay.wants()).as("reading, seed %d", seed).isFalse();
        }

        /** As an exchange ends. */
        private void finish() {
            relay.close();
            turn.end(() -> returned++);
        }

        private void demand() {
            if (!demanded) {
                demanded = true;
                reactor.add(this::produce);
            }
        }

        private void produce() {
            demanded = false;
            if (exchange.isFinished() || ends > 0) {
                return;
            }
            try {
                relay.produce(this);
                boolean blocked = relay.available() > 0;
                if (blocked) {
                    demand();
                }
            } catch (IOException | IllegalStateException broken) {
                faulted = true;
                relay.releaseResources();
                exchange.finish();
            }
        }

        @Override
        public void requestOutput() {
            if (faulty && random.nextInt(60) == 0) {
                faulted = true;
                throw new CancelledKeyException();
            }
            demand();
        }

        @Override
        public int write(ByteBuffer piece) throws IOException {
            if (faulty && random.nextInt(60) == 0) {
                faulted = true;
                throw new IOException("a fault of the test");
            }
            int n = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(piece.remaining());
            var bytes = new byte[n];
            piece.get(bytes);
            taken.writeBytes(bytes);
            return n;
        }

        @Override
        public void endStream() {
            ends++;
        }

        @Override
        public void endStream(List<? extends Header> trailers) {
            ends++;
        }

        @Override
        public void prepared() {}

        @Override
        public void read(long bytes) {
            read += bytes;
        }

        @Override
        public SendProgress progress() {
            return new SendProgress(SteppedExchange.deadlines(), () -> 0, () -> {}) {
                @Override
                void sentAll() {
                    sentAll++;
                }
            };
        }
    }
}
