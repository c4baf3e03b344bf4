package dev.warder.standalone;

import java.util.concurrent.Executor;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The application, declared to Jetty as one that never blocks. Jetty then calls filters, servlets and listeners on the selector
 * thread and wakes no other thread. Sessions are left out, because the application uses none.
 *
 * <p>If a client sends many requests at once, and each gets its response immediately (as refused requests do), Jetty serves
 * them in one turn of the selector thread, and all other connections wait. So one in 32 requests of a connection waits for the
 * next turn of a selector thread. Thread-safe.
 */
final class NonBlockingContext extends WebAppContext {
    private static final int REQUESTS_A_TURN = 32;

    private final SelectingExecutor executor;

    NonBlockingContext(String path, SelectingExecutor executor) {
        super(path, null, null, null, null, ServletContextHandler.SECURITY);
        this.executor = executor;
        // The application has classes of its own, so that the key is the name of one that both know.
        setAttribute(Executor.class.getName(), (Executor) executor::select);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getConnectionMetaData().getConnection().getMessagesIn() % REQUESTS_A_TURN != 0) {
            return super.handle(request, response, callback);
        }
        executor.select(() -> handleNow(request, response, callback));
        return true;
    }

    private void handleNow(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, 404);
            }
        } catch (Throwable fault) {
            callback.failed(fault);
        }
    }
}
