package dev.warder.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Sees each use of one request's {@link Facades facades}. Thread-safe. */
final class FacadeWatch {
    private final ScriptedFault fault;
    private final Consumer<String> lateUses;
    private final AtomicInteger insideStreams = new AtomicInteger();
    private final Thread service = Thread.currentThread();
    private volatile boolean inService = true;
    private volatile String ended = "";
    private volatile boolean endFailed;

    /** Of the threads that were inside the application when the container reported an end of its own. */
    @GuardedBy("this")
    private Map<Thread, Stay> atWork = Map.of();

    FacadeWatch(ScriptedFault fault, Consumer<String> lateUses) {
        this.fault = fault;
        this.lateUses = lateUses;
    }

    /** What may fail in any way, as a method of the servlet API does. */
    interface Use<T, X extends Exception> {
        T run() throws X;
    }

    /** A callback that may fail as the servlet API lets it. */
    interface Callback {
        void run() throws IOException;
    }

    /** Before a method is used. */
    void use(String method) {
        if (late(method)) {
            report(method);
        }
        fault.before(method);
    }

    private void report(String method) {
        lateUses.accept(
                method + " after " + ended + " on " + Thread.currentThread().getName());
    }

    private boolean late(String method) {
        boolean ends = method.equals("async.complete") || method.equals("async.dispatch");
        // The end takes effect when service returns (Servlet 6.0, section 2.3.3.3): until then filters may ask.
        boolean asks = inService && Thread.currentThread() == service && method.startsWith("request.");
        // An end that threw may have had no effect, and the application may try the other way.
        boolean triesAgain = endFailed && ends;
        if (ended.isEmpty() || asks || triesAgain) {
            return false;
        }
        // The servlet that a dispatch calls uses the wrappers again, but reads and writes nothing.
        return !ended.equals("async.dispatch")
                || method.startsWith("in.")
                || method.startsWith("out.")
                || method.startsWith("async.");
    }

    /** After a method was used. */
    void used(String method) {
        fault.after(method);
    }

    /** Runs a callback of the application for its container. */
    void callback(String method, Callback work) throws IOException {
        fault.before(method);
        work.run();
        fault.after(method);
    }

    /** The same with a callback that declares nothing. */
    void plainCallback(String method, Runnable work) {
        fault.before(method);
        work.run();
        fault.after(method);
    }

    /** Uses a method of a stream, which the end may not meet half-way. */
    <T, X extends Exception> T stream(String method, Use<T, X> use) throws X {
        use(method);
        T result;
        insideStreams.incrementAndGet();
        try {
            result = use.run();
        } finally {
            insideStreams.decrementAndGet();
        }
        fault.after(method);
        return result;
    }

    /** The thread that is inside {@code service} leaves it: until then it may ask the request about itself. */
    void leaveService() {
        inService = false;
    }

    /** A call that ends the request threw. */
    void endFailed() {
        endFailed = true;
    }

    /** The request goes back to its container now. */
    void end(String how) {
        if (insideStreams.get() > 0 && !endFailed) {
            lateUses.accept(how + " while a stream is used");
        }
        ended = how;
    }

    /** The container reports the end, before the application hears of it. */
    synchronized void endByContainer() {
        boolean byItself = ended.isEmpty();
        end("onComplete");
        if (byItself) {
            atWork = Stay.ofOthers();
        }
    }

    /**
     * Before the application ends the request. The calling thread may have decided on it before the container reported that
     * the request had ended, if it has not left the application since. No application can prevent that: a container calls {@code onComplete} with locks that its
     * {@code complete} needs. Such a call counts only if the container {@linkplain #accepted accepts} it.
     *
     * @return whether this call is of that kind
     */
    synchronized boolean crossesTheEnd(String method) {
        var stay = atWork.get(Thread.currentThread());
        boolean crosses = stay != null && !stay.isOver();
        if (crosses) {
            fault.before(method);
        } else {
            use(method);
        }
        return crosses;
    }

    /** The container took an end for that of a request that is open. */
    void accepted(String method) {
        report(method);
    }

    /** The same interface, each of whose methods is seen here under {@code name.method}. */
    <T> T watched(String name, Class<T> type, T real) {
        var proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            use(name + "." + method.getName());
            try {
                var result = method.invoke(real, arguments);
                fault.after(name + "." + method.getName());
                return result;
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        });
        return type.cast(proxy);
    }
}
