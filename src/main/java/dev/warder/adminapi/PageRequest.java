package dev.warder.adminapi;

import dev.warder.http.AsyncOutcome;
import dev.warder.http.AsyncReply;
import dev.warder.http.AsyncResponse;
import dev.warder.http.ErrorReply;
import dev.warder.record.RequestRecord;
import dev.warder.usage.DocumentReads;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request for a page, which gets its response later. Thread-safe. */
final class PageRequest implements AsyncOutcome {
    private static final Logger LOG = LoggerFactory.getLogger(PageRequest.class);

    private final RequestRecord record;
    private final CompletableFuture<? extends Record> page;
    private final Function<SQLException, ErrorReply> failure;

    private PageRequest(
            RequestRecord record,
            CompletableFuture<? extends Record> page,
            Function<SQLException, ErrorReply> failure) {
        this.record = record;
        this.page = page;
        this.failure = failure;
    }

    /**
     * Begins the response, inside {@code doFilter}, and ends the record now or later.
     *
     * @param reads has the places of such pages
     * @param reading begins to read the page; it fails with an {@link SQLException} if the database cannot be read
     * @param failure the error for such a failure
     */
    static void begin(
            DocumentReads reads,
            Supplier<? extends CompletableFuture<? extends Record>> reading,
            Function<SQLException, ErrorReply> failure,
            RequestRecord record,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (!reads.enter()) {
            record.refuse(
                    request,
                    response,
                    ErrorReply.rateLimited("Too many pages are read at the same time. Try again soon.", 1));
            return;
        }
        record.atEnd(() -> reads.leave());
        var page = reading.get();
        // A page is not read after its request has ended.
        record.atEnd(() -> page.cancel(false));
        new PageRequest(record, page, failure).respond(request, response);
    }

    private void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var async = AsyncResponse.begin(request, response, record.call().id(), this);
        var unused = page.whenComplete((found, fault) -> {
            if (!page.isCancelled()) {
                async.send(fault == null ? PageReply.of(record, found) : PageReply.of(record, refusal(fault)));
            }
        });
    }

    @Override
    public Optional<AsyncReply> late() {
        return Optional.of(PageReply.of(record, ErrorReply.timeout("The response did not come in time.")));
    }

    @Override
    public void ended(End how) {
        record.end(how);
    }

    private ErrorReply refusal(Throwable fault) {
        if (fault instanceof SQLException failed) {
            LOG.debug("a page cannot be read (SQL state {})", failed.getSQLState());
            return failure.apply(failed);
        }
        LOG.error("request {} failed", record.call().id(), fault);
        return ErrorReply.internal();
    }
}
