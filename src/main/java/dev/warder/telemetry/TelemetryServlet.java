package dev.warder.telemetry;

import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Fields;
import dev.warder.http.OwnResponse;
import dev.warder.http.Readiness;
import dev.warder.http.SmallBody;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * {@code POST /v1/metrics}, {@code /v1/logs} and {@code /v1/traces}: the telemetry of Claude Code and other clients by OTLP over
 * HTTP, from callers that the filters have admitted. It ends here, or at the operator's collector, and is never sent to the
 * upstream. Thread-safe.
 */
public final class TelemetryServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    /** Called by the container. */
    public TelemetryServlet() {}

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var record = Attributes.get(request, RequestRecord.class);
        if (record.refuseMethod(request, response)) {
            return;
        }
        var signal = TelemetryRequest.signal(record.call().target().path());
        if (signal.isEmpty()) {
            record.refuse(request, response, ErrorReply.notFound());
            return;
        }
        var format = OtlpFormat.of(request.getContentType());
        if (format.isEmpty()) {
            record.refuse(request, response, unknownType());
            return;
        }
        String coding = coding(request);
        if (!coding.isEmpty() && !coding.equals("gzip")) {
            record.refuse(request, response, ErrorReply.unsupportedCoding());
            return;
        }
        var known = new TelemetryRequest(
                signal.get(), format.get(), !coding.isEmpty(), record.client().orElse(""));
        receive(known, record, request, response);
    }

    /** The container may destroy any servlet first, see {@link Readiness#takeDown(jakarta.servlet.ServletContext)}. */
    @Override
    public void destroy() {
        Readiness.takeDown(getServletContext());
    }

    private void receive(
            TelemetryRequest known, RequestRecord record, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var telemetry = Attributes.get(getServletContext(), ClientTelemetry.class);
        long length = hasBody(request) ? request.getContentLengthLong() : 0;
        if (length > ClientTelemetry.MOST_BYTES) {
            send(known.tooLarge(), record, request, response);
            return;
        }
        var reservation = telemetry.reserve(known.client(), length);
        if (reservation.isEmpty()) {
            send(known.full(), record, request, response);
        } else {
            new TelemetryBody(telemetry, known, record, reservation.get(), length)
                    .start(request, response, length != 0);
        }
    }

    /** In HTTP/2, a body needs neither a length nor another field. */
    private static boolean hasBody(HttpServletRequest request) {
        boolean framedByStream = request.getProtocol().startsWith("HTTP/2") && request.getContentLengthLong() < 0;
        return framedByStream || SmallBody.isSent(request);
    }

    private static void send(
            TelemetryReply reply, RequestRecord record, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        reply.head(response, record.call().id());
        reply.note(record);
        OwnResponse.send(request, response, reply.body());
    }

    private static String coding(HttpServletRequest request) {
        String coding = String.join(",", Fields.values(request, "content-encoding"))
                .strip()
                .toLowerCase(Locale.ROOT);
        return coding.equals("identity") ? "" : coding.equals("x-gzip") ? "gzip" : coding;
    }

    private static ErrorReply unknownType() {
        return new ErrorReply(
                415,
                ErrorType.INVALID_REQUEST,
                "Content-Type must be application/x-protobuf or application/json, as OTLP over HTTP has it.",
                List.of());
    }
}
