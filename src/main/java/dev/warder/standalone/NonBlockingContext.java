package dev.warder.standalone;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The application, of which Jetty may know that it never blocks: it calls filters, servlets and listeners on the thread
 * that selects, instead of waking another one up for each. Sessions are left out, since nobody asks for one.
 *
 * <p>Jetty serves what a connection has sent at once, one request after the other, as long as each is answered on the spot,
 * as a refusal is, and meanwhile the thread selects for nobody else. So every thirty-second request of a connection waits
 * for one of those threads to come round again. Thread-safe.
 */
final class NonBlockingContext extends WebAppContext {
    private static final int REQUESTS_A_TURN = 32;

    private final SelectingExecutor executor;

    NonBlockingContext(String path, SelectingExecutor executor) {
        super(path, null, null, null, null, ServletContextHandler.SECURITY);
        this.executor = executor;
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
