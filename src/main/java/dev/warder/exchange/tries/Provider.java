package dev.warder.exchange.tries;

import dev.warder.body.Chunks;
import dev.warder.credential.Candidates;
import dev.warder.credential.Upstream;
import dev.warder.credential.UpstreamCredential;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.exchange.up.Upload.Outgoing;
import dev.warder.http.Field;
import dev.warder.upstream.UpstreamClient;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * One upstream: which requests it serves, how the request of a try is written for it, and how its response becomes one of the API. All
 * other code knows requests and responses as the API has them. Thread-safe.
 */
public interface Provider extends Upstream {
    /** The provider of an operator's credential: the package of the pool cannot know this one. */
    static Provider of(Candidates.Use use) {
        return (Provider) use.upstream();
    }

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
     * @param body one of those of {@link Outgoing}, or another one, whose digests may not be among the fields; null where that has
     *     none. It may share bytes with them, which are used for other bodies once it is sent: nothing else may refer to them
     * @param decode makes the stage that makes the API's response of the one that comes, before its id and its usage are read. It gets
     *     the stage that follows, and returns that where nothing is to be done. The response may fail on any thread, and the stage is
     *     not closed
     */
    record Rendered(
            UpstreamClient.Sender sender,
            HttpRequest head,
            @Nullable Chunks body,
            UnaryOperator<ResponseSink> decode) {}
}
