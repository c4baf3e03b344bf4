package dev.warder.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A request as it arrived: its id, what it asks for and how it will be told of errors. Put on the request by the first
 * filter and read by all that follow.
 *
 * @param id see {@link RequestId}
 * @param method as it came; methods are case-sensitive (RFC 9110, section 9.1)
 * @param target the canonical path and the query
 * @param route what is served there
 * @param line the access line that this request will leave in the log
 */
public record Call(String id, String method, RequestTarget target, Route route, AccessLine line) {
    private static final String RAW_PREFIX = "/anthropic";

    /** A request for {@code target} on {@code route}; its clock starts now. */
    public static Call of(String id, String method, RequestTarget target, Route route, LongSupplier nanoTime) {
        return new Call(
                id, method, target, route, new AccessLine(id, route.dialect(), method, target.path(), nanoTime));
    }

    /**
     * A request whose target can be read in more than one way, made only to be refused: it leaves {@code path} in the log
     * as it came, is told of its error in the dialect that the path's beginning suggests, and has the target {@code /} on
     * a route under which nothing is served.
     */
    public static Call ambiguous(String id, String method, String path, LongSupplier nanoTime) {
        var route = Route.of(path).dialect() == Dialect.OPENAI ? Route.OPENAI : Route.NONE;
        var nowhere = new RequestTarget("/", Optional.empty());
        return new Call(id, method, nowhere, route, new AccessLine(id, route.dialect(), method, path, nanoTime));
    }

    /** Whether only the caller's own credential may go to this path, by the raw route as well. */
    public boolean takesOwnCredentialOnly() {
        if (route != Route.RAW) {
            return route == Route.OWN_CREDENTIAL;
        }
        String upward = target.path().substring(RAW_PREFIX.length());
        return Route.of(RequestTarget.withOneVersion(upward)) == Route.OWN_CREDENTIAL;
    }

    /** The dialect in which this caller is told of errors. */
    public Dialect dialect() {
        return route.dialect();
    }

    /**
     * Answers with {@code reply}, and writes the access line; see {@link OwnAnswer#send}.
     */
    public void refuse(HttpServletRequest request, HttpServletResponse response, ErrorReply reply) throws IOException {
        byte[] body = OwnAnswer.head(response, reply, dialect(), id);
        line.refused(reply.status(), body.length);
        OwnAnswer.send(request, response, body);
    }
}
