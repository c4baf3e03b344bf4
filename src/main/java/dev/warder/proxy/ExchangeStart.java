package dev.warder.proxy;

import dev.warder.container.RequestCompletion;
import dev.warder.container.SerialTurn;
import dev.warder.gate.Passage;
import dev.warder.http.BodyThreads;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.state.CallbackGuard;
import dev.warder.upload.Decisions;
import dev.warder.upload.RequestHead;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an {@link Exchange} of a request for which {@link Exchanges#reserve} has reserved a place, and ends the request where that
 * fails. Used by one thread, which is inside {@code service}.
 */
record ExchangeStart(
        ProxyContext context, RequestRecord record, Decisions decisions, Passage passage, RequestHead head) {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeStart.class);

    /**
     * Starts the exchange. Opens the body's stream only now: Jetty then asks a client to continue that waits for it.
     *
     * @throws IOException from the container, before the request is asynchronous
     */
    void start(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ServletInputStream in;
        AsyncContext async;
        try {
            in = request.getInputStream();
            async = request.startAsync();
        } catch (IOException | RuntimeException | Error fault) {
            release();
            throw fault;
        }
        exchange(request, response, in, async).ifPresent(Exchange::start);
    }

    /** Once the request is asynchronous, Jetty does not end it when an exception leaves {@code service}. */
    private Optional<Exchange> exchange(
            HttpServletRequest request, HttpServletResponse response, ServletInputStream in, AsyncContext async) {
        try {
            var reading = SerialTurn.taken(BodyThreads.of(request));
            var streams = context.threads().streams(in, async.getResponse().getOutputStream());
            return Optional.of(new Exchange(context, record, decisions, passage, head, reading, async, streams));
        } catch (Throwable fault) {
            release();
            end(response, async);
            LOG.error("Request {} could not be started", record.call().id(), fault);
            if (fault instanceof VirtualMachineError error) {
                throw error;
            }
            return Optional.empty();
        }
    }

    private void end(HttpServletResponse response, AsyncContext async) {
        CallbackGuard.runEach(
                () -> response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR),
                () -> RequestCompletion.completeNow(async),
                () -> record.end(RequestEnd.ERROR, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, 0));
    }

    private void release() {
        context.exchanges().release(decisions.client().name());
    }
}
