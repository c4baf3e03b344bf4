package dev.warder.container;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * The threads that read from clients and write to them: those of the container's callbacks, as the servlet specification
 * intends, or threads of this application where the container would make others wait. Chosen once, when the application
 * starts.
 *
 * <p>Thread-safe.
 */
public sealed interface ClientThreads extends AutoCloseable permits ClientThreads.ContainerThreads, OwnThreads {
    /**
     * The choice for a container, by {@link Container#blocksForeignWrites}.
     *
     * @param streams how many exchanges may be open at once
     * @param factory makes threads that may be waited for when the application ends
     */
    static ClientThreads of(Container container, int streams, ThreadFactory factory) {
        return container.blocksForeignWrites()
                ? OwnThreads.forStreams(streams, factory)
                : new ContainerThreads(container);
    }

    /** The container's streams, wrapped where they would block or report the end early. */
    ClientStreams streams(ServletInputStream in, ServletOutputStream out);

    /** The number of threads of this application that read or write now. */
    int busy();

    int limit();

    /** Ends the threads when their work is done, or after some seconds. No exchange may begin after this call. */
    @Override
    void close();

    /** Callbacks of the container read and write, which never waits. */
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

    /**
     * The streams of one exchange, which never make a thread wait.
     *
     * @param last runs the task that returns the request to its container, as soon as no thread is inside its streams
     */
    record ClientStreams(ServletInputStream in, ServletOutputStream out, Executor last) {}
}
