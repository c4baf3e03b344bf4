package dev.warder.telemetry;

import dev.warder.json.JsonTree;
import dev.warder.otlp.ProtobufWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The two encodings of OTLP over HTTP. A response has that of its request. */
enum OtlpFormat {
    PROTOBUF("application/x-protobuf") {
        @Override
        byte[] success() {
            return new byte[0];
        }

        @Override
        byte[] status(String message) {
            return new ProtobufWriter().text(2, message).bytes();
        }

        @Override
        List<CostPoint> costs(byte[] metrics) throws UnreadableException {
            return ProtobufMetrics.read(metrics);
        }
    },
    JSON("application/json") {
        @Override
        byte[] success() {
            return "{}".getBytes(StandardCharsets.UTF_8);
        }

        @Override
        byte[] status(String message) {
            return JsonTree.newObject()
                    .add("message", message)
                    .build()
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        List<CostPoint> costs(byte[] metrics) throws UnreadableException {
            return JsonMetrics.read(metrics);
        }
    };

    private final String type;

    OtlpFormat(String type) {
        this.type = type;
    }

    /** The format of a request with this {@code Content-Type}. */
    static Optional<OtlpFormat> of(@Nullable String contentType) {
        String given = contentType == null ? "" : contentType;
        String plain = given.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        for (var format : values()) {
            if (format.type.equals(plain)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    String type() {
        return type;
    }

    /** The response that all was accepted: a message without a field. */
    abstract byte[] success();

    /** The response of a failure, a {@code google.rpc.Status}. */
    abstract byte[] status(String message);

    /** The costs in a message with metrics. */
    abstract List<CostPoint> costs(byte[] metrics) throws UnreadableException;
}
