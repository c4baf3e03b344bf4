package dev.warder.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Clients that send most of a request and then wait. One thread at a time. */
final class UnfinishedRequests implements AutoCloseable {
    private final byte[] beginning;
    private final int port;
    private final List<SocketChannel> channels = new ArrayList<>();

    /** @param beginning what each of them sends */
    UnfinishedRequests(int port, String beginning) {
        this.port = port;
        this.beginning = beginning.getBytes(StandardCharsets.US_ASCII);
    }

    /** @param size bytes of each head; its end is missing */
    static UnfinishedRequests heads(int port, int size) {
        String beginning = "GET /v1/models HTTP/1.1\r\nHost: x\r\nX-Long: ";
        return new UnfinishedRequests(port, beginning + "a".repeat(size - beginning.length()));
    }

    /** Messages without a token, of whose bodies one byte is there. */
    static UnfinishedRequests bodies(int port) {
        return new UnfinishedRequests(port, "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n{");
    }

    void open(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            var channel = SocketChannel.open();
            channels.add(channel);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, 64 * 1024);
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            try {
                channel.write(ByteBuffer.wrap(beginning));
            } catch (IOException alreadyClosed) {
                // The server was quicker.
            }
        }
    }

    /** How many of them the server has not closed. */
    int stillOpen() throws IOException {
        int open = 0;
        for (var channel : channels) {
            channel.configureBlocking(false);
            open += isOpen(channel) ? 1 : 0;
        }
        return open;
    }

    private static boolean isOpen(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) == 0;
        } catch (IOException reset) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        for (var channel : channels) {
            channel.close();
        }
    }
}
