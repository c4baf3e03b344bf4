package dev.warder.exchange.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.container.SerialTurn;
import dev.warder.exchange.up.Upload.RefusalHandler;
import dev.warder.http.ErrorReply;
import dev.warder.testkit.UnusedInput;
import jakarta.servlet.ReadListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The way of an uncollected body from a scripted container to a scripted upstream. */
class RelayedUploadTest {
    private static final int PIECE = 4096;

    private final List<String> news = new ArrayList<>();
    private final SerialTurn turn = new SerialTurn(SerialTurn.Threads.SAME);
    private final Input in = new Input();
    private final Upstream upstream = new Upstream();
    private @Nullable RelayedUpload relay;
    private int due;

    /** The upstream responded and closed before the body came: its end of the exchange is on the way. */
    @Test
    void demandOfAClosedSessionIsHarmless() throws Exception {
        var relay = relay(5);
        relay.produce(upstream);
        upstream.refusal = Optional.of(new CancelledKeyException());
        in.pieces.add("hello");
        relay.reader().orElseThrow().onDataAvailable();
        assertThat(news).isEmpty();
        assertEndsOnce();
    }

    @Test
    void anyOtherFaultOfADemandEndsTheExchange() throws Exception {
        var relay = relay(5);
        relay.produce(upstream);
        upstream.refusal = Optional.of(new IllegalStateException("a fault of the test"));
        in.pieces.add("hello");
        relay.reader().orElseThrow().onDataAvailable();
        assertThat(news).containsExactly("fault IllegalStateException");
        assertEndsOnce();
    }

    @Test
    void anErrorOfTheVirtualMachineGoesOnToTheContainerAfterTheEnd() throws Exception {
        var relay = relay(5);
        relay.produce(upstream);
        upstream.refusal = Optional.of(new StackOverflowError("an error of the test"));
        in.pieces.add("hello");
        assertThatThrownBy(() -> relay.reader().orElseThrow().onDataAvailable()).isInstanceOf(StackOverflowError.class);
        assertThat(news).containsExactly("fault StackOverflowError");
        assertEndsOnce();
    }

    /** The reactor's thread serves other exchanges too. */
    @Test
    void anErrorOfTheVirtualMachineDoesNotGetIntoTheReactor() throws Exception {
        var relay = relay(10);
        in.pieces.add("hello");
        relay.reader().orElseThrow().onDataAvailable();
        in.failure = Optional.of(new InternalError("an error of the test"));
        relay.produce(upstream);
        assertThat(news).containsExactly("fault InternalError");
        assertEndsOnce();
    }

    /** The timer could take it for silent since the bytes before. */
    @Test
    void itIsTheUpstreamsTurnBeforeSomethingWaitsForIt() throws Exception {
        var relay = relay(10);
        for (var piece : List.of("hello", "world")) {
            in.pieces.add(piece);
            relay.reader().orElseThrow().onDataAvailable();
            relay.produce(upstream);
        }
        assertThat(due).isEqualTo(2);
        relay.reader().orElseThrow().onAllDataRead();
        assertThat(due).isEqualTo(3);
    }

    @Test
    void aBodyShorterThanDeclaredIsALostClient() throws Exception {
        var relay = relay(6);
        relay.produce(upstream);
        in.pieces.add("hello");
        relay.reader().orElseThrow().onDataAvailable();
        relay.reader().orElseThrow().onAllDataRead();
        assertThat(news).containsExactly("client gone");
        relay.produce(upstream);
        assertThat(upstream.ended).isFalse();
    }

    @Test
    void aBodyLongerThanDeclaredIsALostClient() throws Exception {
        var relay = relay(4);
        in.pieces.add("hello");
        relay.reader().orElseThrow().onDataAvailable();
        assertThat(news).containsExactly("client gone");
        relay.produce(upstream);
        assertThat(upstream.taken).hasToString("");
    }

