package dev.warder.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Clients that send one request after another and never read an answer. One thread at a time. */
final class DeafClients implements AutoCloseable {
    private static final long STUCK_MILLIS = 1000;
    private static final long MOST = 64L * 1024 * 1024;

    private final List<SocketChannel> channels = new ArrayList<>();

    DeafClients(int port, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            var channel = SocketChannel.open();
            channels.add(channel);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.configureBlocking(false);
        }
    }

    /** Sends {@code request} on every connection again and again, until none takes any more for a second. */
    void send(String request) throws IOException {
        byte[] many = request.repeat(1000).getBytes(StandardCharsets.US_ASCII);
        long sent = 0;
        try (var selector = Selector.open()) {
            for (var channel : channels) {
                channel.register(selector, SelectionKey.OP_WRITE, ByteBuffer.wrap(many));
            }
            while (sent < MOST && selector.select(STUCK_MILLIS) > 0) {
                for (var key : selector.selectedKeys()) {
                    var left = (ByteBuffer) key.attachment();
                    sent += ((SocketChannel) key.channel()).write(left);
                    if (!left.hasRemaining()) {
                        left.rewind();
                    }
                }
                selector.selectedKeys().clear();
            }
        }
        if (sent >= MOST) {
            throw new IOException("nobody got stuck");
        }
    }

    @Override
    public void close() throws IOException {
        for (var channel : channels) {
            channel.close();
        }
    }
}
