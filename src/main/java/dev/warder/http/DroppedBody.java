package dev.warder.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/**
 * Reads a body that nobody wants, and drops it. It is over at the body's end, after 64 MiB, or when the client breaks off:
 * then no more will come, and that is all it means to an answer.
 *
 * <p>One thread at a time, the container's.
 */
final class DroppedBody implements ReadListener {
    private static final long MOST = 64L * 1024 * 1024;

    private final ServletInputStream in;
    private final Runnable over;
    private long dropped;

    /**
     * @param over is run when no more will be read, perhaps more than once
     */
    DroppedBody(ServletInputStream in, Runnable over) {
        this.in = in;
        this.over = over;
    }

    @Override
    public void onDataAvailable() throws IOException {
        byte[] buffer = new byte[8 * 1024];
        while (dropped < MOST && !in.isFinished() && in.isReady()) {
            int n = in.read(buffer);
            if (n < 0) {
                break;
            }
            dropped += n;
        }
        if (dropped >= MOST || in.isFinished()) {
            over.run();
        }
    }

    @Override
    public void onAllDataRead() {
        over.run();
    }

    @Override
    public void onError(Throwable brokenOff) {
        over.run();
    }
}
