package dev.warder.upstream.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStreamResetException;
import org.apache.hc.core5.http.impl.IncomingEntityDetails;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * The response on one stream, as it is passed to the consumer of the exchange. Whatever that throws becomes an
 * {@link HttpStreamResetException}, so that other streams are not affected. One thread at a time, the reactor's.
 */
final class StreamResponse {
    private interface Report {
        void run() throws HttpException, IOException;
    }

    private final SharedExchange exchange;
    private boolean begun;
    private boolean whole;
    private long missing = -1;

    StreamResponse(SharedExchange exchange) {
        this.exchange = exchange;
    }

    boolean isBegun() {
        return begun;
    }

    boolean isWhole() {
        return whole;
    }

    void head(HttpResponse response, @Nullable EntityDetails content, HttpContext context)
            throws HttpStreamResetException {
        begun = true;
        if (content == null) {
            reportLast(() -> exchange.response().consumeResponse(response, null, context, exchange.end()));
            return;
        }
        missing = declaredLength(response);
        var details = new IncomingEntityDetails(response, missing);
        report(() -> exchange.response().consumeResponse(response, details, context, exchange.end()));
    }

    void piece(ByteBuffer piece) throws HttpStreamResetException {
        if (missing >= 0) {
            missing -= piece.remaining();
            if (missing < 0) {
                throw new HttpStreamResetException("The response is longer than its declared length");
            }
        }
        report(() -> exchange.response().consume(piece));
    }

    void requireWhole() throws HttpStreamResetException {
        if (missing > 0) {
            throw new HttpStreamResetException("The response is shorter than its declared length");
        }
    }

    void end() {
        reportLast(() -> exchange.response().streamEnd(null));
    }

    void failed(Exception cause) {
        if (begun) {
            exchange.response().failed(cause);
        }
        exchange.end().failed(cause);
    }

    private static void report(Report report) throws HttpStreamResetException {
        try {
            report.run();
        } catch (HttpException | IOException | RuntimeException fault) {
            throw new HttpStreamResetException("A fault ended the stream", fault);
        }
    }

    private void reportLast(Report last) {
        whole = true;
        try {
            last.run();
        } catch (HttpException | IOException | RuntimeException fault) {
            failed(fault);
        }
    }

    private static long declaredLength(HttpResponse response) {
        var field = response.getFirstHeader("content-length");
        try {
            return field == null ? -1 : Long.parseLong(field.getValue());
        } catch (NumberFormatException malformed) {
            return -1;
        }
    }
}
