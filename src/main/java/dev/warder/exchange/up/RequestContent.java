package dev.warder.exchange.up;

import java.util.Set;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way up, as HttpCore asks for it. Its type and coding travel as the fields that they came in; it cannot be
 * requested twice. The exchange with the upstream reports its failures.
 */
public interface RequestContent extends AsyncEntityProducer {
    /** The response has begun: from now on only what was not sent yet is held. On any thread. */
    default void responseBegan() {}

    /** The content is not needed again, however much was sent. On any thread. */
    default void giveUp() {}

    @Override
    default void failed(Exception reported) {}

    @Override
    default boolean isRepeatable() {
        return false;
    }

    @Override
    default @Nullable String getContentType() {
        return null;
    }

    @Override
    default @Nullable String getContentEncoding() {
        return null;
    }

    @Override
    default boolean isChunked() {
        return getContentLength() < 0;
    }

    @Override
    default Set<String> getTrailerNames() {
        return Set.of();
    }
}
