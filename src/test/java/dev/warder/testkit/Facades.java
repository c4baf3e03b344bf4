package dev.warder.testkit;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The first filter of every deployed WAR, of which the WAR knows nothing: it gives the application wrappers of request,
 * response and asynchronous context. They report each use after the request went back to its container, which may serve
 * another client with the same objects by then; and they throw what the field {@link #FAULT} asks for. Thread-safe.
 */
public final class Facades implements Filter {
    /**
     * A request field of entries {@code METHOD THROWABLE once|always|after}, separated by commas, such as
     * {@code out.write java.io.IOException once}: the method throws at its first call, at each call, or after the first
     * call has done its work. Callbacks are {@code read.onDataAvailable}, {@code write.onWritePossible},
     * {@code event.onComplete} and so on.
     */
    public static final String FAULT = "X-Test-Fault";

    /** A request field whose value is the first part of the keys of {@link #thrown}. */
    public static final String CASE = "X-Test-Case";

    private static final Pattern WRAPPERS = Pattern.compile("(dev[.]warder[.]testkit|java|jdk|sun|jakarta)[.]");
    private static final int MOST_REPORTED = 20;

    private final Queue<String> uses = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> thrown = new ConcurrentHashMap<>();

    /** To be given to a container by the thread of a test. */
    public Facades() {
        FacadeWatch.Stay.watch();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var http = (HttpServletRequest) request;
        var name = String.valueOf(http.getHeader(CASE));
        var fault = FacadeWatch.ScriptedFault.of(
                http.getHeader(FAULT), method -> thrown.putIfAbsent(name + " " + method, System.nanoTime()));
        var watch = new FacadeWatch(fault, this::report);
        var facade = new FacadeResponse((HttpServletResponse) response, watch);
        try {
            chain.doFilter(new FacadeRequest(http, facade, watch), facade);
        } finally {
            watch.leaveService();
        }
        if (!http.isAsyncStarted()) {
            watch.end("service");
        }
    }

    /** When each method threw first, by {@link System#nanoTime}; the keys are {@code CASE METHOD}. */
    public Map<String, Long> thrown() {
        return thrown;
    }

    /** Throws when something was used after its end. */
    void assertNoLateUse() {
        if (!uses.isEmpty()) {
            throw new AssertionError("used after the end of the request: " + List.copyOf(uses));
        }
    }

    /** Whether the nearest caller that is no wrapper is code of the WAR: containers may use their own objects as they like. */
    private static boolean byTheApplication() {
        return StackWalker.getInstance().walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                .filter(name -> !WRAPPERS.matcher(name).lookingAt())
                .findFirst()
                .filter(name -> name.startsWith("dev.warder."))
                .isPresent());
    }

    private void report(String use) {
        if (uses.size() < MOST_REPORTED && byTheApplication()) {
            var stack = new StringWriter();
            new Throwable(use).printStackTrace(new PrintWriter(stack, true));
            uses.add(stack.toString());
        }
    }

    /** A request as {@link Facades} gives it to the application; as thread-safe as the container's. */
    private static final class FacadeRequest extends HttpServletRequestWrapper {
        private final HttpServletRequest real;
        private final FacadeResponse response;
        private final FacadeWatch watch;
        private @Nullable ServletInputStream in;
        private @Nullable AsyncContext async;

        FacadeRequest(HttpServletRequest real, FacadeResponse response, FacadeWatch watch) {
            super(watch.watched("request", HttpServletRequest.class, real));
            this.real = real;
            this.response = response;
            this.watch = watch;
        }

        /** For containers, which look for their own object. */
        @Override
        public ServletRequest getRequest() {
            return real;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            var opened = super.getInputStream();
            if (in == null) {
                in = new FacadeInput(opened, watch);
            }
            return in;
        }

        /** The application sees the wrappers in the context, too. */
        @Override
        public AsyncContext startAsync() {
            watch.use("request.startAsync");
            var started = FacadeAsync.of(real.startAsync(this, response), watch);
            async = started;
            return started;
        }

        @Override
        public AsyncContext getAsyncContext() {
            var started = async;
            return started == null ? super.getAsyncContext() : started;
        }

        /** An input as {@link Facades} gives it to the application; as thread-safe as the container's. */
        private static final class FacadeInput extends ServletInputStream {
            private final ServletInputStream real;
            private final FacadeWatch watch;

            FacadeInput(ServletInputStream real, FacadeWatch watch) {
                this.real = real;
                this.watch = watch;
            }

            @Override
            public boolean isReady() {
                return watch.stream("in.isReady", real::isReady);
            }

            @Override
            public boolean isFinished() {
                return watch.stream("in.isFinished", real::isFinished);
            }

            @Override
            public void setReadListener(ReadListener listener) {
                watch.use("in.setReadListener");
                real.setReadListener(watch.listener("read", ReadListener.class, listener));
                watch.used("in.setReadListener");
            }

            @Override
            public int available() throws IOException {
                return watch.stream("in.available", real::available);
            }

            @Override
            public int read() throws IOException {
                return watch.<Integer, IOException>stream("in.read", real::read);
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return watch.stream("in.read", () -> real.read(buffer, offset, length));
            }

            @Override
            public void close() throws IOException {
                watch.use("in.close");
                real.close();
            }
        }
    }

    /** A response as {@link Facades} gives it to the application; as thread-safe as the container's. */
    private static final class FacadeResponse extends HttpServletResponseWrapper {
        private final HttpServletResponse real;
        private final FacadeWatch watch;
        private @Nullable ServletOutputStream out;

        FacadeResponse(HttpServletResponse real, FacadeWatch watch) {
            super(watch.watched("response", HttpServletResponse.class, real));
            this.real = real;
            this.watch = watch;
        }

        /** For containers, which look for their own object. */
        @Override
        public ServletResponse getResponse() {
            return real;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            var opened = super.getOutputStream();
            if (out == null) {
                out = new FacadeOutput(opened, watch);
            }
            return out;
        }

        /** An output as {@link Facades} gives it to the application; as thread-safe as the container's. */
        private static final class FacadeOutput extends ServletOutputStream {
            private final ServletOutputStream real;
            private final FacadeWatch watch;

            FacadeOutput(ServletOutputStream real, FacadeWatch watch) {
                this.real = real;
                this.watch = watch;
            }

            @Override
            public boolean isReady() {
                return watch.stream("out.isReady", real::isReady);
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                watch.use("out.setWriteListener");
                real.setWriteListener(watch.listener("write", WriteListener.class, listener));
                watch.used("out.setWriteListener");
            }

            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                watch.stream("out.write", () -> {
                    real.write(bytes, offset, length);
                    return length;
                });
            }

            @Override
            public void flush() throws IOException {
                watch.stream("out.flush", () -> {
                    real.flush();
                    return 0;
                });
            }

            @Override
            public void close() throws IOException {
                watch.use("out.close");
                real.close();
            }
        }
    }

    /** An asynchronous context as {@link Facades} gives it to the application; as thread-safe as the container's. */
    static final class FacadeAsync implements InvocationHandler {
        private final AsyncContext real;
        private final FacadeWatch watch;

        private FacadeAsync(AsyncContext real, FacadeWatch watch) {
            this.real = real;
            this.watch = watch;
        }

        /** Wraps a context. Once the container has reported its end, it counts as ended. */
        static AsyncContext of(AsyncContext real, FacadeWatch watch) {
            return (AsyncContext) Proxy.newProxyInstance(
                    AsyncContext.class.getClassLoader(),
                    new Class<?>[] {AsyncContext.class},
                    new FacadeAsync(real, watch));
        }

        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
            var name = "async." + method.getName();
            if (name.equals("async.complete") || name.equals("async.dispatch")) {
                return end(name, method, arguments);
            }
            watch.use(name);
            if (name.equals("async.addListener") && arguments != null) {
                arguments[0] = watch.listener("event", AsyncListener.class, (AsyncListener) arguments[0]);
            }
            return call(name, method, arguments);
        }

        private @Nullable Object end(String name, Method method, Object @Nullable [] arguments) throws Throwable {
            boolean crosses = false;
            try {
                crosses = watch.crossesTheEnd(name);
                if (!crosses) {
                    watch.end(name);
                }
                var result = call(name, method, arguments);
                if (crosses) {
                    watch.accepted(name);
                }
                return result;
            } catch (Throwable thrown) {
                if (!crosses) {
                    watch.endFailed();
                }
                throw thrown;
            }
        }

        private @Nullable Object call(String name, Method method, Object @Nullable [] arguments) throws Throwable {
            Object result;
            try {
                result = method.invoke(real, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
            watch.used(name);
            return result;
        }
    }
}
