package dev.warder.container;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import java.util.concurrent.ThreadFactory;

/**
 * On whose threads clients are read from and written to: on those that bring the news, as the servlet specification has it,
 * or on threads of our own where the container makes them wait. Chosen once, when the application starts.
 *
 * <p>Thread-safe.
 */
public sealed interface ClientThreads extends AutoCloseable permits ContainerThreads, OwnThreads {
    /**
     * The choice for a container.
     *
     * <p>Open Liberty (26.0.0.5) has a write or flush wait for the client on every thread but that of its own callback,
     * whatever {@code isReady} said, and loses the wake-up of a {@code ReadListener} that was asked on another thread.
     *
     * @param serverInfo what the container calls itself
     * @param streams how many exchanges may be open at once
     * @param factory makes threads that may be waited for when the application ends
     */
    static ClientThreads of(String serverInfo, int streams, ThreadFactory factory) {
        return serverInfo.contains("Liberty") ? OwnThreads.forStreams(streams, factory) : new ContainerThreads();
    }

    /** The container's streams, or such as behave like those of a container that never makes a thread wait. */
    ClientStreams streams(ServletInputStream in, ServletOutputStream out);

    /** How many threads of our own read or write just now. */
    int busy();

    /** How many may do so at once, zero where none does. */
    int limit();

    /** Ends the threads once all have done what they do, or after some seconds. No exchange may begin any more. */
    @Override
    void close();
}
