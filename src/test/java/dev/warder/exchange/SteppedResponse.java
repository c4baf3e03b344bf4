package dev.warder.exchange;

import dev.warder.testkit.UnusedOutput;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A container's side of a response, step by step: it takes bytes and calls back as the servlet specification has it, and each
 * of its methods may throw. It notes what the specification forbids. One thread at a time.
 */
final class SteppedResponse {
    /** Where faults are on, on average one call of this many throws. */
    private static final int ODDS = 60;

    private final Random random;
    private final boolean faulty;
    private final Consumer<Runnable> others;
    private final Consumer<Runnable> callbacks;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<String> violations = new ArrayList<>();
    private final Output out = new Output();
    private @Nullable WriteListener writes;
    private @Nullable AsyncListener events;
    private boolean ready;
    private boolean called;
    private boolean promised;
    private boolean upstreams;
    private boolean committed;
    private boolean lost;
    private int faults;
    private boolean losesBytes;
    private boolean broken;
    private boolean endedByItself;
    private int status = 200;
    private int declared = -1;
    private int returned;

    /**
     * @param others receives tasks for threads of any kind
     * @param callbacks receives the container's callbacks, which come one at a time
     */
    SteppedResponse(Random random, boolean faulty, Consumer<Runnable> others, Consumer<Runnable> callbacks) {
        this.random = random;
        this.faulty = faulty;
        this.others = others;
        this.callbacks = callbacks;
    }

    AsyncContext async() {
        return proxy(AsyncContext.class, this::async);
    }

    ServletOutputStream out() {
        return out;
    }

    /** What the client got of the body. */
    String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /** What the specification forbids and was done. */
    List<String> violations() {
        return violations;
    }

    /** The status that the client sees. */
    int status() {
        return status;
    }

    /** The declared length of the body; negative for none. */
    int declared() {
        return declared;
    }

    /** Whether the head is the upstream's. */
    boolean isUpstreams() {
        return upstreams;
    }

    /** Whether the client has got its head. */
    boolean isCommitted() {
        return committed;
    }

    /** Whether it takes no bytes at present, and will call back. */
    boolean isFull() {
        return promised;
    }

    /** How often a method has thrown. */
    int faults() {
        return faults;
    }

    /** Whether a write that was accepted or not has thrown an error, after which others were accepted. */
    boolean losesBytes() {
        return losesBytes;
    }

    /** Whether the client was lost. */
    boolean isLost() {
        return lost;
    }

    /** Whether the response was ended as incomplete. */
    boolean isBroken() {
        return broken;
    }

    /** Whether the container has ended the request. */
    boolean isEndedByItself() {
        return endedByItself;
    }

    /** How often the request was returned, or ended by the container. */
    int returned() {
        return returned;
    }

    /** The client reads, and the container reports it if it was asked. */
    void clientReads() {
        if (writes != null && (!called || promised) && returned == 0) {
            called = true;
            promised = false;
            ready = true;
            callWrites();
        }
    }

    /** A container may call this when it was not asked, and even after the end. */
    void callsForNothing() {
        if (writes != null) {
            called = true;
            callWrites();
        }
    }

    /** The client is lost. */
    void lose() {
        lost = true;
        var loss = new IOException("the client of the test is lost");
        var listener = events;
        if (listener != null && returned == 0) {
            call(() -> listener.onError(event(loss)));
        }
        var writer = writes;
        if (writer != null && returned == 0) {
            call(() -> writer.onError(loss));
        }
    }

    /** The client is lost, and the container reports that elsewhere. */
    void loseSilently() {
        lost = true;
    }

    /** The container stops the application. The calling thread waits for no other one. */
    void stop() {
        withoutWaiting(this::timeOut);
    }

    /** Runs a callback on a thread that waits for no other one. */
    static void withoutWaiting(Runnable callback) {
        Thread.currentThread().interrupt();
        try {
            callback.run();
        } finally {
            Thread.interrupted();
        }
    }

    /** The container stops the application, on a thread that may wait. */
    void timeOut() {
        var listener = events;
        if (listener != null && returned == 0) {
            call(() -> listener.onTimeout(event(null)));
        }
    }

