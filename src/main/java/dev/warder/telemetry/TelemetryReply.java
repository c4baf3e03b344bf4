package dev.warder.telemetry;

import dev.warder.http.OwnResponse;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletResponse;

/**
 * A response in the form of OTLP.
 *
 * @param retryAfter when to try again, in seconds; 0 for no such field
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record TelemetryReply(int status, OtlpFormat format, byte[] body, int retryAfter) {
    private static final int REFUSED = 400;

    /** Sets status and fields on a response that is not committed. */
    void head(HttpServletResponse response, String id) {
        response.setStatus(status);
        response.setContentType(format.type());
        response.setContentLength(body.length);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(OwnResponse.REQUEST_ID, id);
        if (retryAfter > 0) {
            response.setHeader("Retry-After", Integer.toString(retryAfter));
        }
    }

    /** Ends the record. */
    void note(RequestRecord record) {
        record.end(status < REFUSED ? RequestEnd.OK : RequestEnd.REFUSED, status, body.length);
    }
}
