package dev.warder.testkit;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

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
        Stay.watch();
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var http = (HttpServletRequest) request;
        var name = String.valueOf(http.getHeader(CASE));
        var fault = ScriptedFault.of(
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
}
