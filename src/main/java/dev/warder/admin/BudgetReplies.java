package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.page.BudgetsPage;
import dev.warder.admin.page.DashboardPage;
import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.quota.budget.BudgetQuery;
import dev.warder.quota.budget.BudgetReport;
import dev.warder.quota.budget.BudgetReports;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * {@code GET /admin/budgets?find=&team=&page=}: a page for browsers and JSON for programs, and the panels of the page. Thread-safe.
 *
 * @param reports empty where there are no budgets
 */
record BudgetReplies(Optional<BudgetReports> reports) {
    private static final String PAGE = "/admin/budgets";
    private static final String PANELS = PAGE + "/panels";
    private static final int LONGEST_PART = 64;
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,5}");

    static boolean serves(String path) {
        return path.equals(PAGE) || path.equals(PANELS);
    }

    CompletionStage<AdminReply> reply(AdminRequest request) {
        var query = Form.parse(request.call().target().query().orElse("")).flatMap(BudgetReplies::query);
        if (query.isEmpty()) {
            return CompletableFuture.completedFuture(request.refusal(ErrorReply.invalidRequest(
                    "find and team: must have at most 64 characters; page: must be a number from 1")));
        }
        if (reports.isEmpty()) {
            return CompletableFuture.completedFuture(reply(request, Optional.empty()));
        }
        return reports.get()
                .report(query.get())
                .thenApply(report -> report.isEmpty()
                        ? request.refusal(ErrorReply.overloaded("Too many reports are being made.", 5))
                        : reply(request, report));
    }

    private static Optional<BudgetQuery> query(Form form) {
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

    private static AdminReply reply(AdminRequest request, Optional<BudgetReport> report) {
        if (request.call().target().path().equals(PANELS)) {
            return AdminReply.page(200, DashboardPage.fields(), BudgetsPage.panels(report));
        }
        if (!request.html()) {
            return AdminReply.json(200, BudgetDocument.of(report));
        }
        String formToken = request.caller() instanceof Caller.Session session ? session.formToken() : "";
        return AdminReply.page(200, DashboardPage.fields(), BudgetsPage.page(report, formToken));
    }
}
