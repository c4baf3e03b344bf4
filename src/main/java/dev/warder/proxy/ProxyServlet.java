package dev.warder.proxy;

import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Readiness;
import dev.warder.record.RequestRecord;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** The end of the line: starts an {@link Exchange} for what the filters let through and decided. Thread-safe. */
public final class ProxyServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    /** For the container. */
    public ProxyServlet() {}

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            throw new BrokenOffException();
        }
        var context = Attributes.get(getServletContext(), ProxyContext.class);
        var record = Attributes.get(request, RequestRecord.class);
        var call = record.call();
        var decisions = Decisions.of(request);
        var head = RequestHead.of(request, call, context.clients().header());
        var client = decisions.client();
        var room = context.exchanges().reserve(client.name(), context.shares().streams(client));
        if (room != Exchanges.Room.GRANTED) {
            record.refuse(request, response, full(room));
            return;
        }
        var refusal = refusal(call, head, decisions, context.config().limits().body());
        if (refusal.isPresent()) {
            context.exchanges().release(client.name());
            record.refuse(request, response, refusal.get());
            return;
        }
        new ExchangeStart(context, record, decisions, head).start(request, response);
    }

    /** Open Liberty lets requests in meanwhile, and filters go next. */
    @Override
    public void destroy() {
        Readiness.takeDown(getServletContext());
    }

    private static ErrorReply full(Exchanges.Room room) {
        return room == Exchanges.Room.CLIENT_FULL
                ? ErrorReply.rateLimited("This client has too many requests open (limits.clientStreams).", 1)
                : ErrorReply.overloaded("Too many requests are open at this gateway.", 1);
    }

    /** What can be told without reading the body, in the order in which it is told. */
    private static Optional<ErrorReply> refusal(Call call, RequestHead head, Decisions decisions, long limit) {
        if (!call.route().isCollected()) {
            return decisions.refusal();
        }
        if (!head.isReadable()) {
            return Optional.of(ErrorReply.unsupportedCoding());
        }
        return head.contentLength() > limit ? Optional.of(BodyVerdict.tooLarge(limit)) : Optional.empty();
    }

    /**
     * Makes the container break off an answer that was begun, where it can: an asynchronous dispatch that fails is the one
     * way that Tomcat and Jetty share. It says nothing and has no stack.
     */
    private static final class BrokenOffException extends ServletException {
        private static final long serialVersionUID = 1;

        BrokenOffException() {
            super("an answer that could not be ended properly was broken off");
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
