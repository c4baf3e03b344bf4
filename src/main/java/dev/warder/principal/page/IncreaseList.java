package dev.warder.principal.page;

import dev.warder.html.Navigation;
import dev.warder.http.PageCursor;
import dev.warder.json.JsonTree;
import dev.warder.policy.store.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.PrincipalView;
import dev.warder.spendlimit.IncreaseQuery;
import dev.warder.spendlimit.IncreaseRequest;
import dev.warder.spendlimit.IncreaseRequest.Resolution;
import dev.warder.spendlimit.IncreaseRequest.Status;
import dev.warder.spendlimit.Increases;
import dev.warder.spendlimit.LimitWords;
import dev.warder.spendlimit.PeriodBudgets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The page with the requests of clients for higher spend limits. One thread at a time. */
final class IncreaseList {
    private static final PageTarget TARGET = new PageTarget.Increases();

    private final Sheet sheet;
    private final PrincipalView view;

    private IncreaseList(Sheet sheet, PrincipalView view) {
        this.sheet = sheet;
        this.view = view;
    }

    /** The page; waits for the database. */
    static PageReply of(PageRequest request, Administration administration, Draft draft) throws SQLException {
        var before = before(request);
        if (before.isEmpty()) {
            return Paging.refusal();
        }
        var increases = new Increases(administration);
        var pending = increases.list(
                new IncreaseQuery(Set.of(), Set.of(Status.PENDING), before.getAsLong(), Paging.ROWS + 1));
        var decided = increases.list(
                new IncreaseQuery(Set.of(), Set.of(Status.APPROVED, Status.DENIED), Long.MAX_VALUE, Paging.ROWS));
        var sheet = new Sheet(request, Navigation.INCREASES, "Increase requests", Optional.empty());
        Words.notInUse(sheet, administration.isInUse());
        sheet.error(draft.problemOf(Draft.Part.BUTTON));
        var page = new IncreaseList(sheet, administration.view());
        page.pending(pending);
        page.decided(decided);
        return new PageReply.Shown(draft.status(), sheet.page());
    }

    private static OptionalLong before(PageRequest request) {
        String page = request.query().value("page");
        return page.isEmpty()
                ? OptionalLong.of(Long.MAX_VALUE)
                : PageCursor.name(page).map(IncreaseRequest::number).orElse(OptionalLong.empty());
    }

    private void pending(List<IncreaseRequest> found) {
        var shown = found.subList(0, Math.min(Paging.ROWS, found.size()));
        sheet.begin("list", "full", "Waiting for a decision", () -> {});
        if (shown.isEmpty()) {
            sheet.html().markup("<p class=\"none\">No request waits.</p>\n");
        } else {
            sheet.beginTable(
                    "list",
                    "Waiting for a decision",
                    "Client",
                    "Period",
                    "#Limit now",
                    "#Asked for",
                    "Reason",
                    "Made (UTC)",
                    "Decision");
            shown.forEach(this::pending);
            sheet.endTable();
        }
        if (found.size() > Paging.ROWS) {
            sheet.html().markup("<nav class=\"paging\" aria-label=\"Pages of the list\">");
            sheet.link(
                    TARGET.reference() + "?page="
                            + PageCursor.after(shown.get(shown.size() - 1).id()),
                    "Older requests");
            sheet.html().markup("</nav>\n");
        }
        sheet.end();
    }

    private void pending(IncreaseRequest request) {
        begin(request);
        sheet.number(limit(request));
        sheet.number(LimitWords.dollars(request.askedCents()));
        sheet.cell(request.reason());
        sheet.whole(Sheet.time(request.madeAt().toString()));
        sheet.html().markup("<td>");
        decision(request);
        sheet.html().markup("</td>");
        sheet.endRow();
    }

    private void begin(IncreaseRequest request) {
        sheet.row(new PageTarget.OneObject(PolicyName.client(request.client())).reference(), request.client());
        sheet.whole(LimitWords.word(request.period()));
    }

    private void decision(IncreaseRequest request) {
        String field = "amount-" + request.number();
        sheet.beginForm(TARGET);
        sheet.hidden(IncreaseForms.ID, request.id());
        String asked = request.askedCents().isPresent() ? LimitWords.dollars(request.askedCents()) : "";
        sheet.html()
                .markup("<label for=\"" + field + "\">New limit in US dollars</label> <input id=\"" + field
                        + "\" name=\"" + IncreaseForms.AMOUNT
                        + "\" inputmode=\"decimal\" maxlength=\"12\" autocomplete=\"off\"")
                .attribute("value", asked)
                .markup("> <button class=\"first\" name=\"action\" value=\"" + IncreaseForms.APPROVE
                        + "\">Approve</button> <button class=\"danger\" name=\"action\" value=\"" + IncreaseForms.DENY
                        + "\">Deny</button></form>");
    }

    /** The client's own limit of the period; those of its team and the organization are on the page of budgets. */
    private String limit(IncreaseRequest request) {
        var definition = JsonTree.parseObject(view.document(PolicyName.client(request.client())));
        return definition
                .map(object -> PeriodBudgets.of(object, request.period()))
                .filter(budgets -> !budgets.isEmpty())
                .map(budgets -> JsonTree.text(budgets.get(0), "amount"))
                .orElse("none");
    }

    private void decided(List<IncreaseRequest> found) {
        if (found.isEmpty()) {
            return;
        }
        sheet.begin(
                "decided", "full", "Decided lately", () -> sheet.link("audit?find=increase_request", "In the audit"));
        sheet.beginTable(
                "decided",
                "Decided lately",
                "Client",
                "Period",
                "#Asked for",
                "Decision",
                "#New limit",
                "By",
                "At (UTC)");
        for (var request : found) {
            begin(request);
            sheet.number(LimitWords.dollars(request.askedCents()));
            sheet.whole(request.status().word());
            sheet.number(request.resolution()
                    .map(Resolution::grantedCents)
                    .map(LimitWords::dollars)
                    .orElse("-"));
            sheet.cell(request.resolution().map(Resolution::by).orElse(""));
            sheet.whole(Sheet.time(
                    request.resolution().map(each -> each.at().toString()).orElse("")));
            sheet.endRow();
        }
        sheet.endTable();
        sheet.end();
    }
}
