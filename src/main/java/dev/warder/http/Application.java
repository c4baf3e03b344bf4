package dev.warder.http;

import jakarta.servlet.ServletContext;

/**
 * The running application: an attribute of the servlet context, in which filters and servlets, which the container creates, find
 * all others. Thread-safe.
 */
public interface Application {
    /** Hands its parts to a filter or servlet of the application; called once by its {@code init}. */
    void join(Object filterOrServlet);

    RequestTools tools();

    /** See {@link Readiness#takeDown}. */
    void takeDown();

    /** @throws IllegalStateException when there is none because the application did not start */
    static Application of(ServletContext context) {
        return Attributes.get(context, Application.class);
    }
}
