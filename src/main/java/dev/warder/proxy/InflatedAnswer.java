package dev.warder.proxy;

import dev.warder.http.ErrorReply;
import dev.warder.json.GzipContent;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * An answer in the coding gzip, passed on decoded, up to a hundred times as long as it came. One thread at a time; what a
 * {@link #close} on another thread cannot let go of is left to the collector.
 */
final class InflatedAnswer implements AnswerSink {
    /** What a small answer may grow to, whatever its length was. */
    private static final int LEAST = 1 << 20;

    private static final byte[] NOTHING = {};

    private final AnswerSink next;
    private final Consumer<ErrorReply> unusable;
    private final GzipPieces gzip = new GzipPieces();
    private long coded;
    private long decoded;
    private boolean over;

    /**
     * @param next takes the decoded bytes
     * @param unusable is told why the answer cannot be used
     */
    InflatedAnswer(AnswerSink next, Consumer<ErrorReply> unusable) {
        this.next = next;
        this.unusable = unusable;
    }

    @Override
    public void piece(byte[] bytes, int read) {
        if (over) {
            return;
        }
        coded += bytes.length;
        try {
            gzip.feed(bytes, this::decoded);
        } catch (IOException broken) {
            refuse();
            return;
        }
        next.piece(NOTHING, read);
    }

    @Override
    public void end() {
        if (over) {
            return;
        }
        if (gzip.whole()) {
            over = true;
            gzip.close();
            next.end();
        } else {
            refuse();
        }
    }

    @Override
    public void close() {
        next.close();
    }

    private void decoded(byte[] piece) throws IOException {
        decoded += piece.length;
        if (decoded > Math.max(LEAST, GzipContent.longest(coded))) {
            throw new IOException("grows too much");
        }
        next.piece(piece, 0);
    }

    private void refuse() {
        over = true;
        gzip.close();
        unusable.accept(ErrorReply.badGateway("The upstream's answer is not the gzip content it is said to be."));
    }
}
