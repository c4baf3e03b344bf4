package dev.warder.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

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
    /** The dialect in which this caller is told of errors. */
    public Dialect dialect() {
        return route.dialect();
    }

    /** Answers with {@code reply} on the container's own thread, and writes the access line. */
    public void refuse(HttpServletResponse response, ErrorReply reply) throws IOException {
        byte[] body = OwnAnswer.head(response, reply, dialect(), id);
        line.refused(reply.status(), body.length);
        response.getOutputStream().write(body);
    }
}
