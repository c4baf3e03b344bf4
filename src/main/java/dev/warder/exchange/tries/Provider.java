package dev.warder.exchange.tries;

import dev.warder.body.Chunks;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.up.Upload.Outgoing;
import dev.warder.http.Field;
import dev.warder.http.Fields;
import dev.warder.upstream.UpstreamExchange;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One kind of upstream: how the request of a try is written for it, and how its response becomes one of the API. All other code
 * knows requests and responses as the API has them. Thread-safe.
 */
public interface Provider {
    /**
     * Writes the request of one try, on a thread that serves other requests too.
     *
     * @param what the request as it goes to the API, edited, and without a credential
     * @param fields those of {@code what}, with those by which the try is traced
     */
    Rendered render(Outgoing what, List<Field> fields, UpstreamCredential credential);

    /**
     * The request of one try.
     *
     * @param sender sends it to its origin
     * @param head a new one for each try, for the host of that origin
     * @param body that of {@link Outgoing#body}, or another one, whose digests may not be among the fields; null where that has
     *     none. It may share bytes with that of {@code Outgoing}, which are used for other bodies once it is sent: nothing else may
     *     refer to them
     * @param decode makes the stage that makes the API's response of the one that comes, before its usage is read. It gets the
     *     stage that follows, and returns that where nothing is to be done. The response may fail on any thread, and the stage is
     *     not closed
     */
    record Rendered(Sender sender, HttpRequest head, @Nullable Chunks body, UnaryOperator<ResponseSink> decode) {}

    /** Sends requests to one origin. */
    interface Sender {
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

    /**
     * The API itself.
     *
     * @param prefix the path of the configured URL, which is put before each path
     * @param version the {@code anthropic-version} for a client that sent none
     */
    record AnthropicApi(HttpHost host, String prefix, String version, Sender sender) implements Provider {
        @Override
        public Rendered render(Outgoing what, List<Field> fields, UpstreamCredential credential) {
            var head = what.head().message(host, prefix + what.head().path(), credential.addTo(fields));
            if (!head.containsHeader(Fields.ANTHROPIC_VERSION)) {
                head.addHeader(Fields.ANTHROPIC_VERSION, version);
            }
            return new Rendered(sender, head, what.body(), UnaryOperator.identity());
        }
    }
}
