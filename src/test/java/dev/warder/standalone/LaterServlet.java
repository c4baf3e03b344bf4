package dev.warder.standalone;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Answers each request on a thread of its own, some time after the container's thread has left: with the request's query,
 * the length of its body, and whether the container called on a thread that selects. Thread-safe.
 */
public final class LaterServlet extends HttpServlet {
    private static final Executor LATER = CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS);

    /** Made by the container. */
    public LaterServlet() {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        later(request.startAsync(), 0, selects());
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean selects = selects();
        var async = request.startAsync();
        var in = request.getInputStream();
        in.setReadListener(new ReadListener() {
            private int length;

            @Override
            public void onDataAvailable() throws IOException {
                byte[] buffer = new byte[7];
                while (in.isReady() && !in.isFinished()) {
                    length += Math.max(0, in.read(buffer));
                }
            }

            @Override
            public void onAllDataRead() {
                later(async, length, selects);
            }

            @Override
            public void onError(Throwable lost) {
                async.complete();
            }
        });
    }

    private void later(AsyncContext async, int length, boolean selects) {
        LATER.execute(() -> answer(async, length, selects));
    }

    private static void answer(AsyncContext async, int length, boolean selects) {
        var request = (HttpServletRequest) async.getRequest();
        try {
            async.getResponse()
                    .getOutputStream()
                    .print(request.getQueryString() + " length=" + length + " selects=" + selects);
        } catch (IOException lost) {
            throw new IllegalStateException(lost);
        } finally {
            async.complete();
        }
    }

    private static boolean selects() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().endsWith(".AdaptiveExecutionStrategy")));
    }
}
