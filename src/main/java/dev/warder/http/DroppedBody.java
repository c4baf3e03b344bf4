package dev.warder.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/**
 * Reads a body that nobody wants, and drops it. It is over at the body's end, after 64 MiB, or when the client breaks off:
 * then no more will come, and that is all it means to an answer.
 *
 * <p>Thread-safe: one thread at a time has the turn to read.
 */
final class DroppedBody implements ReadListener {
    private static final long MOST = 64L * 1024 * 1024;

    private final ReadTurn turn;
    private final ServletInputStream in;
    private final Runnable over;
    private long dropped;

    /**
     * @param over is run when no more will be read, perhaps more than once
     */
    DroppedBody(ReadTurn turn, ServletInputStream in, Runnable over) {
        this.turn = turn;
        this.in = in;
        this.over = over;
    }

    @Override
    public void onDataAvailable() {
        turn.take(this::drop);
    }

    @Override
    public void onAllDataRead() {
        turn.take(this::drop);
    }

    @Override
    public void onError(Throwable brokenOff) {
        over.run();
    }

    private void drop() {
        try {
            byte[] buffer = new byte[8 * 1024];
            while (!turn.over() && dropped < MOST && !in.isFinished() && in.isReady()) {
                int n = in.read(buffer);
                if (n < 0) {
                    break;
                }
                dropped += n;
            }
            if (turn.over() || dropped < MOST && !in.isFinished()) {
                return;
            }
        } catch (IOException | RuntimeException brokenOff) {
            // The same as the end.
        } catch (Error fault) {
            over.run();
            throw fault;
        }
        over.run();
    }
}
