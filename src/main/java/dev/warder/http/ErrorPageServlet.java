package dev.warder.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * The error page of {@code web.xml}. It is the response to requests that the container itself refuses, for example
 * {@code TRACE} and {@code /WEB-INF}, after it found this application and before the first filter. It keeps the
 * container's status and reveals nothing of the container. Requests of clients never reach it, because no route leads
 * here.
 */
public final class ErrorPageServlet extends GatewayServlet<Readiness> {
    private final transient SecureRandom random = new SecureRandom();

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean refused = request.getDispatcherType() == DispatcherType.ERROR && response.getStatus() >= 400;
        int status = refused ? response.getStatus() : 404;
        var route = refused ? route(request) : Route.NONE;
        var reply = isStopping(status, route) ? ErrorReply.stopping() : reply(status);
        byte[] body = OwnResponse.head(response, reply, route.dialect(), RequestId.next(random));
        if (!response.isCommitted()) {
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }

    /**
     * Whether the container has begun to take filters and servlets out of service. For a request that it mapped to a servlet
     * before a reload, Tomcat reports 404 to the new deployment (StandardWrapperValve).
     */
    private boolean isStopping(int status, Route route) {
        return status == 404 ? route.isServed() : status >= 500 && parts().stopping();
    }

    private static Route route(HttpServletRequest request) {
        return Optional.ofNullable(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI))
                .flatMap(uri -> RequestTarget.parse(uri.toString(), Optional.empty(), request.getContextPath()))
                .map(target -> Route.of(target.path()))
                .orElse(Route.NONE);
    }

    private static ErrorReply reply(int status) {
        if (status >= 500) {
            return new ErrorReply(status, ErrorType.API, "The server failed to handle this request.", List.of());
        }
        var type = status == 404 ? ErrorType.NOT_FOUND : ErrorType.INVALID_REQUEST;
        return new ErrorReply(status, type, "The server refused this request.", List.of());
    }
}
