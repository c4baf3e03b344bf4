package dev.warder.admin;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * A file that is read piece by piece on the threads for exports, so that its size does not matter. A piece that the database
 * refuses is tried again, and one after the first waits for a place. If a piece cannot be read, or the response comes near its
 * limit, the last piece is a line that reports it, so that no reader takes a part of the rows for all of them. One piece at a time.
 */
final class FileExport {
    /** Before the limit of the response, so that the last line can still be sent. */
    private static final Duration LONGEST = Duration.ofMinutes(14);

    private static final int ATTEMPTS = 3;

    private final AdminThreads.Share threads;
    private final LongSupplier nanoTime;
    private final String id;
    private final Callable<String> reading;
    private final String incomplete;
    private final long began;
    private boolean ended;

    /**
     * Reads nothing yet.
     *
     * @param id of the request
     * @param reading reads the next piece; empty text after the last one
     * @param incomplete the line that reports a failure
     */
    FileExport(
            AdminThreads.Share threads, LongSupplier nanoTime, String id, Callable<String> reading, String incomplete) {
        this.threads = threads;
        this.nanoTime = nanoTime;
        this.id = id;
        this.reading = reading;
        this.incomplete = incomplete;
        began = nanoTime.getAsLong();
    }

    /** The file from its first piece on; fails if that cannot be read. */
    static CompletionStage<AdminReply> reply(
            AdminRequest request, String name, String type, Callable<String> reading, String incomplete) {
        var export = new FileExport(
                request.threads(), System::nanoTime, request.call().id(), reading, incomplete);
        var file = List.of(AdminReply.attachment(name));
        return export.read(ATTEMPTS)
                .thenApply(piece -> new AdminReply(200, type, file, piece).followedBy(export::next));
    }

    /** The next piece; empty text after the last one. Never fails. */
    CompletableFuture<String> next() {
        if (ended) {
            return CompletableFuture.completedFuture("");
        }
        if (nanoTime.getAsLong() - began >= LONGEST.toNanos()) {
            return CompletableFuture.completedFuture(incomplete());
        }
        return read(ATTEMPTS).exceptionallyCompose(fault -> {
            // Before the look whether the application stops, which completes it.
            var later = threads.later();
            if (Failures.cause(fault) instanceof RejectedExecutionException
                    && !threads.ended().getAsBoolean()) {
                return later.thenCompose(any -> next());
            }
            // The head was sent: the reason is for the log alone.
            Failures.reply(fault, id);
            return CompletableFuture.completedFuture(incomplete());
        });
    }

    private CompletableFuture<String> read(int attempts) {
        return threads.export(reading)
                .exceptionallyCompose(fault -> attempts > 1 && fault instanceof SQLException
                        ? read(attempts - 1)
                        : CompletableFuture.failedFuture(fault));
    }

    private String incomplete() {
        ended = true;
        return incomplete;
    }
}
