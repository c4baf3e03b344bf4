package dev.warder.exchange;

import java.io.IOException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;

/** A request that notes when a connection was found for it; before that it cannot be the cause of a failure. */
final class NotedRequest implements AsyncRequestProducer {
    private final AsyncRequestProducer request;
    private final Runnable sent;

    /** @param sent is run before the head of {@code request} is sent, each time it is */
    NotedRequest(AsyncRequestProducer request, Runnable sent) {
        this.request = request;
        this.sent = sent;
    }

    @Override
    public void sendRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        sent.run();
        request.sendRequest(channel, context);
    }

    @Override
    public boolean isRepeatable() {
        return request.isRepeatable();
    }

    @Override
    public void failed(Exception cause) {
        request.failed(cause);
    }

    @Override
    public int available() {
        return request.available();
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        request.produce(channel);
    }

    @Override
    public void releaseResources() {
        request.releaseResources();
    }
}
