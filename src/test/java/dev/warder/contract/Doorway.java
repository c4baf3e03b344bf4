package dev.warder.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A listener in front of an upstream that passes bytes on in both directions, spoils the handshakes that a test wants
 * spoilt, and refuses every connection once it is shut. Thread-safe.
 */
final class Doorway implements AutoCloseable {
    private final URI behind;
    private final ServerSocket server;
    private final AtomicInteger spoilt = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** Stands in front of this address. */
    Doorway(URI behind) throws IOException {
        this.behind = behind;
        this.server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        begin("doorway", this::accept);
    }

    /** Where it listens, with the scheme of what is behind. */
    URI uri() {
        return URI.create(behind.getScheme() + "://127.0.0.1:" + server.getLocalPort());
    }

    /** Answers the next connection with something that is no TLS. */
    void spoilNext() {
        spoilt.incrementAndGet();
    }

    /** How many connections are still to be spoilt. */
    int toSpoil() {
        return spoilt.get();
    }

    /** Refuses every connection from now on; those that are open stay. */
    void shut() throws IOException {
        server.close();
    }

    @Override
    public void close() throws IOException {
        shut();
        for (var socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                pass(server.accept());
            } catch (IOException closed) {
                // The loop looks whether it was the listener.
            }
        }
    }

    private void pass(Socket outside) throws IOException {
        sockets.add(outside);
        if (spoilt.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            outside.getOutputStream().write("220 speaks no TLS\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            outside.close();
            return;
        }
        var inside = new Socket(InetAddress.getLoopbackAddress(), behind.getPort());
        sockets.add(inside);
        begin("doorway-up", () -> copy(outside, inside));
        begin("doorway-down", () -> copy(inside, outside));
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            closeBoth(from, to);
        }
    }

    private static void closeBoth(Socket one, Socket other) {
        try (one;
                other) {
            one.shutdownInput();
        } catch (IOException gone) {
            // Both are closed, which is all that is wanted.
        }
    }

    private static void begin(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
