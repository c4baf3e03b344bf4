package dev.warder.principal.page;

import dev.warder.html.Navigation;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
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
    private static final Set<Status> WAITING = Set.of(Status.PENDING);
    private static final Set<Status> OVER = Set.of(Status.APPROVED, Status.DENIED);

    /** The parameter that asks for those that are decided only, by its value. */
    private static final String STATE = "state";

    private static final String DECIDED = "decided";

    private final Sheet sheet;
    private final PrincipalView view;
    private final Paging paging;

    private IncreaseList(Sheet sheet, PrincipalView view, Paging paging) {
        this.sheet = sheet;
        this.view = view;
        this.paging = paging;
    }

    /** The page; waits for the database. */
    static PageReply of(PageRequest request, Administration administration, Draft draft) throws SQLException {
        var paging = Paging.of(request.query(), STATE)
                .filter(each -> before(each.after()).isPresent());
        if (paging.isEmpty()) {
            return Paging.refusal();
        }
        var search = new Sheet.Search("Client has", TARGET, paging.get().part());
        var sheet = new Sheet(request, Navigation.INCREASES, "Increase requests", Optional.of(search));
        Words.notInUse(sheet, administration.isInUse());
        sheet.error(draft.problemOf(Draft.Part.BUTTON));
        new IncreaseList(sheet, administration.view(), paging.get()).lists(new Increases(administration));
        return new PageReply.Shown(draft.status(), sheet.page());
    }

    /** The number that the requests of a page are below. */
    private static OptionalLong before(String after) {
        return after.isEmpty() ? OptionalLong.of(Long.MAX_VALUE) : IncreaseRequest.number(after);
    }

    /** The first page of those that wait has the newest that are decided too. */
    private void lists(Increases increases) throws SQLException {
        boolean decidedOnly = paging.other().equals(DECIDED);
        if (!decidedOnly) {
            pending(found(increases, WAITING, paging));
        }
        if (decidedOnly || paging.after().isEmpty()) {
            var decided = new Paging(paging.part(), DECIDED, decidedOnly ? paging.after() : "");
            decided(found(increases, OVER, decided), decided, decidedOnly);
        }
    }

    /** One more than a page has, which shows whether there is another page. */
    private static List<IncreaseRequest> found(Increases increases, Set<Status> statuses, Paging page)
            throws SQLException {
        long before = before(page.after()).orElseThrow();
        return increases.list(IncreaseQuery.containing(page.part(), statuses, before, Paging.ROWS + 1));
    }

    private static List<IncreaseRequest> shown(List<IncreaseRequest> found) {
        return found.subList(0, Math.min(Paging.ROWS, found.size()));
    }

    private void links(List<IncreaseRequest> found, Paging page) {
        Optional<String> next = found.size() > Paging.ROWS
                ? Optional.of(found.get(Paging.ROWS - 1).id())
                : Optional.empty();
        page.links(sheet, TARGET, STATE, next);
    }

    private void showAll() {
        if (!paging.part().isEmpty() || !paging.other().isEmpty()) {
            sheet.link(TARGET.reference(), "Show all");
        }
    }

    private void pending(List<IncreaseRequest> found) {
        sheet.begin("list", "full", "Waiting for a decision", this::showAll);
        if (found.isEmpty()) {
            sheet.html()
                    .markup("<p class=\"none\">")
                    .text(paging.part().isEmpty() ? "No request waits." : "No request of such a client waits.")
                    .markup("</p>\n");
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
            shown(found).forEach(this::pending);
            sheet.endTable();
        }
        links(found, paging);
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

    private void decided(List<IncreaseRequest> found, Paging page, boolean only) {
        if (found.isEmpty() && !only) {
            return;
        }
        sheet.begin(DECIDED, "full", "Decided", () -> {
            if (only) {
                showAll();
            }
            sheet.link("audit?find=increase_request", "In the audit");
        });
        if (found.isEmpty()) {
            sheet.html().markup("<p class=\"none\">No such request is decided.</p>\n");
        } else {
            sheet.beginTable(
                    DECIDED,
                    "Decided requests",
                    "Client",
                    "Period",
                    "#Asked for",
                    "Decision",
                    "#New limit",
                    "By",
                    "At (UTC)");
            shown(found).forEach(this::decided);
            sheet.endTable();
        }
        links(found, page);
        sheet.end();
    }

    private void decided(IncreaseRequest request) {
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
}
