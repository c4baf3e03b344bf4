package dev.warder.container;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;

/** Callbacks of the container read and write, which never waits. Thread-safe. */
record ContainerThreads(Container container) implements ClientThreads {
    @Override
    public ClientStreams streams(ServletInputStream in, ServletOutputStream out) {
        return new ClientStreams(container.input(in), out, Runnable::run);
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
