package dev.warder.container;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;

/** Whoever brings news reads and writes, which never waits. Thread-safe. */
record ContainerThreads() implements ClientThreads {
    @Override
    public ClientStreams streams(ServletInputStream in, ServletOutputStream out) {
        return new ClientStreams(in, out, Runnable::run);
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
    public void close() {}
}
