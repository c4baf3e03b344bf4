package dev.warder.observe;

import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.Fields;
import dev.warder.http.GatewayServlet;
import dev.warder.observe.OtlpSettings.Signal;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code POST /v1/metrics}, {@code /v1/logs} and {@code /v1/traces}: the telemetry of Claude Code and other clients by OTLP over
 * HTTP, from callers that the filters have admitted. It ends here, or at the operator's collector, and is never sent to the
 * upstream. Thread-safe.
 */
public final class TelemetryServlet extends GatewayServlet<ClientTelemetry> {
    private static final List<String> TYPES = List.of("application/x-protobuf", TelemetryBody.JSON);
    private static final List<String> CODINGS = List.of("", "identity", "gzip", "x-gzip");

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var record = Attributes.get(request, RequestRecord.class);
        if (record.refuseMethod(request, response)) {
            return;
        }
        String path = record.call().target().path();
        var signal = Stream.of(Signal.values())
                .filter(each -> path.equals("/v1/" + each.word()) || path.equals("/anthropic/v1/" + each.word()))
                .findFirst();
        String type =
                plain(Objects.requireNonNullElse(request.getContentType(), "").split(";", 2)[0]);
        String coding = plain(String.join(",", Fields.values(request, "content-encoding")));
        if (signal.isEmpty()) {
            record.refuse(request, response, ErrorReply.notFound());
        } else if (!TYPES.contains(type)) {
            record.refuse(request, response, unknownType());
        } else if (!CODINGS.contains(coding)) {
            record.refuse(request, response, ErrorReply.unsupportedCoding());
        } else {
            var gzip = coding.endsWith("gzip") ? Optional.of("gzip") : Optional.<String>empty();
            var message =
                    new TelemetryRelay.Message(signal.get(), record.client().orElse(""), type, gzip, new byte[0]);
            new TelemetryBody(parts(), record, message).start(request, response);
        }
    }

    private static String plain(String field) {
        return field.strip().toLowerCase(Locale.ROOT);
    }

    private static ErrorReply unknownType() {
        return new ErrorReply(
                415,
                ErrorType.INVALID_REQUEST,
                "Content-Type must be application/x-protobuf or application/json, as OTLP over HTTP has it.",
                List.of());
    }
}
