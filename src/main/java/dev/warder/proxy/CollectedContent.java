package dev.warder.proxy;

import dev.warder.json.Chunks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.nio.DataStreamChannel;

/** A collected body on its way up, with a known length. One thread at a time: the reactor's. */
final class CollectedContent implements RequestContent {
    private final long length;
    private final RequestProgress progress;
    private List<ByteBuffer> left;
    private int next;
    private boolean ended;

    CollectedContent(Chunks body, RequestProgress progress) {
        this.length = body.length();
        this.left = body.buffers();
        this.progress = progress;
    }

    @Override
    public int available() {
        return next < left.size() ? left.get(next).remaining() : ended ? 0 : 1;
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        while (next < left.size()) {
            var piece = left.get(next);
            if (channel.write(piece) > 0) {
                progress.sent();
            }
            if (piece.hasRemaining()) {
                return;
            }
            next++;
        }
        left = List.of();
        next = 0;
        ended = true;
        channel.endStream();
        progress.sentAll();
    }

    @Override
    public void releaseResources() {
        left = List.of();
        next = 0;
        progress.released();
    }

    @Override
    public long getContentLength() {
        return length;
    }
}
