package dev.warder.admin;

import dev.warder.admin.AdminActions.ActionLog;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.LedgerExport;
import dev.warder.ledger.LineFormat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code GET /admin/api/ledger?from=&to=&format=}: the rows of the ledger as a file. Times are UTC, a date or an instant of
 * ISO 8601; {@code to} is exclusive. Thread-safe.
 *
 * @param ledger empty without a database
 */
record LedgerExports(Optional<Ledger> ledger) {
    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

    CompletionStage<AdminReply> reply(AdminRequest request) {
        var query = Form.parse(request.call().target().query().orElse(""));
        if (ledger.isEmpty()) {
            return refused(request, ErrorReply.notFound(Ledger.MISSING));
        }
        if (query.isEmpty()) {
            return refusal(request, "The query cannot be read.");
        }
        var word = query.get().value("format");
        var format = LineFormat.named(word.isEmpty() ? LineFormat.CSV.word() : word);
        if (format.isEmpty()) {
            return refusal(request, "format: must be csv or jsonl");
        }
        try {
            var from = time(query.get().value("from"), Instant.EPOCH);
            var to = time(query.get().value("to"), END);
            return first(request, ledger.get().export(format.get(), from, to), format.get());
        } catch (DateTimeException malformed) {
            return refusal(
                    request, "from and to: must be a date such as 2026-11-22, or a time such as 2026-11-22T08:00:00Z");
        }
    }

    private static CompletionStage<AdminReply> first(AdminRequest request, LedgerExport export, LineFormat format) {
        return export.next().thenApply(text -> {
            if (export.failed()) {
                ActionLog.failed(request, "export", "-");
                return request.refusal(
                        ErrorReply.overloaded("The ledger cannot be read now: the database does not respond.", 5));
            }
            ActionLog.done(request, "export", "-");
            var file = new Field("Content-Disposition", "attachment; filename=\"warder-ledger." + format.word() + "\"");
            return new AdminReply(200, format.contentType(), List.of(file), text, Optional.of(export::next));
        });
    }

    private static CompletionStage<AdminReply> refusal(AdminRequest request, String message) {
        return refused(request, ErrorReply.invalidRequest(message));
    }

    private static CompletionStage<AdminReply> refused(AdminRequest request, ErrorReply error) {
        return CompletableFuture.completedFuture(request.refusal(error));
    }

    private static Instant time(String text, Instant usual) {
        if (text.isEmpty()) {
            return usual;
        }
        return text.indexOf('T') < 0
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : Instant.parse(text);
    }
}
