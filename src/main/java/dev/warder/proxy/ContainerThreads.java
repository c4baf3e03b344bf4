package dev.warder.proxy;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import java.util.concurrent.Executor;

/**
 * Whoever brings news reads and writes, which never waits. Thread-safe.
 *
 * @param chunkedReads runs what reads a body without a declared length
 */
record ContainerThreads(Executor chunkedReads) implements ClientThreads {
    /** Reads every body on the thread that brings the news. */
    ContainerThreads() {
        this(Runnable::run);
    }

    @Override
    public ClientStreams streams(ServletInputStream in, ServletOutputStream out) {
        return new ClientStreams(in, out, Runnable::run, chunkedReads);
    }

    @Override
    public int busy() {
        return 0;
    }

    @Override
    public int limit() {
        return 0;
    }

    @Override
    public void close() {
        if (chunkedReads instanceof ChunkedReads threads) {
            threads.close();
        }
    }
}
