package dev.warder.admin;

import dev.warder.admin.document.ReconciliationCsv;
import dev.warder.admin.document.ReconciliationDocument;
import dev.warder.admin.request.ActionLog;
import dev.warder.admin.request.Actors;
import dev.warder.admin.request.AdminReply;
import dev.warder.admin.request.AdminRequest;
import dev.warder.admin.request.AdminRequest.Caller;
import dev.warder.dashboard.DashboardPage;
import dev.warder.dashboard.ReconciliationPage;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import dev.warder.reconciliation.Reconciliation;
import dev.warder.reconciliation.ReconciliationReport;
import dev.warder.reconciliation.store.ReconciliationStore;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /admin/reconciliation} for browsers, and {@code /admin/api/reconciliation} for programs: lists of lines and bookings, and
 * a look now. Thread-safe; no method waits.
 *
 * @param reconciliation empty where {@code reconcile.key} is not set
 */
record ReconciliationReplies(Optional<Reconciliation> reconciliation, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(ReconciliationReplies.class);
    private static final String RANGE = "from and to: must be dates such as 2026-11-22, at most "
            + ReconciliationQuery.MOST_DAYS + " days; format: must be json or csv";

    /** A list, or the page. */
    CompletionStage<AdminReply> show(AdminRequest request) {
        String path = request.call().target().path();
        if (reconciliation.isEmpty()) {
            return now(
                    path.equals(ReconciliationPath.PAGE) && request.html()
                            ? page(request, Optional.empty())
                            : request.refusal(ErrorReply.notFound()));
        }
        var query = Form.parse(request.call().target().query().orElse(""))
                .flatMap(form -> ReconciliationQuery.parse(form, clock.instant()));
        if (query.isEmpty()) {
            return now(request.refusal(ErrorReply.invalidRequest(RANGE)));
        }
        var range = query.get();
        return path.equals(ReconciliationPath.ADJUSTMENTS)
                ? bookings(request, range)
                : guarded(
                        request,
                        reconciliation
                                .get()
                                .report(range.from(), range.to())
                                .thenApply(report -> reply(request, range, report)));
    }

    private static AdminReply reply(AdminRequest request, ReconciliationQuery range, ReconciliationReport report) {
        if (range.csv()) {
            return csv("reconciliation", ReconciliationCsv.lines(report));
        }
        boolean page = request.call().target().path().equals(ReconciliationPath.PAGE) && request.html();
        return page ? page(request, Optional.of(report)) : AdminReply.json(200, ReconciliationDocument.of(report));
    }

    private static AdminReply page(AdminRequest request, Optional<ReconciliationReport> report) {
        return AdminReply.page(
                200, DashboardPage.fields(), ReconciliationPage.page(report, administrator(request.caller())));
    }

    private static ReconciliationPage.Administrator administrator(Caller caller) {
        return caller instanceof Caller.Session session
                ? new ReconciliationPage.Administrator(
                        session.formToken(),
                        session.person().isPresent() ? Optional.empty() : Optional.of(Actors.NAME_PATTERN))
                : new ReconciliationPage.Administrator("", Optional.empty());
    }

    private CompletionStage<AdminReply> bookings(AdminRequest request, ReconciliationQuery range) {
        return guarded(
                request,
                reconciliation
                        .orElseThrow()
                        .adjustments(range.from(), range.to())
                        .thenApply(all -> {
                            boolean more = all.size() == ReconciliationStore.MOST;
                            var document = ReconciliationDocument.Bookings.of(all, more);
                            return range.csv()
                                    ? csv("adjustments", ReconciliationCsv.bookings(document.adjustments(), more))
                                    : AdminReply.json(200, document);
                        }));
    }

    private static AdminReply csv(String name, String text) {
        return new AdminReply(
                200,
                "text/csv;charset=utf-8",
                List.of(
                        new Field("X-Content-Type-Options", "nosniff"),
                        new Field("Content-Disposition", "attachment; filename=\"warder-" + name + ".csv\"")),
                text);
    }

    /** Looks soon, at the days from {@code from} to {@code to}, or at all that are not settled. */
    AdminReply look(AdminRequest request, Form form) {
        if (reconciliation.isEmpty()) {
            return request.refusal(ErrorReply.notFound());
        }
        if (form.value("from").isEmpty() && form.value("to").isEmpty()) {
            reconciliation.get().look();
        } else {
            var range = ReconciliationQuery.parse(form, clock.instant());
            if (range.isEmpty()) {
                return request.refusal(ErrorReply.invalidRequest(RANGE));
            }
            reconciliation.get().look(range.get().from(), range.get().to());
        }
        ActionLog.done(request, "reconcile", "-");
        return request.html()
                ? AdminReply.seeOther(request.up() + "reconciliation")
                : AdminReply.json(202, ReconciliationDocument.Looking.SOON);
    }

    private static CompletionStage<AdminReply> guarded(AdminRequest request, CompletableFuture<AdminReply> reply) {
        return reply.exceptionally(failed -> {
            Throwable cause =
                    failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
            if (cause instanceof SQLException away) {
                LOG.debug("reconciliation cannot be read (SQL state {})", away.getSQLState());
                return request.refusal(
                        ErrorReply.overloaded("Reconciliation cannot be read now: the database does not respond.", 5));
            }
            if (cause instanceof RejectedExecutionException) {
                return request.refusal(ErrorReply.overloaded("Too much is asked for at the same time.", 5));
            }
            throw new CompletionException(cause);
        });
    }

    private static CompletionStage<AdminReply> now(AdminReply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
