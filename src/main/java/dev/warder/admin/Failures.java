package dev.warder.admin;

import dev.warder.adminapi.RefusedChangeException;
import dev.warder.config.InvalidValueException;
import dev.warder.container.TaskPool;
import dev.warder.http.ErrorReply;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The errors that a caller gets where a work fails. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final int RETRY_AFTER = 5;

    private Failures() {}

    static ErrorReply reply(Throwable fault, String id) {
        return refusal(fault).orElseGet(() -> {
            if (!(cause(fault) instanceof CancellationException)) {
                LOG.error("request {} failed", id, cause(fault));
            }
            return ErrorReply.internal();
        });
    }

    /** The refusal; empty for a fault of the program. */
    static Optional<ErrorReply> refusal(Throwable fault) {
        var cause = cause(fault);
        if (cause instanceof InvalidValueException refused) {
            return Optional.of(ErrorReply.invalidRequest(refused.reason()));
        }
        if (cause instanceof RefusedChangeException refused) {
            return Optional.of(refused.reply());
        }
        if (cause instanceof TaskPool.StoppedException) {
            return Optional.of(ErrorReply.stopping());
        }
        if (cause instanceof RejectedExecutionException) {
            return Optional.of(ErrorReply.rateLimited("Too many requests of administrators wait.", RETRY_AFTER));
        }
        if (cause instanceof SQLException away) {
            LOG.warn(
                    "a request of an administrator failed: the database cannot be used (SQL state {})",
                    away.getSQLState());
            return Optional.of(ErrorReply.overloaded(
                    "The database cannot be used now. A change may have been made: read before you repeat it.",
                    RETRY_AFTER));
        }
        return Optional.empty();
    }

    /** A reply, or what refuses the request if the database cannot be read. */
    static CompletionStage<AdminReply> orAway(
            AdminRequest request, CompletionStage<AdminReply> reply, Function<SQLException, ErrorReply> away) {
        return reply.exceptionally(fault -> {
            if (cause(fault) instanceof SQLException failed) {
                LOG.debug("a page cannot be read (SQL state {})", failed.getSQLState());
                return request.refusal(away.apply(failed));
            }
            throw new CompletionException(cause(fault));
        });
    }

    static Throwable cause(Throwable fault) {
        return fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    }
}
