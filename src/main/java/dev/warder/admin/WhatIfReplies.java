package dev.warder.admin;

import dev.warder.admin.request.AdminReply;
import dev.warder.admin.request.AdminRequest;
import dev.warder.admin.request.AdminRequest.Caller;
import dev.warder.dashboard.DashboardPage;
import dev.warder.dashboard.WhatIfPage;
import dev.warder.dashboard.WhatIfPage.Content;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import dev.warder.whatif.TrialForm;
import dev.warder.whatif.TrialResult;
import dev.warder.whatif.Trials;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /admin/what-if}: a page with a form, and with the result if the form has an amount, which is a file with {@code
 * format=csv}. Thread-safe; no method waits.
 *
 * @param trials empty without a database
 */
record WhatIfReplies(Optional<Trials> trials, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(WhatIfReplies.class);
    private static final String PAGE = "/admin/what-if";

    static boolean serves(String path) {
        return path.equals(PAGE);
    }

    CompletionStage<AdminReply> reply(AdminRequest request) {
        var query = Form.parse(request.call().target().query().orElse(""));
        if (query.isEmpty()) {
            return now(request.refusal(
                    ErrorReply.invalidRequest("The query has a malformed escape, or a parameter twice.")));
        }
        var form = TrialForm.of(query.get(), clock);
        if (trials.isEmpty()) {
            return now(page(
                    request,
                    200,
                    form,
                    new Content.Problems(List.of("There is no database, and so no ledger of a month."))));
        }
        if (!form.isBegun()) {
            return now(page(request, 200, form, new Content.Empty()));
        }
        var read = form.read();
        if (read.trial().isEmpty()) {
            return now(page(request, 400, form, new Content.Problems(read.problems())));
        }
        boolean csv = query.get().value("format").equals("csv");
        return trials.get()
                .run(read.trial().get())
                .<CompletionStage<AdminReply>>map(result -> result.thenApply(found -> reply(request, form, found, csv))
                        .exceptionally(failed -> unreadable(request, form, failed)))
                .orElseGet(() -> now(request.refusal(ErrorReply.overloaded("Too many trials are being made.", 5))));
    }

    private static AdminReply reply(AdminRequest request, TrialForm form, TrialResult result, boolean csv) {
        if (!csv) {
            return page(request, 200, form, new Content.Found(result));
        }
        return new AdminReply(
                200,
                "text/csv;charset=utf-8",
                List.of(
                        new Field("X-Content-Type-Options", "nosniff"),
                        new Field("Content-Disposition", "attachment; filename=\"warder-what-if.csv\"")),
                WhatIfPage.csv(result));
    }

    /** Any other failure is a fault of the program. */
    private static AdminReply unreadable(AdminRequest request, TrialForm form, Throwable failed) {
        var cause = failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
        if (!(cause instanceof SQLException away)) {
            throw new CompletionException(cause);
        }
        LOG.debug("a trial cannot be made (SQL state {})", away.getSQLState());
        return page(
                request,
                503,
                form,
                new Content.Problems(
                        List.of(
                                "The ledger was not read in time: the database does not respond, or the month has too many rows.")));
    }

    private static AdminReply page(AdminRequest request, int status, TrialForm form, Content content) {
        String formToken = request.caller() instanceof Caller.Session session ? session.formToken() : "";
        return AdminReply.page(status, DashboardPage.fields(), WhatIfPage.page(form, content, formToken));
    }

    private static CompletionStage<AdminReply> now(AdminReply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
