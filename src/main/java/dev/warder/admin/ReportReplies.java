package dev.warder.admin;

import dev.warder.admin.AdminActions.ActionLog;
import dev.warder.admin.Endpoint.Kind;
import dev.warder.admin.page.BudgetsPage;
import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.Panel;
import dev.warder.admin.page.ReconciliationPage;
import dev.warder.admin.page.View;
import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.LineFormat;
import dev.warder.quota.BudgetReport;
import dev.warder.reconcile.ReconciliationReport;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The reports of the node, the ledger, budgets and reconciliation: pages and their panels for browsers, JSON and CSV for programs. All
 * need an administrator, and none is kept by the browser. Thread-safe; no method waits.
 */
final class ReportReplies {
    private static final String CSV = "text/csv;charset=utf-8";
    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");
    private static final int LONGEST_PART = 64;
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,5}");
    private static final int MOST_DAYS = 400;
    private static final int USUAL_DAYS = 31;
    private static final int RETRY_AFTER = 5;

    private ReportReplies() {}

    /** The overview, or a part of it, as it is chosen by the query. */
    private static CompletionStage<AdminReply> viewed(
            AdminRequest request, BiFunction<Dashboard, View, CompletionStage<AdminReply>> reply)
            throws InvalidValueException {
        var view = request.query()
                .flatMap(View::of)
                .orElseThrow(() -> new InvalidValueException(
                        "range: must be hour, day, week or month; nodes: must be this or all"));
        return reply.apply(request.context().dashboard, view);
    }

    static CompletionStage<AdminReply> overview(AdminRequest request) throws InvalidValueException {
        return viewed(request, (dashboard, view) -> dashboard
                .page(view, request.formToken())
                .thenApply(page -> AdminReply.page(200, page)));
    }

    static CompletionStage<AdminReply> panels(AdminRequest request) throws InvalidValueException {
        return viewed(
                request, (dashboard, view) -> dashboard.panels(view).thenApply(panels -> AdminReply.page(200, panels)));
    }

    /** The CSV of one panel. */
    static CompletionStage<AdminReply> panel(AdminRequest request) throws InvalidValueException {
        String name = request.variable();
        var panel = Panel.named(name);
        return panel.isEmpty()
                ? request.refused(ErrorReply.notFound())
                : viewed(request, (dashboard, view) -> dashboard
                        .csv(panel.get(), view)
                        .thenApply(csv -> csv.map(text -> AdminReply.file(CSV, text)
                                        .with(AdminReply.attachment("warder-" + name + ".csv")))
                                .orElseGet(() -> request.refusal(
                                        dashboard.hasLedger()
                                                ? away("The ledger")
                                                : ErrorReply.notFound(Ledger.MISSING)))));
    }

    /**
     * {@code GET /admin/api/ledger?from=&to=&format=}: the rows of the ledger as a file. Times are UTC, a date or an instant of ISO
     * 8601; {@code to} is exclusive.
     */
    static CompletionStage<AdminReply> export(AdminRequest request) throws InvalidValueException {
        var ledger = request.context().account.ledger();
        if (ledger.isEmpty()) {
            return request.refused(ErrorReply.notFound(Ledger.MISSING));
        }
        var query = request.query().orElseThrow(() -> new InvalidValueException("The query cannot be read."));
        var word = query.value("format");
        var format = LineFormat.named(word.isEmpty() ? LineFormat.CSV.word() : word)
                .orElseThrow(() -> new InvalidValueException("format: must be csv or jsonl"));
        var from = time(query.value("from"), Instant.EPOCH);
        var to = time(query.value("to"), END);
        var rows = ledger.get().export(format, from, to);
        var reply = FileExport.reply(
                request, "warder-ledger." + format.word(), format.contentType(), rows::next, format.incomplete());
        return Failures.orAway(
                request,
                reply.whenComplete((any, failure) -> ActionLog.ended(request, "export", "-", failure == null)),
                away -> away("The ledger"));
    }

    private static Instant time(String text, Instant usual) throws InvalidValueException {
        if (text.isEmpty()) {
            return usual;
        }
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text).truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException malformed) {
            throw new InvalidValueException(
                    "from and to: must be a date such as 2026-11-22, or a time such as 2026-11-22T08:00:00Z");
        }
    }

    /** {@code GET /admin/budgets?find=&team=&page=}, for browsers and programs. */
    static CompletionStage<AdminReply> budgets(AdminRequest request) throws InvalidValueException {
        return budgets(
                request,
                report -> request.head().html()
                        ? AdminReply.page(200, BudgetsPage.page(report, request.formToken()))
                        : AdminReply.json(200, BudgetDocument.of(report).toString()));
    }

    /** The panels of the page. */
    static CompletionStage<AdminReply> budgetPanels(AdminRequest request) throws InvalidValueException {
        return budgets(request, report -> AdminReply.page(200, BudgetsPage.panels(report)));
    }

    /** @param reply to a report, which is empty where there are no budgets */
    private static CompletionStage<AdminReply> budgets(
            AdminRequest request, Function<Optional<BudgetReport>, AdminReply> reply) throws InvalidValueException {
        var query = request.query()
                .flatMap(ReportReplies::budgetQuery)
                .orElseThrow(() -> new InvalidValueException(
                        "find and team: must have at most 64 characters; page: must be a number from 1"));
        return request.context()
                .account
                .budgets()
                .map(budgets -> budgets.report(query)
                        .thenApply(report -> report.isEmpty()
                                ? request.refusal(
                                        ErrorReply.overloaded("Too many reports are being made.", RETRY_AFTER))
                                : reply.apply(report)))
                .orElseGet(() -> CompletableFuture.completedFuture(reply.apply(Optional.empty())));
    }

    private static Optional<BudgetReport.Query> budgetQuery(Form form) {
        String part = form.value("find").strip();
        String team = form.value("team").strip();
        String page = form.value("page").strip();
        boolean valid = part.length() <= LONGEST_PART
                && team.length() <= LONGEST_PART
                && (page.isEmpty() || NUMBER.matcher(page).matches());
        return valid
                ? Optional.of(new BudgetReport.Query(part, team, page.isEmpty() ? 1 : Integer.parseInt(page)))
                : Optional.empty();
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

    /** Reconciliation, for browsers and programs. */
    static CompletionStage<AdminReply> reconciliation(AdminRequest request) throws InvalidValueException {
        boolean isPage = request.found().kind() == Kind.PAGE && request.head().html();
        var context = request.context();
        var reconciliation = context.account.reconciliation();
        if (reconciliation.isEmpty()) {
            return isPage ? page(request, Optional.empty()).now() : request.refused(ErrorReply.notFound());
        }
        var days = request.query()
                .flatMap(query -> Days.parse(query, context.clock.instant()))
                .orElseThrow(() -> new InvalidValueException("from and to: must be dates such as 2026-11-22, at most "
                        + MOST_DAYS + " days; format: must be json or csv"));
        return Failures.orAway(
                request,
                request.threads()
                        .export(() -> reconciliation.get().report(days.from, days.to))
                        .thenApply(report -> days.csv
                                ? AdminReply.file(
                                                CSV,
                                                ReconciliationDocument.of(report)
                                                        .csv())
                                        .with(AdminReply.attachment("warder-reconciliation.csv"))
                                : isPage
                                        ? page(request, Optional.of(report))
                                        : AdminReply.json(200, ReconciliationDocument.of(report))),
                away -> away("Reconciliation"));
    }

    private static AdminReply page(AdminRequest request, Optional<ReconciliationReport> report) {
        return AdminReply.page(200, ReconciliationPage.page(report, request.formToken()));
    }

    private static ErrorReply away(String what) {
        return ErrorReply.overloaded(what + " cannot be read now: the database does not respond.", RETRY_AFTER);
    }
}
