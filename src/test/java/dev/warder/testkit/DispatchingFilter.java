package dev.warder.testkit;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Lives in a changed WAR before all of its filters and sends a request straight to a handler, as the fields
 * {@code X-Dispatch} and {@code X-To} say. Thread-safe.
 */
public final class DispatchingFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    /** Made by the container. */
    public DispatchingFilter() {}

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String to = request.getHeader("X-To");
        switch (String.valueOf(request.getHeader("X-Dispatch"))) {
            case "forward" -> request.getRequestDispatcher(to).forward(request, response);
            case "include" -> request.getRequestDispatcher(to).include(request, response);
            case "named" -> getServletContext().getNamedDispatcher(to).forward(request, response);
            case "async" -> request.startAsync().dispatch(to);
            case "error" -> response.sendError(Integer.parseInt(to));
            default -> chain.doFilter(request, response);
        }
    }
}
