package dev.warder.exchange.up;

import dev.warder.body.Chunks;
import dev.warder.exchange.up.SendProgress.RequestContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * A collected body on its way up, with a known length. Until the response has begun, it can be
 * sent again after its resources were released. One thread at a time, the reactor's, but for {@link #giveUp} and {@link
 * #responseBegan}.
 *
 * <p>Its arrays are used for other bodies once the response has begun and the last byte was sent. If both are reported on the
 * thread of the reactor that sends them, no code reads the arrays afterwards; in any other case they are left to the garbage
 * collector.
 */
final class CollectedContent implements RequestContent {
    private final long length;
    private final SendProgress progress;
    private volatile @Nullable Chunks body;
    private volatile @Nullable Chunks arrays;
    private volatile @Nullable List<ByteBuffer> left;
    private volatile boolean givenUp;
    private volatile @Nullable Thread sender;
    private int next;
    private boolean ended;
    private boolean responseBegan;

    /**
     * @param body what is sent
     * @param collected the body whose arrays are shared by it, null when they are never used again
     */
    CollectedContent(Chunks body, @Nullable Chunks collected, SendProgress progress) {
        this.length = body.length();
        this.body = body;
        this.arrays = collected;
        this.left = body.buffers();
        this.progress = progress;
    }

    /** The thread of a cancellation may run what the reactor's thread has caused. */
    @Override
    public void responseBegan() {
        body = null;
        if (Thread.currentThread() != sender) {
            arrays = null;
            return;
        }
        responseBegan = true;
        letGoOfUnsent();
        recycleIfDone();
    }

    @Override
    public void giveUp() {
        givenUp = true;
        body = null;
        arrays = null;
        left = null;
    }

    @Override
    public boolean isRepeatable() {
        return body != null;
    }

    @Override
    public int available() {
        if (givenUp) {
            return 0;
        }
        var pieces = left;
        if (pieces == null) {
            return 1;
        }
        return next < pieces.size() ? pieces.get(next).remaining() : ended ? 0 : 1;
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        sender = Thread.currentThread();
        var pieces = pieces();
        if (givenUp) {
            left = null;
            return;
        }
        while (next < pieces.size()) {
            var piece = pieces.get(next);
            int written = channel.write(piece);
            if (written > 0) {
                progress.sent(written);
            }
            if (piece.hasRemaining()) {
                return;
            }
            next++;
        }
        left = List.of();
        next = 0;
        ended = true;
        channel.endStream();
        recycleIfDone();
        progress.sentAll();
    }

    /** HttpClient 5.6.5 calls this before it reports a response from 400 on, whether all was sent or not. */
    @Override
    public void releaseResources() {
        left = null;
        next = 0;
        letGoOfUnsent();
        progress.released();
    }

    @Override
    public long getContentLength() {
        return length;
    }

    private void letGoOfUnsent() {
        if (responseBegan && !ended && left == null) {
            arrays = null;
        }
    }

    private void recycleIfDone() {
        var done = arrays;
        if (responseBegan && ended && done != null) {
            arrays = null;
            done.recycle();
        }
    }

    private List<ByteBuffer> pieces() {
        var pieces = left;
        if (pieces == null) {
            var whole = body;
            pieces = whole == null ? List.of() : whole.buffers();
            ended &= whole == null;
            left = pieces;
            if (whole != null) {
                progress.begunAgain();
            }
        }
        return pieces;
    }
}
