package dev.warder.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A file that is read piece by piece on the threads for exports, so that its size does not matter. If a piece cannot be read, or the
 * response comes near its limit, the last piece is a line that reports it, so that no reader takes a part of the rows for all of
 * them. One piece at a time.
 */
final class FileExport {
    /** Before the limit of the response, so that the last line can still be sent. */
    private static final Duration LONGEST = Duration.ofMinutes(14);

    private final AdminThreads.Share threads;
    private final InstantSource clock;
    private final String id;
    private final Callable<String> reading;
    private final String incomplete;
    private final Instant end;
    private boolean ended;

    /**
     * Reads nothing yet.
     *
     * @param id of the request
     * @param reading reads the next piece; empty text after the last one
     * @param incomplete the line that reports a failure
     */
    FileExport(
            AdminThreads.Share threads, InstantSource clock, String id, Callable<String> reading, String incomplete) {
        this.threads = threads;
        this.clock = clock;
        this.id = id;
        this.reading = reading;
        this.incomplete = incomplete;
        end = clock.instant().plus(LONGEST);
    }

    /** The file from its first piece on; fails if that cannot be read. */
    static CompletionStage<AdminReply> reply(
            AdminRequest request, String name, String type, Callable<String> reading, String incomplete) {
        var export = new FileExport(
                request.threads(), request.context().clock(), request.call().id(), reading, incomplete);
        var file = List.of(AdminReply.attachment(name));
        return request.threads().export(reading).thenApply(piece -> new AdminReply(200, type, file, piece)
                .followedBy(export::next));
    }

    /** The next piece; empty text after the last one. Never fails. */
    CompletableFuture<String> next() {
        if (ended) {
            return CompletableFuture.completedFuture("");
        }
        if (!clock.instant().isBefore(end)) {
            return CompletableFuture.completedFuture(incomplete());
        }
        return threads.export(reading).exceptionally(fault -> {
            // The head was sent: the reason is for the log alone.
            Failures.reply(fault, id);
            return incomplete();
        });
    }

    private String incomplete() {
        ended = true;
        return incomplete;
    }
}
