package dev.warder.upstream;

import dev.warder.upstream.h2.ExchangeFaultException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.util.List;
import java.util.function.UnaryOperator;
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
 * The three parts of an exchange as HttpCore gets them: they throw only the exceptions that HttpCore expects. An error that
 * reached a reactor would end it, and all exchanges with it. What a part throws fails its exchange with an
 * {@link ExchangeFaultException}.
 *
 * <p>As thread-safe as the parts.
 */
final class GuardedExchange {
    /** Work that may fail in the ways that HttpCore expects. */
    private interface Work {
        void run() throws HttpException, IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(GuardedExchange.class);

    private final AsyncRequestProducer request;
    private final AsyncResponseConsumer<Void> response;
    private final FutureCallback<Void> end;
    private final UnaryOperator<Exception> naming;

    /** @param naming returns the cause by which a failure is reported to the response and to the end */
    GuardedExchange(
            AsyncRequestProducer request,
            AsyncResponseConsumer<Void> response,
            FutureCallback<Void> end,
            UnaryOperator<Exception> naming) {
        this.request = request;
        this.response = response;
        this.end = end;
        this.naming = naming;
    }

    AsyncRequestProducer request() {
        return new Request();
    }

    AsyncResponseConsumer<Void> response() {
        return new Response();
    }

    FutureCallback<Void> end() {
        return new End();
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
            end.failed(new ExchangeFaultException(fault));
        } catch (Throwable another) {
            LOG.error("A fault could not end its exchange", another);
        }
    }

    private final class Request implements AsyncRequestProducer {
        @Override
        public void sendRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
            guarded(() -> request.sendRequest(channel, context));
        }

        @Override
        public boolean isRepeatable() {
            try {
                return request.isRepeatable();
            } catch (Throwable fault) {
                fault(fault);
                return false;
            }
        }

        @Override
        public int available() {
            try {
                return request.available();
            } catch (Throwable fault) {
                fault(fault);
                return 0;
            }
        }

        @Override
        public void produce(DataStreamChannel channel) throws IOException {
            guardedStream(() -> request.produce(channel));
        }

        @Override
        public void failed(Exception cause) {
            silently(() -> request.failed(cause));
        }

        @Override
        public void releaseResources() {
            silently(request::releaseResources);
        }
    }

    private final class Response implements AsyncResponseConsumer<Void> {
        @Override
        public void consumeResponse(
                HttpResponse head, @Nullable EntityDetails content, HttpContext context, FutureCallback<Void> done)
                throws HttpException, IOException {
            guarded(() -> response.consumeResponse(head, content, context, done));
        }

        @Override
        public void informationResponse(HttpResponse head, HttpContext context) throws HttpException, IOException {
            guarded(() -> response.informationResponse(head, context));
        }

        @Override
        public void updateCapacity(CapacityChannel channel) throws IOException {
            guardedStream(() -> response.updateCapacity(channel));
        }

        @Override
        public void consume(ByteBuffer piece) throws IOException {
            guardedStream(() -> response.consume(piece));
        }

        @Override
        public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
            guarded(() -> response.streamEnd(trailers));
        }

        @Override
        public void failed(Exception cause) {
            silently(() -> response.failed(naming.apply(cause)));
        }

        @Override
        public void releaseResources() {
            silently(response::releaseResources);
        }
    }

    private final class End implements FutureCallback<Void> {
        @Override
        public void completed(@Nullable Void nothing) {
            silently(() -> end.completed(null));
        }

        @Override
        public void failed(Exception cause) {
            silently(() -> end.failed(naming.apply(cause)));
        }

        @Override
        public void cancelled() {
            silently(end::cancelled);
        }
    }
}
