package dev.warder.oauth;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;

/** A whole response of a token endpoint, with its unparsed body of at most 64 KiB. No text form shows the body. */
record EndpointResponse(int status, Optional<String> retryAfter, String body) {
    private static final int LARGEST = 64 * 1024;

    static AsyncResponseConsumer<EndpointResponse> collector() {
        return new AbstractBinResponseConsumer<EndpointResponse>() {
            private final ByteArrayOutputStream body = new ByteArrayOutputStream();
            private int status;
            private Optional<String> retryAfter = Optional.empty();

            @Override
            protected void start(HttpResponse response, ContentType type) {
                status = response.getCode();
                retryAfter = Optional.ofNullable(response.getFirstHeader("Retry-After"))
                        .map(Header::getValue);
            }

            @Override
            protected int capacityIncrement() {
                return LARGEST;
            }

            @Override
            protected void data(ByteBuffer bytes, boolean last) throws IOException {
                if (bytes.remaining() > LARGEST - body.size()) {
                    throw new TooLongException();
                }
                var piece = new byte[bytes.remaining()];
                bytes.get(piece);
                body.writeBytes(piece);
            }

            @Override
            protected EndpointResponse buildResult() {
                return new EndpointResponse(status, retryAfter, body.toString(StandardCharsets.UTF_8));
            }

            @Override
            public void releaseResources() {
                body.reset();
            }
        };
    }

    @Override
    public String toString() {
        return "EndpointResponse[" + status + "]";
    }

    /** The endpoint sent more than the limit. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1;
    }
}
