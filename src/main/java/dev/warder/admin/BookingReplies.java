package dev.warder.admin;

import dev.warder.admin.document.BookingDocument;
import dev.warder.admin.document.BookingForm;
import dev.warder.admin.request.ActionLog;
import dev.warder.admin.request.Actors;
import dev.warder.admin.request.AdminReply;
import dev.warder.admin.request.AdminRequest;
import dev.warder.audit.Actor;
import dev.warder.audit.AuditItem;
import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.json.JsonDocuments;
import dev.warder.principal.Administration;
import dev.warder.principal.Administration.Recorded;
import dev.warder.principal.IdempotencyKey;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.RefusedChangeException.Cause;
import dev.warder.principal.api.ApiReply;
import dev.warder.principal.api.PrincipalApi;
import dev.warder.reconciliation.Reconciliation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /admin/api/reconciliation/DAY/book}: books what is open of a day. The booking and its entry of the audit are one
 * transaction. Thread-safe; no method waits.
 *
 * @param reconciliation empty where {@code reconcile.key} is not set
 * @param api takes turns with all other changes; empty without a database
 */
record BookingReplies(Optional<Reconciliation> reconciliation, Optional<PrincipalApi> api) {
    private static final String ACTION = "book";

    /** Books, as an administrator asks for. */
    CompletionStage<AdminReply> book(AdminRequest request, Form form) {
        var day = ReconciliationPath.of(request.call().target().path()).flatMap(ReconciliationPath::day);
        if (reconciliation.isEmpty() || api.isEmpty() || day.isEmpty()) {
            return CompletableFuture.completedFuture(request.refusal(ErrorReply.notFound()));
        }
        return api.get()
                .reply(administration -> book(administration, request, day.get(), form))
                .whenComplete((reply, fault) -> {
                    if (fault != null || reply.refusal().isPresent()) {
                        ActionLog.failed(request, ACTION, "-");
                    }
                })
                .thenApply(reply -> reply(request, form, day.get(), reply));
    }

    private ApiReply book(Administration administration, AdminRequest request, LocalDate day, Form form)
            throws InvalidValueException, RefusedChangeException, SQLException {
        var asked = BookingForm.read(day, form);
        var actor = Actors.of(request, asked.name().or(() -> request.fields().administrator()));
        var done = administration.record(
                new Administration.Request(actor, request.token(), key(request, asked, actor)),
                (connection, at) -> booked(connection, asked, actor));
        if (!done.isRepeated()) {
            ActionLog.done(request, ACTION, "-");
        }
        return ApiReply.of(200, done.result().document());
    }

    /** A booking changes the version of its day, so a second click on the button of a page is a repetition too. */
    private static Optional<IdempotencyKey> key(AdminRequest request, BookingForm asked, Actor actor)
            throws InvalidValueException {
        String text = "POST " + request.call().target().path() + " " + asked.document();
        var given = IdempotencyKey.read(actor.name(), request.fields().idempotencyKey(), text);
        return given.or(() -> asked.version().map(version -> IdempotencyKey.ofRequest(actor.name(), text)));
    }

    private Recorded booked(Connection connection, BookingForm asked, Actor actor)
            throws SQLException, RefusedChangeException {
        var bookings = reconciliation.orElseThrow().bookings(connection, asked.day());
        if (bookings.isEmpty()) {
            throw new RefusedChangeException(
                    Cause.INVALID, "The day " + asked.day() + " was not compared with the reports.");
        }
        if (asked.isOther(bookings.get().version())) {
            throw new RefusedChangeException(
                    Cause.CLASH,
                    "What is open of the day " + asked.day() + " has changed since it was read. Nothing was booked.");
        }
        var wanted = asked.request(actor);
        if (!bookings.get().has(wanted)) {
            throw new RefusedChangeException(
                    Cause.INVALID, "The day " + asked.day() + " has no line of this model and credential.");
        }
        var booked = bookings.get().book(wanted);
        var items = booked.lines().isEmpty()
                ? List.<AuditItem>of()
                : List.of(new AuditItem(
                        ACTION, "reconciliation/" + asked.day(), "", BookingDocument.Audited.text(asked, booked)));
        return new Recorded(items, JsonDocuments.text(BookingDocument.of(asked, booked)));
    }

    private static AdminReply reply(AdminRequest request, Form form, LocalDate day, ApiReply reply) {
        if (reply.refusal().isPresent()) {
            return request.refusal(reply.refusal().get());
        }
        if (!request.html()) {
            return new AdminReply(reply.status(), "application/json", List.of(), reply.body());
        }
        String range = ReconciliationPath.date(form.value("from"))
                .flatMap(from -> ReconciliationPath.date(form.value("to")).map(to -> "?from=" + from + "&to=" + to))
                .orElse("");
        return AdminReply.seeOther(request.up() + "reconciliation" + range + "#d-" + day);
    }
}
