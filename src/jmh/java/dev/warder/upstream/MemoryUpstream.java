package dev.warder.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.IncomingEntityDetails;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpCoreContext;

/**
 * An upstream in memory: the guards and read events of {@link UpstreamClient}, without HttpClient and its connections. Drops each
 * request and sends the same response. One thread at a time.
 */
public final class MemoryUpstream implements UpstreamClient.Sender {
    private static final long UNKNOWN = -1;

    private final ReadEvents reads;
    private final UpstreamClient.Origin origin;
    private final Header[] fields;
    private final ByteBuffer[] pieces;
    private final long length;
    private final HttpCoreContext context = HttpCoreContext.create();
    private final RequestChannel heads = (request, content, unused) -> context.setRequest(request);
    private final DataStreamChannel dropped = new Dropped();
    private GuardedExchange pending;

    /**
     * @param client its read events defer writes, as those of its connections do
     * @param pieces the content; each of them arrives in a read of its own
     */
    public MemoryUpstream(UpstreamClient client, Map<String, String> fields, List<byte[]> pieces) {
        this.reads = (ReadEvents) client.afterRead();
        this.origin = client.origin();
        this.fields = fields.entrySet().stream()
                .map(field -> new BasicHeader(field.getKey(), field.getValue()))
                .toArray(Header[]::new);
        this.pieces = pieces.stream().map(ByteBuffer::wrap).toArray(ByteBuffer[]::new);
        this.length = pieces.size() == 1 ? pieces.get(0).length : UNKNOWN;
    }

    @Override
    public HttpHost host() {
        return origin.host();
    }

    @Override
    public UpstreamExchange execute(
            boolean streams,
            AsyncRequestProducer request,
            AsyncResponseConsumer<Void> response,
            FutureCallback<Void> end) {
        pending = new GuardedExchange(origin, streams, request, response, end);
        return pending.handle;
    }

    /** Takes the request that waits, and sends the response. */
    public void respond() throws HttpException, IOException {
        var exchange = Objects.requireNonNull(pending, "no request was sent");
        pending = null;
        exchange.handle.takeUp();
        var request = exchange.request();
        request.sendRequest(heads, context);
        while (request.available() > 0) {
            request.produce(dropped);
        }
        for (int i = 0; i < pieces.length; i++) {
            int next = i;
            reads.during(() -> {
                try {
                    read(exchange, next);
                } catch (HttpException invalid) {
                    throw new IOException(invalid);
                }
            });
        }
    }

    private void read(GuardedExchange exchange, int at) throws HttpException, IOException {
        var response = exchange.response();
        if (at == 0) {
            var head = new BasicHttpResponse(200);
            head.setHeaders(fields);
            response.consumeResponse(head, new IncomingEntityDetails(head, length), context, exchange.end());
            response.updateCapacity(bytes -> {});
        }
        response.consume(pieces[at].rewind());
        if (at == pieces.length - 1) {
            response.streamEnd(null);
            exchange.request().releaseResources();
            response.releaseResources();
        }
    }

    private static final class Dropped implements DataStreamChannel {
        @Override
        public int write(ByteBuffer bytes) {
            int all = bytes.remaining();
            bytes.position(bytes.limit());
            return all;
        }

        @Override
        public void requestOutput() {}

        @Override
        public void endStream() {}

        @Override
        public void endStream(List<? extends Header> trailers) {}
    }
}
