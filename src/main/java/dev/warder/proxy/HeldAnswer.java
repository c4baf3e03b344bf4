package dev.warder.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is kept back while another credential could give a better one. Thread-safe.
 */
final class HeldAnswer {
    /** What is kept back at most; a larger answer is passed on as it is. */
    private static final int LARGEST = 64 * 1024;

    private final HttpResponse head;
    private final @Nullable EntityDetails content;

    @GuardedBy("this")
    private final List<byte[]> pieces = new ArrayList<>();

    @GuardedBy("this")
    private int length;

    @GuardedBy("this")
    private boolean ended;

    HeldAnswer(HttpResponse head, @Nullable EntityDetails content) {
        this.head = head;
        this.content = content;
    }

    /** Keeps a copy of a piece; false when it is the one that makes the answer too large. Nothing follows the end. */
    synchronized boolean add(ByteBuffer piece) {
        if (ended) {
            return true;
        }
        byte[] bytes = new byte[piece.remaining()];
        piece.duplicate().get(bytes);
        pieces.add(bytes);
        length += bytes.length;
        return length <= LARGEST;
    }

    /** The answer came to its end. */
    synchronized void end() {
        ended = true;
    }

    /** Tells the answer, as far as it has come, as if it came just now. */
    void tell(UpstreamAnswer.Events events) {
        List<byte[]> body;
        boolean whole;
        synchronized (this) {
            body = List.copyOf(pieces);
            whole = ended;
        }
        events.answerHead(head, content);
        body.forEach(piece -> events.answerPiece(ByteBuffer.wrap(piece)));
        if (whole) {
            events.answerEnd();
        }
    }
}
