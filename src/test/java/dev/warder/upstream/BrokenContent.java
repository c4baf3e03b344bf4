package dev.warder.upstream;

import java.util.Set;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/** A body that fails when it is asked for. */
final class BrokenContent implements AsyncEntityProducer {
    @Override
    public int available() {
        return 1;
    }

    @Override
    public void produce(DataStreamChannel channel) {
        throw new IllegalStateException("a fault");
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public void failed(Exception cause) {}

    @Override
    public void releaseResources() {}

    @Override
    public long getContentLength() {
        return 5;
    }

    @Override
    public @Nullable String getContentType() {
        return null;
    }

    @Override
    public @Nullable String getContentEncoding() {
        return null;
    }

    @Override
    public boolean isChunked() {
        return false;
    }

    @Override
    public Set<String> getTrailerNames() {
        return Set.of();
    }
}
