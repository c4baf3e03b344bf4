package dev.warder.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Reads one response to its end and keeps nothing; far cheaper than {@link RawResponse}. One thread at a time. */
final class FloodResponse {
    private final InputStream in;
    private final Runnable begun;
    private final byte[] buffer = new byte[4 * 1024];
    private long length = -1;
    private boolean chunked;
    private boolean closes;
    private boolean ofGateway;

    /** @param begun runs when the head has come */
    FloodResponse(InputStream in, Runnable begun) {
        this.in = in;
        this.begun = begun;
    }

    /**
     * Whether the connection can be used again; {@link EOFException} when the response is not whole, {@link IOException} when
     * it is one of the container's own, which honest requests never get.
     */
    boolean read() throws IOException {
        int status = head();
        if (!ofGateway) {
            throw new IOException("the container's own response: " + status);
        }
        if (status == 204 || status == 304) {
            return !closes;
        }
        if (chunked) {
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                skip(size + 2);
            }
            line();
        } else if (length >= 0) {
            skip(length);
        } else {
            throw new IOException("no framing");
        }
        return !closes;
    }

    private int head() throws IOException {
        var first = line();
        if (!first.startsWith("HTTP/1.1 ")) {
            throw new IOException("no response: " + first);
        }
        begun.run();
        int status = Integer.parseInt(first.substring(9, 12));
        for (var line = line(); !line.isEmpty(); line = line()) {
            var field = line.toLowerCase(Locale.ROOT);
            if (field.startsWith("content-length:")) {
                length = Long.parseLong(field.substring(15).strip());
            }
            chunked |= field.equals("transfer-encoding: chunked");
            closes |= field.equals("connection: close");
            ofGateway |= field.startsWith("x-warder-request-id:");
        }
        return status < 200 ? head() : status;
    }

    private void skip(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException("cut off");
            }
            left -= n;
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int one = in.read(); one != '\n'; one = in.read()) {
            if (one < 0) {
                throw new EOFException("closed");
            }
            if (one != '\r') {
                line.append((char) one);
            }
        }
        return line.toString();
    }
}
