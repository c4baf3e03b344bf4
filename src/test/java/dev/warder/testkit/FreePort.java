package dev.warder.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that need a fixed port, or start again on the port that they had. */
public final class FreePort {
    /** Linux takes the ports of outgoing connections, and those of listeners on port 0, from 32,768 on. */
    private static final int LEAST = 16_384;

    private static final int BOUND = 32_768;

    private FreePort() {}

    /** A port on which nothing listens at any address, and which no outgoing connection takes, where Linux has its default range. */
    public static int next() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LEAST, BOUND);
            try (var socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // Another one, then.
            }
        }
    }
}
