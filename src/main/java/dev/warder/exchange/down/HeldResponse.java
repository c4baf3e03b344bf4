package dev.warder.exchange.down;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A response that is held back while another credential could bring a better one. Thread-safe. */
public final class HeldResponse {
    /** Bytes that are held back at most; a larger response is passed on as it is. */
    private static final int LARGEST = 64 * 1024;

    private final ResponseHead head;
    private final Flow flow;

    @GuardedBy("this")
    private final List<byte[]> pieces = new ArrayList<>();

    @GuardedBy("this")
    private int length;

    @GuardedBy("this")
    private boolean ended;

    public HeldResponse(ResponseHead head, Flow flow) {
        this.head = head;
        this.flow = flow;
    }

    /** Holds a piece, which is handed over; false when it is the one that makes the response too large. Ignored after the end. */
    public synchronized boolean add(byte[] piece) {
        if (ended) {
            return true;
        }
        pieces.add(piece);
        length += piece.length;
        return length <= LARGEST;
    }

    /** The held bytes, as text in UTF-8. */
    public synchronized String text() {
        var text = new ByteArrayOutputStream(length);
        pieces.forEach(text::writeBytes);
        return text.toString(StandardCharsets.UTF_8);
    }

    public synchronized void end() {
        ended = true;
    }

    public void passTo(ResponseSink sink) {
        List<byte[]> body;
        boolean whole;
        synchronized (this) {
            body = List.copyOf(pieces);
            pieces.clear();
            whole = ended;
        }
        sink.head(head, flow);
        body.forEach(piece -> sink.piece(piece, piece.length));
        if (whole) {
            sink.end();
        }
    }
}
