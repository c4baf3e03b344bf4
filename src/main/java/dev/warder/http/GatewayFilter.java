package dev.warder.http;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpFilter;

/** A filter of the gateway, whose end takes the application down: see {@link Readiness#takeDown(ServletContext)}. */
public abstract class GatewayFilter extends HttpFilter {
    @Override
    public void destroy() {
        Readiness.takeDown(getServletContext());
    }
}
