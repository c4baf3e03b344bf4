package dev.warder.exchange.up;

import dev.warder.body.Chunks;
import dev.warder.body.GzipContent;
import dev.warder.body.GzipException;
import dev.warder.http.ErrorReply;
import dev.warder.json.BodyPolicy;
import dev.warder.json.JsonException;
import dev.warder.json.JsonOutline;
import dev.warder.json.OutlineScanner;
import dev.warder.state.Held;
import dev.warder.state.OffloadExecutor;
import java.util.function.BiConsumer;

/**
 * The verdict about a body that was collected to its end. A coded one is decoded on another thread, since that takes a while, 0.3 s
 * for 64 MiB, and a container's thread may be one that selects for other clients too. Thread-safe.
 */
public final class BodyVerdict {
    private final long limit;
    private final BodyPolicy policy;
    private final BodyMemory memory;
    private final OffloadExecutor offload;
    private final BiConsumer<Chunks, JsonOutline> collected;
    private final RefusalHandler exchange;
    private final Held<Chunks> coded = new Held<>();

    /**
     * @param limit the largest decoded body to take, in bytes
     * @param policy what a decoded body must satisfy
     * @param memory what a coded body is charged to once its decoded length is known
     * @param offload runs what takes a while on a thread that no other request waits for
     * @param collected receives a valid body
     * @param exchange refuses any other one
     */
    BodyVerdict(
            long limit,
            BodyPolicy policy,
            BodyMemory memory,
            OffloadExecutor offload,
            BiConsumer<Chunks, JsonOutline> collected,
            RefusalHandler exchange) {
        this.limit = limit;
        this.policy = policy;
        this.memory = memory;
        this.offload = offload;
        this.collected = collected;
        this.exchange = exchange;
    }

    OutlineScanner scanner(Chunks body) {
        return new OutlineScanner(body, policy);
    }

    void close() {
        coded.release();
    }

    Runnable plain(Chunks body, OutlineScanner scanner) {
        try {
            var outline = scanner.finish();
            return () -> collected.accept(body, outline);
        } catch (JsonException invalid) {
            return () -> exchange.refused(invalid(invalid));
        }
    }

    /**
     * Decodes a coded body and reports the verdict. Its decoded length is found first, so that memory is charged for what
     * is really there.
     */
    void coded(Chunks body) {
        coded.hold(body);
        offload.run(this::measure);
    }

    private void measure() {
        coded.find().ifPresent(this::measure);
    }

    private void measure(Chunks body) {
        long length;
        try {
            length = GzipContent.length(body, limit, coded::isReleased);
        } catch (GzipException unreadable) {
            report(() -> exchange.refused(unreadable(unreadable)));
            return;
        }
        if (memory.chargeDecoded(body.length(), length, () -> offload.run(this::decodeAndReport))) {
            decodeAndReport();
        }
    }

    public static ErrorReply tooLarge(long limit) {
        return ErrorReply.tooLarge("The request body is larger than the " + limit + " bytes that are taken here.");
    }

    static ErrorReply invalid(JsonException invalid) {
        return ErrorReply.invalidRequest("The request body is not valid: " + invalid.getMessage());
    }

    private void decodeAndReport() {
        coded.find().map(this::decoded).ifPresent(this::report);
    }

    private void report(Runnable verdict) {
        if (!coded.isReleased()) {
            coded.release();
            verdict.run();
        }
    }

    private Runnable decoded(Chunks body) {
        try {
            var content = GzipContent.decode(body, limit, coded::isReleased);
            var outline = OutlineScanner.outline(content, policy);
            return () -> collected.accept(content, outline);
        } catch (JsonException invalid) {
            return () -> exchange.refused(invalid(invalid));
        } catch (GzipException unreadable) {
            return () -> exchange.refused(unreadable(unreadable));
        }
    }

    private static ErrorReply unreadable(GzipException coded) {
        return switch (coded.problem()) {
            case TOO_LARGE ->
                ErrorReply.tooLarge("The request body is larger than is taken here, once it is decoded.")
                        .withErrorCode("request_body_too_large_after_decoding");
            case BROKEN ->
                ErrorReply.invalidRequest(
                                "The request body is not valid gzip content, although its Content-Encoding is gzip.")
                        .withErrorCode("request_body_encoding_invalid");
        };
    }
}
