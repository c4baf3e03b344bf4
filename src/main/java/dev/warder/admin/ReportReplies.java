package dev.warder.admin;

import dev.warder.admin.AdminActions.ActionLog;
import dev.warder.admin.AdminTarget.Action;
import dev.warder.admin.page.BudgetsPage;
import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.Panel;
import dev.warder.admin.page.ReconciliationPage;
import dev.warder.admin.page.View;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.LedgerExport;
import dev.warder.ledger.LineFormat;
import dev.warder.quota.budget.BudgetQuery;
import dev.warder.quota.budget.BudgetReport;
import dev.warder.quota.budget.BudgetReports;
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
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node, the ledger, budgets and reconciliation show: pages and their panels for browsers, JSON and CSV for programs. All
 * need an administrator, and none is kept by the browser. Thread-safe; no method waits.
 *
 * @param ledger empty without a database
 * @param dashboard empty only in tests of other actions
 * @param budgets empty where there are no budgets
 * @param reconciliation empty where {@code reconcile.key} is not set
 */
record ReportReplies(
        Optional<Ledger> ledger,
        Optional<Dashboard> dashboard,
        Optional<BudgetReports> budgets,
        Optional<Reconciliation> reconciliation,
        InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(ReportReplies.class);
    private static final Field NO_SNIFFING = new Field("X-Content-Type-Options", "nosniff");
    private static final String CSV = "text/csv;charset=utf-8";
    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");
    private static final int LONGEST_PART = 64;
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,5}");
    private static final int MOST_DAYS = 400;
    private static final int USUAL_DAYS = 31;

    /** A text whose type no browser guesses. */
    static AdminReply file(String type, String text) {
        return new AdminReply(200, type, List.of(NO_SNIFFING), text);
    }

    /** The overview, its panels, and the CSV of one of them. */
    CompletionStage<AdminReply> overview(AdminRequest request, AdminTarget target) {
        var view = request.query().flatMap(View::of);
        if (dashboard.isEmpty()) {
            return request.refused(ErrorReply.notFound());
        }
        if (view.isEmpty()) {
            return request.refused(
                    ErrorReply.invalidRequest("range: must be hour, day, week or month; nodes: must be this or all"));
        }
        var shown = dashboard.get();
        if (target.action() == Action.PANELS) {
            return shown.panels(view.get()).thenApply(panels -> AdminReply.page(200, panels));
        }
        if (target.action() == Action.PANEL_CSV) {
            String name = "warder-" + target.name() + ".csv";
            return shown.csv(Panel.named(target.name()).orElseThrow(), view.get())
                    .thenApply(csv -> csv.map(text -> file(CSV, text).with(AdminReply.attachment(name)))
                            .orElseGet(() -> request.refusal(
                                    shown.hasLedger() ? ledgerAway() : ErrorReply.notFound(Ledger.MISSING))));
        }
        return request.call().method().equals("HEAD")
                ? AdminReply.page(200, shown.begin(view.get(), request.formToken()))
                        .followedBy(ReportReplies::nothing)
                        .now()
                : page(request, shown.page(view.get(), request.formToken()));
    }

    /** In two pieces, if the second one takes time. */
    private static CompletionStage<AdminReply> page(AdminRequest request, Dashboard.Page page) {
        if (page.rest().isDone()) {
            return page.rest().thenApply(rest -> AdminReply.page(200, page.begin() + rest));
        }
        var rest = page.rest().exceptionally(fault -> {
            LOG.error("request {} failed", request.call().id(), fault);
            return page.broken();
        });
        var pieces = List.of(rest, nothing()).iterator();
        return AdminReply.page(200, page.waiting()).followedBy(pieces::next).now();
    }

    /**
     * {@code GET /admin/api/ledger?from=&to=&format=}: the rows of the ledger as a file. Times are UTC, a date or an instant of ISO
     * 8601; {@code to} is exclusive.
     */
    CompletionStage<AdminReply> export(AdminRequest request) {
        if (ledger.isEmpty()) {
            return request.refused(ErrorReply.notFound(Ledger.MISSING));
        }
        var query = request.query();
        if (query.isEmpty()) {
            return request.refused(ErrorReply.invalidRequest("The query cannot be read."));
        }
        var word = query.get().value("format");
        var format = LineFormat.named(word.isEmpty() ? LineFormat.CSV.word() : word);
        if (format.isEmpty()) {
            return request.refused(ErrorReply.invalidRequest("format: must be csv or jsonl"));
        }
        try {
            var from = time(query.get().value("from"), Instant.EPOCH);
            var to = time(query.get().value("to"), END);
            return first(request, ledger.get().export(format.get(), from, to), format.get());
        } catch (DateTimeException malformed) {
            return request.refused(ErrorReply.invalidRequest(
                    "from and to: must be a date such as 2026-11-22, or a time such as 2026-11-22T08:00:00Z"));
        }
    }

    private static CompletionStage<AdminReply> first(AdminRequest request, LedgerExport export, LineFormat format) {
        return export.next().thenApply(text -> {
            if (export.failed()) {
                ActionLog.failed(request, "export", "-");
                return request.refusal(ledgerAway());
            }
            ActionLog.done(request, "export", "-");
            var file = AdminReply.attachment("warder-ledger." + format.word());
            return new AdminReply(200, format.contentType(), List.of(file), text).followedBy(export::next);
        });
    }

    private static Instant time(String text, Instant usual) {
        if (text.isEmpty()) {
            return usual;
        }
        return text.indexOf('T') < 0
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : Instant.parse(text);
    }

    /** {@code GET /admin/budgets?find=&team=&page=}, for browsers and programs, and the panels of the page. */
    CompletionStage<AdminReply> budgets(AdminRequest request, boolean onlyPanels) {
        var query = request.query().flatMap(ReportReplies::budgetQuery);
        if (query.isEmpty()) {
            return request.refused(ErrorReply.invalidRequest(
                    "find and team: must have at most 64 characters; page: must be a number from 1"));
        }
        if (budgets.isEmpty()) {
            return budgets(request, onlyPanels, Optional.empty()).now();
        }
        return budgets.get()
                .report(query.get())
                .thenApply(report -> report.isEmpty()
                        ? request.refusal(ErrorReply.overloaded("Too many reports are being made.", 5))
                        : budgets(request, onlyPanels, report));
    }

    private static Optional<BudgetQuery> budgetQuery(Form form) {
        String part = form.value("find").strip();
        String team = form.value("team").strip();
        String page = form.value("page").strip();
        boolean valid = part.length() <= LONGEST_PART
                && team.length() <= LONGEST_PART
                && (page.isEmpty() || NUMBER.matcher(page).matches());
        return valid
                ? Optional.of(new BudgetQuery(part, team, page.isEmpty() ? 1 : Integer.parseInt(page)))
                : Optional.empty();
    }

    private static AdminReply budgets(AdminRequest request, boolean onlyPanels, Optional<BudgetReport> report) {
        if (onlyPanels) {
            return AdminReply.page(200, BudgetsPage.panels(report));
        }
        return request.html()
                ? AdminReply.page(200, BudgetsPage.page(report, request.formToken()))
                : AdminReply.json(200, BudgetDocument.of(report));
    }

    /** Days in UTC, both inclusive. */
    private record Days(LocalDate from, LocalDate to, boolean csv) {
        /** The days of a query, by itself the last 31 that have ended; empty if it is wrong. */
        static Optional<Days> parse(Form query, Instant now) {
            var yesterday = now.atOffset(ZoneOffset.UTC).toLocalDate().minusDays(1);
            String format = query.value("format");
            var to = date(query.value("to"), yesterday);
            var from = to.flatMap(end -> date(query.value("from"), end.minusDays(USUAL_DAYS - 1)));
            boolean known = format.isEmpty() || format.equals("json") || format.equals("csv");
            return from.map(first -> new Days(first, to.orElseThrow(), format.equals("csv")))
                    .filter(days -> known
                            && !days.from.isAfter(days.to)
                            && days.from.plusDays(MOST_DAYS).isAfter(days.to));
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

    /**
     * Reconciliation.
     *
     * @param asPage whether it may be a page
     */
    CompletionStage<AdminReply> reconciliation(AdminRequest request, boolean asPage) {
        boolean isPage = asPage && request.html();
        if (reconciliation.isEmpty()) {
            return isPage
                    ? reconciliationPage(request, Optional.empty()).now()
                    : request.refused(ErrorReply.notFound());
        }
        var days = request.query().flatMap(query -> Days.parse(query, clock.instant()));
        if (days.isEmpty()) {
            return request.refused(ErrorReply.invalidRequest("from and to: must be dates such as 2026-11-22, at most "
                    + MOST_DAYS + " days; format: must be json or csv"));
        }
        return reconciliation
                .get()
                .report(days.get().from, days.get().to)
                .<CompletionStage<AdminReply>>map(report -> report.thenApply(found -> days.get().csv
                                ? file(CSV, ReconciliationCsv.lines(found))
                                        .with(AdminReply.attachment("warder-reconciliation.csv"))
                                : isPage
                                        ? reconciliationPage(request, Optional.of(found))
                                        : AdminReply.json(200, ReconciliationDocument.of(found)))
                        .exceptionally(failed -> unreadable(request, failed)))
                .orElseGet(() -> request.refused(ErrorReply.overloaded("Too much is asked for at the same time.", 5)));
    }

    private static AdminReply reconciliationPage(AdminRequest request, Optional<ReconciliationReport> report) {
        return AdminReply.page(200, ReconciliationPage.page(report, request.formToken()));
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

    private static ErrorReply ledgerAway() {
        return ErrorReply.overloaded("The ledger cannot be read now: the database does not respond.", 5);
    }

    private static CompletableFuture<String> nothing() {
        return CompletableFuture.completedFuture("");
    }
}
