package dev.warder.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Takes no more than a few bytes at once from a socket, however many there are. One thread at a time. */
final class SteppedInput extends FilterInputStream {
    private final int step;

    SteppedInput(InputStream socket, int step) {
        super(socket);
        this.step = step;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return super.read(buffer, offset, Math.min(length, step));
    }
}
