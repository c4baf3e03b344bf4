package dev.warder.exchange;

import dev.warder.auth.Gate;
import dev.warder.auth.Passage;
import dev.warder.container.CallbackGuard;
import dev.warder.container.RequestCompletion;
import dev.warder.container.SerialTurn;
import dev.warder.exchange.up.Decisions;
import dev.warder.exchange.up.RequestHead;
import dev.warder.exchange.up.Upload;
import dev.warder.exchange.up.Upload.Arrival;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.GatewayServlet;
import dev.warder.http.Route;
import dev.warder.record.CompletedRequest.ConversationIds;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts an {@link Exchange} for each request that the filters have passed on, after the checks that need no body.
 * Thread-safe.
 */
public final class ProxyServlet extends GatewayServlet<ProxyContext> {
    private static final Set<Gate.Needs> OF_HEAD = Set.of(Gate.Needs.HEAD);
    private static final Set<Gate.Needs> ALL = Set.of(Gate.Needs.values());

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        var context = parts();
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            context.exchanges().container.beforeFailedDispatch(request, response);
            throw new BrokenOffException();
        }
        var record = Attributes.get(request, RequestRecord.class);
        var call = record.call();
        if (call.route() == Route.TELEMETRY) {
            // A path such as /v1/v1/metrics, which the container did not map to the servlet of this route.
            record.refuse(request, response, ErrorReply.notFound());
            return;
        }
        context.tracing().follow(request, record);
        var decisions = Decisions.of(request);
        var head = RequestHead.of(request, call, context.clients().header());
        var client = decisions.client();
        var inquiry = decisions.inquiry(call, head);
        record.conversation(new ConversationIds(inquiry.sessionId(), inquiry.agentId(), inquiry.hints()));
        var reservation =
                context.exchanges().reserve(client.name(), context.shares().streams(client));
        if (reservation != Exchanges.Reservation.GRANTED) {
            var full = full(reservation);
            boolean closes = context.exchanges().container.exchangeMemory() > 0
                    && request.getProtocol().startsWith("HTTP/1");
            record.refuse(request, response, closes ? full.closing() : full);
            return;
        }
        record.atEnd(() -> context.exchanges().freeShare(client.name()));
        var passage = context.gates().passage(record);
        Optional<ErrorReply> refusal = Optional.empty();
        boolean decided = false;
        try {
            refusal = refusal(call, head, context.config().limits().body())
                    .or(() -> passage.ask(inquiry, call.route().isCollected() ? OF_HEAD : ALL));
            decided = true;
        } finally {
            if (!decided || refusal.isPresent()) {
                context.exchanges().release();
            }
        }
        if (refusal.isPresent()) {
            record.refuse(request, response, refusal.get());
            return;
        }
        new ExchangeStart(context, record, decisions, passage, head).start(request, response);
    }

    private static ErrorReply full(Exchanges.Reservation reservation) {
        return reservation == Exchanges.Reservation.CLIENT_FULL
                ? ErrorReply.rateLimited("This client has too many requests open (limits.clientStreams).", 1)
                : ErrorReply.overloaded("Too many requests are open at this gateway.", 1);
    }

    private static Optional<ErrorReply> refusal(Call call, RequestHead head, long limit) {
        if (!call.route().isCollected()) {
            return Optional.empty();
        }
        if (!head.isReadable()) {
            return Optional.of(ErrorReply.unsupportedCoding());
        }
        return head.contentLength() > limit ? Optional.of(Upload.tooLarge(limit)) : Optional.empty();
    }

    /**
     * Makes the container break off a response that was begun, where it can: an asynchronous dispatch that fails is the one
     * way that Tomcat and Jetty share. It has no stack.
     */
    private static final class BrokenOffException extends ServletException {
        BrokenOffException() {
            super("a response that could not be ended properly was broken off");
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    /**
     * Makes an {@link Exchange} of a request for which {@link Exchanges#reserve} has reserved a place, and ends the request where that
     * fails. Used by one thread, which is inside {@code service}.
     */
    private record ExchangeStart(
            ProxyContext context, RequestRecord record, Decisions decisions, Passage passage, RequestHead head) {
        private static final Logger LOG = LoggerFactory.getLogger(ProxyServlet.class);

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
                context.exchanges().release();
                throw fault;
            }
            exchange(request, response, in, async).ifPresent(Exchange::start);
        }

        /** Once the request is asynchronous, Jetty does not end it when an exception leaves {@code service}. */
        private Optional<Exchange> exchange(
                HttpServletRequest request, HttpServletResponse response, ServletInputStream in, AsyncContext async) {
            try {
                var reading = SerialTurn.taken(context.tools().reading(request));
                var streams = context.threads().streams(in, async.getResponse().getOutputStream());
                return Optional.of(new Exchange(
                        context, new Arrival(record, decisions, head, reading, streams.in()), passage, async, streams));
            } catch (Throwable fault) {
                context.exchanges().release();
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
    }
}
