package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.dashboard.DashboardPage;
import dev.warder.dashboard.ReconciliationPage;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import dev.warder.reconciliation.Reconciliation;
import dev.warder.reconciliation.ReconciliationReport;
import dev.warder.reconciliation.store.BookingRequest;
import dev.warder.reconciliation.store.ReconciliationStore;
import dev.warder.reconciliation.store.ReconciliationStore.Booked;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /admin/reconciliation} for browsers, and {@code /admin/api/reconciliation} for programs: lists of lines and bookings, a
 * look now, and bookings. Thread-safe; no method waits.
 *
 * @param reconciliation empty where {@code reconcile.key} is not set
 */
record ReconciliationReplies(Optional<Reconciliation> reconciliation, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(ReconciliationReplies.class);
    private static final int LONGEST_REASON = 200;
    private static final int LONGEST_NAME = 64;
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
        String formToken = request.caller() instanceof Caller.Session session ? session.formToken() : "";
        return AdminReply.page(200, DashboardPage.fields(), ReconciliationPage.page(report, formToken));
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

    /** Books what is open of a day. */
    CompletionStage<AdminReply> book(AdminRequest request, Form form) {
        var day = ReconciliationPath.of(request.call().target().path()).flatMap(ReconciliationPath::day);
        String reason = form.value("reason").strip();
        String name = form.value("name").strip();
        if (reconciliation.isEmpty() || day.isEmpty()) {
            return now(request.refusal(ErrorReply.notFound()));
        }
        if (reason.isEmpty() || reason.length() > LONGEST_REASON || !isShown(reason)) {
            return now(request.refusal(
                    ErrorReply.invalidRequest("reason: must have 1 to " + LONGEST_REASON + " characters in one line")));
        }
        if (name.length() > LONGEST_NAME || !isShown(name)) {
            return now(request.refusal(
                    ErrorReply.invalidRequest("name: must have at most " + LONGEST_NAME + " characters in one line")));
        }
        var booking = new BookingRequest(
                day.get(), given(form, "model"), given(form, "credential"), reason, by(request, name));
        return guarded(
                request,
                reconciliation.get().book(booking).thenApply(booked -> booked(request, form, day.get(), booked)));
    }

    private static boolean isShown(String text) {
        return text.codePoints()
                .allMatch(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE);
    }

    private static Optional<String> given(Form form, String name) {
        return Optional.of(form.value(name)).filter(value -> !value.isEmpty());
    }

    /** The name of an access token is verified. {@code admin.token} has none: who uses it gives a name. */
    private static String by(AdminRequest request, String given) {
        var caller = request.caller();
        if (caller instanceof Caller.Token token) {
            return "access token " + token.client().auditName() + " from " + request.from();
        }
        var session =
                Optional.of(caller).filter(Caller.Session.class::isInstance).map(Caller.Session.class::cast);
        String way = (session.isPresent() ? "session" : "token") + " from " + request.from();
        String name = given.isEmpty() ? session.flatMap(Caller.Session::person).orElse("") : given;
        return name.isEmpty() ? way : name + " (" + way + ")";
    }

    private static AdminReply booked(AdminRequest request, Form form, LocalDate day, Optional<Booked> booked) {
        if (booked.isEmpty()) {
            ActionLog.failed(request, "book", "-");
            return request.refusal(ErrorReply.invalidRequest("The day " + day + " was not compared with the reports."));
        }
        ActionLog.done(request, "book", "-");
        if (!request.html()) {
            return AdminReply.json(200, ReconciliationDocument.Done.of(day, booked.get()));
        }
        String range = ReconciliationPath.date(form.value("from"))
                .flatMap(from -> ReconciliationPath.date(form.value("to")).map(to -> "?from=" + from + "&to=" + to))
                .orElse("");
        return AdminReply.seeOther(request.up() + "reconciliation" + range + "#d-" + day);
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
