package dev.warder.organization;

import dev.warder.budget.reply.BudgetRefusal;
import dev.warder.http.AsyncOutcome;
import dev.warder.http.AsyncReply;
import dev.warder.http.AsyncResponse;
import dev.warder.http.ErrorReply;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request for a page, which gets its response later. Thread-safe. */
final class PageRequest implements AsyncOutcome {
    private static final Logger LOG = LoggerFactory.getLogger(PageRequest.class);

    private final RequestRecord record;
    private final CompletableFuture<SpendLimitDocument> page;

    private PageRequest(RequestRecord record, CompletableFuture<SpendLimitDocument> page) {
        this.record = record;
        this.page = page;
    }

    /** Begins the response, inside {@code doFilter}, and ends the record now or later. */
    static void begin(
            SpendLimits limits,
            SpendLimitQuery query,
            RequestRecord record,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (!limits.enter()) {
            record.refuse(
                    request,
                    response,
                    ErrorReply.rateLimited("Too many spend limits are read at the same time. Try again soon.", 1));
            return;
        }
        record.atEnd(completed -> limits.leave());
        var page = limits.page(query);
        // A page is not read after its request has ended.
        record.atEnd(completed -> page.cancel(false));
        new PageRequest(record, page).respond(request, response);
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
        record.end(
                switch (how) {
                    case TIMED_OUT -> RequestEnd.TIMEOUT;
                    case CLIENT_GONE -> RequestEnd.CLIENT_GONE;
                    case FAILED -> RequestEnd.ERROR;
                },
                0);
    }

    private ErrorReply refusal(Throwable fault) {
        if (fault instanceof SQLException away) {
            LOG.debug("spend limits cannot be read (SQL state {})", away.getSQLState());
            return BudgetRefusal.storeAway();
        }
        LOG.error("request {} failed", record.call().id(), fault);
        return ErrorReply.internal();
    }
}
