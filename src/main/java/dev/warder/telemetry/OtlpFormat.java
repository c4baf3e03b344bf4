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

        @Override
        long readingFactor() {
            return 1;
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

        @Override
        long readingFactor() {
            return MOST_READING_FACTOR;
        }
    };

    /**
     * A string of JSON can be as long as the body. The parser keeps it in a buffer of 16-bit characters that doubles, and makes a
     * text of it.
     */
    static final long MOST_READING_FACTOR = 6;

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

    /** How much memory {@link #costs} needs at most, as a multiple of the message's length. */
    abstract long readingFactor();
}
