package dev.warder.exchange.up;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Chunks;
import dev.warder.body.SegmentPool;
import dev.warder.body.Splice;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the arrays of a body may be written into again: a byte of another request in this one would be a leak. */
class CollectedContentTest {
    private static final int SEGMENT = 64 * 1024;

    private int beginnings;
    private final SegmentPool pool = new SegmentPool(8 * SEGMENT);
    private final Socket socket = new Socket();
    private final CollectedContent content = content();

    @Test
    void givesTheArraysBackWhenItWasSentAndThenTheResponseBegan() throws Exception {
        content.produce(socket);
        assertThat(socket.ended).isTrue();
        assertThat(pool.free()).isZero();
        content.responseBegan();
        assertThat(pool.free()).isEqualTo(2 * SEGMENT);
    }

    @Test
    void keepsThemOfAnEarlyAnswerUntilTheLastByteIsSent() throws Exception {
        socket.room = SEGMENT;
        content.produce(socket);
        content.responseBegan();
        assertThat(pool.free()).isZero();
        socket.room = Integer.MAX_VALUE;
        content.produce(socket);
        assertThat(pool.free()).isEqualTo(2 * SEGMENT);
        assertThat(socket.sent).isEqualTo(2 * SEGMENT + 3);
    }

    @Test
    void keepsThemWhileItIsSentAgain() throws Exception {
        content.produce(socket);
        content.releaseResources();
        socket.room = 1;
        content.produce(socket);
        content.responseBegan();
        assertThat(pool.free()).isZero();
        socket.room = Integer.MAX_VALUE;
        content.produce(socket);
        assertThat(pool.free()).isEqualTo(2 * SEGMENT);
    }

    @Test
    void givesThemBackWhenItsResourcesWereReleasedBeforeTheAnswerWasTold() throws Exception {
        content.produce(socket);
        content.releaseResources();
        content.responseBegan();
        assertThat(pool.free()).isEqualTo(2 * SEGMENT);
    }

    @Test
    void leavesThemToTheCollectorWhenItIsNotSentToItsEnd() throws Exception {
        socket.room = SEGMENT;
        content.produce(socket);
        content.responseBegan();
        content.releaseResources();
        content.produce(socket);
        assertThat(pool.free()).isZero();
    }

    /** Two threads could each see that all is done, and the arrays would be in the bodies of two clients. */
    @Test
    void leavesThemToTheCollectorWhenAnotherThreadReportsTheResponse() throws Exception {
        socket.room = SEGMENT;
        content.produce(socket);
        var other = new Thread(content::responseBegan);
        other.start();
        other.join();
        socket.room = Integer.MAX_VALUE;
        content.produce(socket);
        assertThat(socket.ended).isTrue();
        assertThat(pool.free()).isZero();
    }

    @Test
    void leavesThemToTheCollectorWhenTheCallWasGivenUp() throws Exception {
        content.giveUp();
        content.produce(socket);
        content.releaseResources();
        assertThat(pool.free()).isZero();
    }

    @Test
    void sendsNothingMoreOfWhatWasGivenUp() throws Exception {
        socket.room = 5;
        content.produce(socket);
        content.giveUp();
        socket.room = Integer.MAX_VALUE;
        content.produce(socket);
        assertThat(socket.sent).isEqualTo(5);
        assertThat(socket.ended).isFalse();
        assertThat(content.available()).isZero();
    }

    @Test
    void tellsOfEachNewBeginning() throws Exception {
        content.produce(socket);
        assertThat(beginnings).isZero();
        content.releaseResources();
        content.produce(socket);
        assertThat(beginnings).isEqualTo(1);
    }

    private CollectedContent content() {
        byte[] bytes = "x".repeat(2 * SEGMENT).getBytes(US_ASCII);
        var body = new Chunks(bytes.length, pool);
        body.append(bytes, 0, bytes.length);
        var edited = body.splice(List.of(new Splice(5, 5, new byte[3])));
        return new CollectedContent(edited, body, new SendProgress(SteppedExchange.deadlines(), () -> 0, () -> {}) {
            @Override
            synchronized void begunAgain() {
                beginnings++;
            }
        });
    }

    private static final class Socket implements DataStreamChannel {
        int room = Integer.MAX_VALUE;
        long sent;
        boolean ended;

        @Override
        public void requestOutput() {}

        @Override
        public int write(ByteBuffer piece) {
            int n = Math.min(room, piece.remaining());
            piece.position(piece.position() + n);
            room -= n;
            sent += n;
            return n;
        }

        @Override
        public void endStream() {
            ended = true;
        }

        @Override
        public void endStream(@Nullable List<? extends Header> trailers) {
            ended = true;
        }
    }
}
