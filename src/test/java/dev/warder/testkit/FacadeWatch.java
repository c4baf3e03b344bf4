package dev.warder.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sees each use of one request's {@link Facades facades}. Thread-safe. */
final class FacadeWatch {
    private final ScriptedFault fault;
    private final Consumer<String> lateUses;
    private final AtomicInteger insideStreams = new AtomicInteger();
    private final Thread service = Thread.currentThread();
    private volatile boolean inService = true;
    private volatile String ended = "";
    private volatile boolean endFailed;
    private volatile boolean begunAgain;

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

    /** Before a method is used. */
    void use(String method) {
        if (late(method)) {
            report(method);
        }
        fault.before(method);
    }

    private void report(String method) {
        lateUses.accept(
                method + " after " + ended + " on " + Thread.currentThread().getName() + ", fault: " + fault);
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
        // The servlet that a dispatch calls uses the wrappers again, but reads and writes nothing. It may only begin
        // anew, so that
        // the container waits for nothing.
        begunAgain |= method.equals("request.startAsync");
        if (begunAgain && method.equals("out.setWriteListener")) {
            return false;
        }
        return !ended.equals("async.dispatch")
                || method.startsWith("in.")
                || method.startsWith("out.")
                || method.startsWith("async.");
    }

    /** After a method was used. */
    void used(String method) {
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
        return proxy(name, type, real, this::use);
    }

    /** A listener of the application; its methods, which the container calls, have the names {@code name.method}. */
    <T> T listener(String name, Class<T> type, T real) {
        return proxy(name, type, real, callback -> {
            if (callback.equals("event.onComplete")) {
                endByContainer();
            }
            fault.before(callback);
        });
    }

    private <T> T proxy(String name, Class<T> type, T real, Consumer<String> before) {
        var proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            before.accept(name + "." + method.getName());
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

    /** What methods of a {@link Facades facade} throw. Thread-safe. */
    static final class ScriptedFault {
        private final List<Entry> entries;
        private final Consumer<String> thrown;

        private ScriptedFault(List<Entry> entries, Consumer<String> thrown) {
            this.entries = entries;
            this.thrown = thrown;
        }

        /**
         * The faults that a field's value describes, see {@link Facades#FAULT}; without a value nothing is thrown.
         *
         * @param thrown takes the name of a method just before it throws
         */
        static ScriptedFault of(@Nullable String value, Consumer<String> thrown) {
            var entries = value == null
                    ? List.<Entry>of()
                    : Arrays.stream(value.split(", *")).map(Entry::of).toList();
            return new ScriptedFault(entries, thrown);
        }

        @Override
        public String toString() {
            return entries.toString();
        }

        /** Called before each method. */
        void before(String called) {
            for (var entry : entries) {
                if (!entry.when.equals("after")) {
                    entry.meet(called, thrown);
                }
            }
        }

        /** Called after each method that returned. */
        void after(String called) {
            for (var entry : entries) {
                if (entry.when.equals("after")) {
                    entry.meet(called, thrown);
                }
            }
        }

        /** Part of one fault. */
        private record Entry(String method, Class<?> type, String when, AtomicBoolean thrown) {
            static Entry of(String text) {
                var words = text.split(" ");
                try {
                    return new Entry(words[0], Class.forName(words[1]), words[2], new AtomicBoolean());
                } catch (ClassNotFoundException unknown) {
                    throw new IllegalArgumentException(unknown);
                }
            }

            void meet(String called, Consumer<String> report) {
                if (method.equals(called) && (!thrown.getAndSet(true) || when.equals("always"))) {
                    var fault = throwable();
                    report.accept(called);
                    Entry.<RuntimeException>throwAny(fault);
                }
            }

            private Throwable throwable() {
                try {
                    return (Throwable) type.getConstructor(String.class).newInstance("a fault of the test");
                } catch (ReflectiveOperationException impossible) {
                    throw new IllegalArgumentException(impossible);
                }
            }

            @SuppressWarnings("unchecked")
            private static <T extends Throwable> void throwAny(Throwable any) throws T {
                throw (T) any;
            }
        }
    }

    /**
     * The time that a thread spends inside the application before it leaves it. It ends when the thread is {@linkplain #look
     * seen} outside; a thread whose tasks follow each other so fast that it never is has a last moment all the same.
     * Thread-safe.
     */
    static final class Stay {
        private static final Duration LONGEST = Limit.seconds(1);
        private static final long PAUSE = Duration.ofMillis(5).toNanos();
        private static final List<String> TESTS = List.of("dev.warder.testkit.", "dev.warder.contract.");
        private static final Map<Thread, Stay> OPEN = new ConcurrentHashMap<>();

        private final long noticed = System.nanoTime();
        private volatile boolean left;

        private Stay() {}

        /** Those of all threads that are inside the application now, except the calling one. */
        static Map<Thread, Stay> ofOthers() {
            var stays = new HashMap<Thread, Stay>();
            Thread.getAllStackTraces().forEach((thread, frames) -> {
                if (inApplication(frames) && !thread.equals(Thread.currentThread())) {
                    stays.put(
                            thread,
                            OPEN.compute(thread, (same, open) -> open == null || open.isOver() ? new Stay() : open));
                }
            });
            return stays;
        }

        /** Whether the thread has left the application. */
        boolean isOver() {
            return left || System.nanoTime() - noticed > LONGEST.toNanos();
        }

        /** Looks where the threads are now. */
        static void look() {
            OPEN.forEach((thread, stay) -> {
                if (stay.isOver() || !inApplication(thread.getStackTrace())) {
                    stay.left = true;
                    OPEN.remove(thread, stay);
                }
            });
        }

        /**
         * Looks from now on, on a thread that keeps no application in memory. Not to be called by an application's thread.
         */
        static void watch() {
            Watcher.START.run();
        }

        /** Starts with the first use of this class. */
        private static final class Watcher {
            static final Runnable START = () -> {};

            static {
                var thread = new Thread(Watcher::run, "stays");
                thread.setDaemon(true);
                thread.setContextClassLoader(Stay.class.getClassLoader());
                thread.start();
            }

            private static void run() {
                while (true) {
                    look();
                    LockSupport.parkNanos(PAUSE);
                }
            }
        }

        /** True if a thread with this stack is inside a method of the application under test. */
        private static boolean inApplication(StackTraceElement... frames) {
            return Stream.of(frames)
                    .map(StackTraceElement::getClassName)
                    .anyMatch(name ->
                            name.startsWith("dev.warder.") && TESTS.stream().noneMatch(name::startsWith));
        }
    }
}
