package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.page.DashboardPage;
import dev.warder.admin.page.ReconciliationPage;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import dev.warder.reconcile.Reconciliation;
import dev.warder.reconcile.ReconciliationReport;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /admin/reconciliation} for browsers, and {@code /admin/api/reconciliation} for programs. Thread-safe; no method waits.
 *
 * @param reconciliation empty where {@code reconcile.key} is not set
 */
record ReconciliationReplies(Optional<Reconciliation> reconciliation, InstantSource clock) {
    static final String PAGE = "/admin/reconciliation";

    private static final Logger LOG = LoggerFactory.getLogger(ReconciliationReplies.class);
    private static final int MOST_DAYS = 400;
    private static final int USUAL_DAYS = 31;
    private static final String RANGE = "from and to: must be dates such as 2026-11-22, at most " + MOST_DAYS
            + " days; format: must be json or csv";

    /** Days in UTC, both inclusive. */
    private record Range(LocalDate from, LocalDate to, boolean csv) {
        /** The range of a query, by itself the last 31 days that have ended; empty if it is wrong. */
        static Optional<Range> parse(Form query, Instant now) {
            var yesterday = now.atOffset(ZoneOffset.UTC).toLocalDate().minusDays(1);
            String format = query.value("format");
            var to = date(query.value("to"), yesterday);
            var from = to.flatMap(end -> date(query.value("from"), end.minusDays(USUAL_DAYS - 1)));
            boolean known = format.isEmpty() || format.equals("json") || format.equals("csv");
            return from.map(first -> new Range(first, to.orElseThrow(), format.equals("csv")))
                    .filter(range -> known
                            && !range.from.isAfter(range.to)
                            && range.from.plusDays(MOST_DAYS).isAfter(range.to));
        }

        private static Optional<LocalDate> date(String text, LocalDate usual) {
            if (text.isEmpty()) {
                return Optional.of(usual);
            }
            try {
                return Optional.of(text)
                        .filter(each -> each.length() == 10)
                        .map(LocalDate::parse)
                        .filter(day -> day.getYear() >= 2000 && day.getYear() <= 9999);
            } catch (DateTimeException malformed) {
                return Optional.empty();
            }
        }
    }

    CompletionStage<AdminReply> reply(AdminRequest request) {
        if (reconciliation.isEmpty()) {
            return now(isPage(request) ? page(request, Optional.empty()) : request.refusal(ErrorReply.notFound()));
        }
        var range = Form.parse(request.call().target().query().orElse(""))
                .flatMap(form -> Range.parse(form, clock.instant()));
        if (range.isEmpty()) {
            return now(request.refusal(ErrorReply.invalidRequest(RANGE)));
        }
        return reconciliation
                .get()
                .report(range.get().from, range.get().to)
                .<CompletionStage<AdminReply>>map(
                        report -> report.thenApply(found -> reply(request, range.get().csv, found))
                                .exceptionally(failed -> unreadable(request, failed)))
                .orElseGet(() ->
                        now(request.refusal(ErrorReply.overloaded("Too much is asked for at the same time.", 5))));
    }

    private static AdminReply reply(AdminRequest request, boolean csv, ReconciliationReport report) {
        if (csv) {
            return new AdminReply(
                    200,
                    "text/csv;charset=utf-8",
                    List.of(
                            new Field("X-Content-Type-Options", "nosniff"),
                            new Field("Content-Disposition", "attachment; filename=\"warder-reconciliation.csv\"")),
                    ReconciliationCsv.lines(report));
        }
        return isPage(request)
                ? page(request, Optional.of(report))
                : AdminReply.json(200, ReconciliationDocument.of(report));
    }

    private static boolean isPage(AdminRequest request) {
        return request.call().target().path().equals(PAGE) && request.html();
    }

    private static AdminReply page(AdminRequest request, Optional<ReconciliationReport> report) {
        String formToken = request.caller() instanceof Caller.Session session ? session.formToken() : "";
        return AdminReply.page(200, DashboardPage.fields(), ReconciliationPage.page(report, formToken));
    }

    private static AdminReply unreadable(AdminRequest request, Throwable failed) {
        var cause = failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
        if (!(cause instanceof SQLException away)) {
            throw new CompletionException(cause);
        }
        LOG.debug("reconciliation cannot be read (SQL state {})", away.getSQLState());
        return request.refusal(
                ErrorReply.overloaded("Reconciliation cannot be read now: the database does not respond.", 5));
    }

    private static CompletionStage<AdminReply> now(AdminReply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
