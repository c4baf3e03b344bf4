package dev.warder.admin;

import dev.warder.http.AsyncReply;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A reply that is sent, and ends the record of its request. What follows its body is sent piece by piece: the next one is read while
 * the container sends the one before, so that two are in memory at most. One thread at a time, except for the reading.
 */
final class SentReply implements AsyncReply {
    private final AdminReply reply;
    private final RequestRecord record;
    private CompletableFuture<String> coming = CompletableFuture.completedFuture("");

    private boolean resumed;

    /** True after a further piece was returned, which the container has when the next one is asked for. */
    private boolean begun;

    private long length;

    SentReply(AdminReply reply, RequestRecord record) {
        this.reply = reply;
        this.record = record;
    }

    private CompletableFuture<String> more() {
        return reply.rest().map(AdminReply.Pieces::next).orElseGet(() -> CompletableFuture.completedFuture(""));
    }

    @Override
    public byte[] body() {
        coming = more();
        byte[] body = reply.bytes();
        length = body.length;
        return body;
    }

    @Override
    public Optional<byte[]> next(Runnable resume) {
        if (begun || !coming.isDone()) {
            // Its head goes out, whatever follows.
            record.status(reply.status());
        }
        if (!coming.isDone()) {
            if (!resumed) {
                resumed = true;
                // Also if it fails, which the next call shows.
                CompletableFuture<String> unused = coming.whenComplete((piece, failure) -> resume.run());
            }
            return Optional.empty();
        }
        resumed = false;
        begun = true;
        byte[] piece = coming.join().getBytes(StandardCharsets.UTF_8);
        length += piece.length;
        if (piece.length > 0) {
            coming = more();
        }
        return Optional.of(piece);
    }

    @Override
    public void head(HttpServletResponse response) {
        reply.head(response, record.call(), length);
    }

    @Override
    public void written() {
        reply.note(record, length);
    }
}
