package dev.warder.body;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/**
 * Decodes whole gzip bodies with {@link GzipDecoder}, up to a limit. Memory: the decoded bytes and two buffers of 8 KiB; coded
 * bytes are released as they are read. One thread at a time.
 */
public final class GzipContent {
    private static final int BUFFER = 8 * 1024;

    private final ByteSink<GzipException> sink;
    private final long limit;
    private long length;

    private GzipContent(ByteSink<GzipException> sink, long limit) {
        this.sink = sink;
        this.limit = limit;
    }

    /**
     * Decodes a body. The body is empty afterwards, whatever the outcome.
     *
     * @param limit the maximum length of the decoded body in bytes, inclusive; {@link GzipDecoder#longest} is a further limit
     * @param unwanted called between pieces; returns whether the body is no longer needed, and counts as broken then
     */
    public static Chunks decode(Chunks coded, long limit, BooleanSupplier unwanted) throws GzipException {
        long bound = bound(coded, limit);
        Chunks decoded = new Chunks();
        new GzipContent(decoded::append, bound).read(coded.drain(), unwanted);
        return decoded;
    }

    /**
     * The length of a body after decoding, in bytes. Decodes it without keeping a byte; the body stays unchanged.
     *
     * @param limit as for {@link #decode}, with the same result
     * @param unwanted as for {@link #decode}
     */
    public static long length(Chunks coded, long limit, BooleanSupplier unwanted) throws GzipException {
        return new GzipContent((bytes, offset, count) -> {}, bound(coded, limit)).read(coded.stream(), unwanted);
    }

    private static long bound(Chunks coded, long limit) {
        return Math.min(limit, GzipDecoder.longest(coded.length()));
    }

    private long read(InputStream coded, BooleanSupplier unwanted) throws GzipException {
        byte[] buffer = new byte[BUFFER];
        try (coded;
                var decoder = new GzipDecoder()) {
            for (int n = next(coded, buffer, unwanted); n > 0; n = next(coded, buffer, unwanted)) {
                decoder.feed(buffer, 0, n, this::append);
            }
            GzipException.require(decoder.isWhole());
            return length;
        } catch (IOException broken) {
            throw new GzipException(GzipException.Problem.BROKEN);
        }
    }

    private static int next(InputStream coded, byte[] buffer, BooleanSupplier unwanted)
            throws IOException, GzipException {
        GzipException.require(!unwanted.getAsBoolean());
        return coded.read(buffer);
    }

    private void append(byte[] bytes, int offset, int count) throws GzipException {
        if (length + count > limit) {
            throw new GzipException(GzipException.Problem.TOO_LARGE);
        }
        sink.take(bytes, offset, count);
        length += count;
    }

    /**
     * Receives bytes in an array that stays the caller's; the caller may reuse it.
     *
     * @param <E> the exception that stops the caller
     */
    @FunctionalInterface
    public interface ByteSink<E extends Exception> {
        /** Receives {@code count} bytes from {@code offset}. */
        void take(byte[] bytes, int offset, int count) throws E;
    }
}
