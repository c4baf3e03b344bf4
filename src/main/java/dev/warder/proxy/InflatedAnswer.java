package dev.warder.proxy;

import dev.warder.http.ErrorReply;
import dev.warder.json.GzipContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.client5.http.async.methods.InflatingGzipDataConsumer;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * An answer in the coding gzip, passed on decoded, up to a hundred times as long as it came. What breaks off early is for
 * the next one to notice. One thread at a time; what a {@link #close} on another thread cannot let go of is left to the
 * collector.
 */
final class InflatedAnswer implements AnswerSink, AsyncDataConsumer {
    /** What a small answer may grow to, whatever its length was. */
    private static final int LEAST = 1 << 20;

    private static final byte[] NOTHING = {};

    private final AnswerSink next;
    private final Consumer<ErrorReply> unusable;
    private final InflatingGzipDataConsumer inflater = new InflatingGzipDataConsumer(this);
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
            inflater.consume(ByteBuffer.wrap(bytes));
        } catch (IOException broken) {
            over = true;
            inflater.releaseResources();
            unusable.accept(ErrorReply.badGateway("The upstream's answer is not the gzip content it is said to be."));
            return;
        }
        next.piece(NOTHING, read);
    }

    @Override
    public void end() {
        if (!over) {
            over = true;
            inflater.releaseResources();
            next.end();
        }
    }

    @Override
    public void close() {
        next.close();
    }

    @Override
    public void consume(ByteBuffer piece) throws IOException {
        decoded += piece.remaining();
        if (decoded > Math.max(LEAST, GzipContent.longest(coded))) {
            throw new IOException("grows too much");
        }
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        next.piece(bytes, 0);
    }

    @Override
    public void updateCapacity(CapacityChannel notAsked) {}

    @Override
    public void streamEnd(@Nullable List<? extends Header> none) throws HttpException {}

    @Override
    public void releaseResources() {}
}
