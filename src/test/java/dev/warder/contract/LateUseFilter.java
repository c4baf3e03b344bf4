package dev.warder.contract;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lives in a changed WAR before the application's filters, and does what the application must never do: it keeps request and
 * response of a request with the field {@code X-Keep}, and uses them in a later request as its field {@code X-Late} says.
 */
public final class LateUseFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    private record Kept(
            HttpServletRequest request, HttpServletResponse response, ServletInputStream in, ServletOutputStream out) {}

    private final transient AtomicReference<@Nullable Kept> kept = new AtomicReference<>();

    /** Made by the container. */
    public LateUseFilter() {}

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var late = request.getHeader("X-Late");
        var before = kept.get();
        if (late != null && before != null) {
            use(before, late);
        }
        if (request.getHeader("X-Keep") != null) {
            kept.set(new Kept(request, response, request.getInputStream(), response.getOutputStream()));
        }
        chain.doFilter(request, response);
    }

    private static void use(Kept kept, String how) {
        try {
            switch (how) {
                case "out.isReady" -> kept.out.isReady();
                case "in.isFinished" -> kept.in.isFinished();
                case "response.setHeader" -> kept.response.setHeader("X-Stranger", "yes");
                case "async.complete" -> kept.request.getAsyncContext().complete();
                default -> kept.request.getMethod();
            }
        } catch (RuntimeException recycled) {
            // Containers that recycle their objects may notice. The wrappers must report the use in any case.
        }
    }
}