    /** The container ends the request by itself. */
    void endByItself() {
        if (events != null && returned == 0) {
            returned++;
            endedByItself = true;
            complete();
        }
    }

    private void callWrites() {
        var listener = Objects.requireNonNull(writes);
        call(listener::onWritePossible);
    }

    /** An error goes back to the listener. */
    private void call(Callback callback) {
        try {
            callback.run();
        } catch (InternalError thrown) {
            var listener = writes;
            if (listener != null && returned == 0) {
                try {
                    withoutWaiting(() -> listener.onError(thrown));
                } catch (InternalError again) {
                    // The exchange has ended.
                }
            }
        } catch (IOException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private void complete() {
        call(() -> Objects.requireNonNull(events).onComplete(event(null)));
    }

    private AsyncEvent event(@Nullable Throwable cause) {
        return new AsyncEvent(async(), null, null, cause);
    }

    private @Nullable Object async(Object self, Method method, Object[] arguments) {
        if (method.getName().equals("getResponse")) {
            return proxy(HttpServletResponse.class, this::response);
        }
        switch (method.getName()) {
            case "setTimeout" -> mayThrow();
            case "addListener" -> {
                mayThrow();
                events = (AsyncListener) arguments[0];
            }
            case "start" -> {
                mayThrow();
                others.accept((Runnable) arguments[0]);
            }
            case "complete", "dispatch" -> end(method.getName());
            default -> throw new UnsupportedOperationException(method.getName());
        }
        return null;
    }

    /** Only the first way fails: a container that ends a request in no way at all is not looked at. */
    private void end(String how) {
        use(how);
        broken |= how.equals("dispatch");
        if (faults == 0) {
            mayThrow();
        }
        returned++;
        if (events != null) {
            callbacks.accept(this::complete);
        }
    }

    private @Nullable Object response(Object self, Method method, Object[] arguments) {
        use(method.getName());
        if (method.getName().equals("isCommitted")) {
            return committed;
        }
        if (method.getName().equals("reset")) {
            reset();
        }
        mayThrow();
        switch (method.getName()) {
            case "setStatus" -> status = committed ? status : (Integer) arguments[0];
            case "setContentLength" -> declared = (Integer) arguments[0];
            case "setContentLengthLong" -> declared = Math.toIntExact((Long) arguments[0]);
            case "setHeader", "addHeader" -> upstreams |= arguments[0].equals("x-upstream");
            case "setContentType", "reset" -> {}
            default -> throw new UnsupportedOperationException(method.getName());
        }
        return null;
    }

    private void reset() {
        if (committed) {
            throw new IllegalStateException("committed");
        }
        upstreams = false;
        status = 200;
        declared = -1;
    }

    private void use(String what) {
        if (returned > 0) {
            violations.add(what + " after the end");
        }
    }

    private void mayThrow() {
        if (faulty && random.nextInt(ODDS) == 0) {
            faults++;
            if (random.nextBoolean()) {
                throw new IllegalStateException("a fault of the test");
            }
            throw new InternalError("an error of the test");
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private interface Callback {
        void run() throws IOException;
    }

    private final class Output extends UnusedOutput {
        private boolean granted;

        @Override
        public boolean isReady() {
            use("isReady");
            if (!called) {
                violations.add("asked before the first callback");
            }
            if (granted) {
                violations.add("asked without need");
            }
            mayThrow();
            ready = ready && random.nextInt(4) > 0 || lost;
            promised = !ready;
            granted = ready;
            return ready;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            mayThrow();
            writes = listener;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            take("write");
            committed = true;
            body.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            take("flush");
            committed = true;
        }

        private void take(String what) throws IOException {
            use(what);
            if (!granted) {
                violations.add(what + " without a question");
            }
            granted = false;
            if (lost) {
                throw new IOException("the client of the test is lost");
            }
            try {
                mayThrow();
            } catch (InternalError error) {
                losesBytes = true;
                throw error;
            }
        }
    }
}
