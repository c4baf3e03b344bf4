package dev.warder.exchange.down;

import dev.warder.body.GzipDecoder;
import dev.warder.body.GzipException;
import dev.warder.http.ErrorReply;
import dev.warder.record.RequestEnd;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Passes a response on without its content coding: gzip is decoded, up to a hundred times as long as it came, and any other
 * coding fails the response. What a {@link #close} on another thread cannot release is left to the garbage collector.
 */
final class DecodeStage implements ResponseSink {
    private static final int LEAST = 1 << 20;

    private static final byte[] NOTHING = {};

    private final ResponseSink next;
    private @Nullable GzipDecoder gzip;
    private long coded;
    private long decoded;
    private boolean over;

    DecodeStage(ResponseSink next) {
        this.next = next;
    }

    @Override
    public void head(ResponseHead head, Flow flow) {
        switch (head.coding()) {
            case "" -> next.head(head, flow);
            case "gzip", "x-gzip" -> {
                gzip = new GzipDecoder();
                next.head(head.decoded(), flow);
            }
            default -> refuse("The upstream's response has a content coding that cannot be decoded.");
        }
    }

    @Override
    public void piece(byte[] bytes, int read) {
        var decoder = gzip;
        if (over) {
            return;
        }
        if (decoder == null) {
            next.piece(bytes, read);
            return;
        }
        coded += bytes.length;
        try {
            decoder.feed(bytes, 0, bytes.length, this::decoded);
        } catch (GzipException refused) {
            refuseContent();
            return;
        }
        next.piece(NOTHING, read);
    }

    @Override
    public void end() {
        var decoder = gzip;
        if (over) {
            return;
        }
        if (decoder == null || decoder.isWhole()) {
            release();
            next.end();
        } else {
            refuseContent();
        }
    }

    @Override
    public void failed(Failure failure) {
        release();
        next.failed(failure);
    }

    @Override
    public void close() {
        next.close();
    }

    private void decoded(byte[] buffer, int offset, int count) throws GzipException {
        decoded += count;
        if (decoded > Math.max(LEAST, GzipDecoder.longest(coded))) {
            throw new GzipException(GzipException.Problem.TOO_LARGE);
        }
        next.piece(Arrays.copyOfRange(buffer, offset, offset + count), 0);
    }

    private void refuseContent() {
        refuse("The upstream's response is not valid gzip content.");
    }

    private void refuse(String message) {
        release();
        next.failed(new Failure(ErrorReply.badGateway(message), RequestEnd.ERROR));
    }

    private void release() {
        over = true;
        var decoder = gzip;
        if (decoder != null) {
            decoder.close();
        }
    }
}