    /** A body that comes while its connection is made would fill the memory of all. */
    @Test
    void readsALittleOnlyBeforeThereIsAConnection() throws Exception {
        var relay = relay(4 * PIECE);
        for (int i = 0; i < 4; i++) {
            in.pieces.add("x".repeat(PIECE));
        }
        relay.reader().orElseThrow().onDataAvailable();
        assertThat(relay.unsent()).isEqualTo(2 * PIECE);
        assertThat(relay.asks()).isFalse();
        relay.produce(upstream);
        assertThat(upstream.taken).hasSize(2 * PIECE);
        assertThat(relay.unsent()).isEqualTo(2 * PIECE);
        relay.produce(upstream);
        assertThat(upstream.taken).hasSize(4 * PIECE);
        assertThat(relay.unsent()).isZero();
    }

    /** What is not sent because nobody wants it any more must not look like a whole body. */
    @Test
    void aBodyThatWasLetGoOfIsNotEnded() throws Exception {
        var relay = relay(-1);
        in.pieces.add("hello");
        relay.reader().orElseThrow().onDataAvailable();
        relay.close();
        relay.reader().orElseThrow().onAllDataRead();
        relay.produce(upstream);
        assertThat(upstream.ended).isFalse();
    }

    @Test
    void anUpstreamThatTakesFewerBytesThanItSaysIsCutOff() throws Exception {
        var relay = relay(5);
        in.pieces.add("hello");
        relay.reader().orElseThrow().onDataAvailable();
        relay.reader().orElseThrow().onAllDataRead();
        upstream.swallows = true;
        assertThatThrownBy(() -> relay.produce(upstream)).isInstanceOf(IllegalStateException.class);
        assertThat(upstream.ended).isFalse();
    }

    private void assertEndsOnce() {
        turn.end(() -> news.add("given back"));
        assertThat(news).endsWith("given back").containsOnlyOnce("given back");
    }

    private RelayedUpload relay(long length) {
        return relay = new RelayedUpload(SteppedExchange.relayed(length, turn, in), new Client(), new Client());
    }

    private final class Client implements Upload.Events, RefusalHandler {
        @Override
        public void prepared() {}

        @Override
        public void read(long bytes) {}

        @Override
        public SendProgress progress() {
            return new Progress();
        }

        @Override
        public void refused(ErrorReply reply) {
            news.add("refused");
        }

        @Override
        public void clientGone() {
            news.add("client gone");
        }

        @Override
        public void fault(Throwable cause) {
            news.add("fault " + cause.getClass().getSimpleName());
        }
    }

    private final class Progress extends SendProgress {
        Progress() {
            super(SteppedExchange.deadlines(), () -> 0, () -> {});
        }

        @Override
        void due() {
            assertThat(Objects.requireNonNull(relay).waitsForClient()).isTrue();
            due++;
        }

        @Override
        void sentAll() {
            news.add("sent all");
        }
    }

    /** Refuses a demand with what the test says. */
    private static final class Upstream implements DataStreamChannel {
        private final StringBuilder taken = new StringBuilder();
        private Optional<Throwable> refusal = Optional.empty();
        private boolean swallows;
        private boolean ended;

        @Override
        public void requestOutput() {
            if (refusal.isEmpty()) {
                return;
            }
            if (refusal.get() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) refusal.get();
        }

        @Override
        public int write(ByteBuffer piece) {
            int n = piece.remaining();
            while (piece.hasRemaining()) {
                taken.append((char) piece.get());
            }
            return swallows ? n - 1 : n;
        }

        @Override
        public void endStream() {
            ended = true;
        }

        @Override
        public void endStream(List<? extends Header> trailers) {
            ended = true;
        }
    }

    /** Has the pieces that the test gives. */
    private static final class Input extends UnusedInput {
        private final Deque<String> pieces = new ArrayDeque<>();
        private Optional<InternalError> failure = Optional.empty();

        @Override
        public boolean isReady() {
            return !pieces.isEmpty();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            var piece = pieces.remove().getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(piece, 0, buffer, offset, piece.length);
            return piece.length;
        }

        @Override
        public boolean isFinished() {
            if (failure.isPresent()) {
                throw failure.get();
            }
            return false;
        }

        @Override
        public void setReadListener(ReadListener listener) {}
    }
}
