package dev.warder.upstream;

import dev.warder.upstream.h2.StreamExchange;
import dev.warder.upstream.h2.StreamExchange.ExchangeFaultException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.util.List;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange as connections of both protocols get it. Its three parts throw only the exceptions that HttpCore expects. An error
 * that reached a reactor would end it, and all exchanges with it. What a part throws fails its exchange with an
 * {@link ExchangeFaultException}.
 *
 * <p>As thread-safe as the parts.
 */
final class GuardedExchange implements StreamExchange {
    /** Work that may fail in the ways that HttpCore expects. */
    private interface Work {
        void run() throws HttpException, IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(GuardedExchange.class);

    private final UpstreamClient.Origin origin;
    /** Whether an event stream was requested. */
    final boolean streams;

    private final AsyncRequestProducer producer;
    private final AsyncResponseConsumer<Void> consumer;
    private final FutureCallback<Void> callback;
    private final Request request = new Request();
    private final Response response = new Response();
    private final End end = new End();
    /** The caller cancels the exchange with it. */
    final UpstreamExchange handle = new UpstreamExchange(request::releaseResources);

    GuardedExchange(
            UpstreamClient.Origin origin,
            boolean streams,
            AsyncRequestProducer producer,
            AsyncResponseConsumer<Void> consumer,
            FutureCallback<Void> callback) {
        this.origin = origin;
        this.streams = streams;
        this.producer = producer;
        this.consumer = consumer;
        this.callback = callback;
    }

    @Override
    public AsyncRequestProducer request() {
        return request;
    }

    @Override
    public AsyncResponseConsumer<Void> response() {
        return response;
    }

    @Override
    public FutureCallback<Void> end() {
        return end;
    }

    @Override
    public boolean carriedBy(Runnable cancellation) {
        return handle.shares(cancellation);
    }

    @Override
    public void overHttp1() {
        origin.overHttp1(this);
    }

    /** A closed session is not a fault of the exchange: HttpCore reports that the session was lost. */
    private void guarded(Work work) throws HttpException, IOException {
        try {
            work.run();
        } catch (HttpException | IOException | CancelledKeyException lost) {
            throw lost;
        } catch (Throwable fault) {
            fault(fault);
            throw new ExchangeFaultException(fault);
        }
    }

    private void guardedStream(Work work) throws IOException {
        try {
            guarded(work);
        } catch (HttpException protocol) {
            throw new IOException(protocol);
        }
    }

    private void silently(Runnable work) {
        try {
            work.run();
        } catch (Throwable fault) {
            fault(fault);
        }
    }

    private void fault(Throwable fault) {
        try {
            callback.failed(new ExchangeFaultException(fault));
        } catch (Throwable another) {
            LOG.error("A fault could not end its exchange", another);
        }
    }

    private final class Request implements AsyncRequestProducer {
        @Override
        public void sendRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
            guarded(() -> producer.sendRequest(channel, context));
        }

        @Override
        public boolean isRepeatable() {
            try {
                return producer.isRepeatable();
            } catch (Throwable fault) {
                fault(fault);
                return false;
            }
        }

        @Override
        public int available() {
            try {
                return producer.available();
            } catch (Throwable fault) {
                fault(fault);
                return 0;
            }
        }

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            guardedStream(() -> producer.produce(channel));
        }

        @Override
        public void failed(Exception cause) {
            silently(() -> producer.failed(cause));
        }

        @Override
        public void releaseResources() {
            silently(producer::releaseResources);
        }
    }

    private final class Response implements AsyncResponseConsumer<Void> {
        @Override
        public void consumeResponse(
                HttpResponse head, @Nullable EntityDetails content, HttpContext context, FutureCallback<Void> done)
                throws HttpException, IOException {
            guarded(() -> consumer.consumeResponse(head, content, context, done));
        }

        @Override
        public void informationResponse(HttpResponse head, HttpContext context) throws HttpException, IOException {
            guarded(() -> consumer.informationResponse(head, context));
        }

        @Override
        public void updateCapacity(CapacityChannel channel) throws IOException {
            guardedStream(() -> consumer.updateCapacity(channel));
        }

        @Override
        public void consume(ByteBuffer piece) throws IOException {
            guardedStream(() -> consumer.consume(piece));
        }

        @Override
        public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
            guarded(() -> consumer.streamEnd(trailers));
        }

        @Override
        public void failed(Exception cause) {
            silently(() -> consumer.failed(origin.named(cause)));
        }

        @Override
        public void releaseResources() {
            silently(consumer::releaseResources);
        }
    }

    private final class End implements FutureCallback<Void> {
        @Override
        public void completed(@Nullable Void nothing) {
            silently(() -> callback.completed(null));
        }

        @Override
        public void failed(Exception cause) {
            silently(() -> callback.failed(origin.named(cause)));
        }

        @Override
        public void cancelled() {
            silently(callback::cancelled);
        }
    }
}
