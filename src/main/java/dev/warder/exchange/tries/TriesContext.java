package dev.warder.exchange.tries;

import dev.warder.credential.CredentialUse;
import dev.warder.credential.UpstreamCredential;
import dev.warder.upstream.UpstreamExchange;
import dev.warder.upstream.UpstreamSettings;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;

/**
 * The common tools of all tries.
 *
 * @param rejected asks about a value that the upstream refused with 401, and that no other one takes the place of
 * @param runningTime a clock that never goes back, and goes on only while the program runs
 */
public record TriesContext(
        UpstreamSettings upstream,
        HttpHost host,
        Sender sender,
        BiConsumer<CredentialUse, UpstreamCredential> rejected,
        Replays replays,
        LongSupplier runningTime) {
    /** Sends requests upstream. */
    public interface Sender {
        /**
         * Sends one.
         *
         * @param streams whether an event stream was requested
         * @return the exchange, which may have failed already
         */
        UpstreamExchange execute(
                boolean streams,
                AsyncRequestProducer request,
                AsyncResponseConsumer<Void> response,
                FutureCallback<Void> end);
    }
}
