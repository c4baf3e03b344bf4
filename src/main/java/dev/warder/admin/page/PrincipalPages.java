package dev.warder.admin.page;

import dev.warder.http.ErrorReply;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.ObjectDocument;
import dev.warder.principal.PrincipalView;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Serves the pages. Waits for the database. Thread-safe.
 *
 * @param clock decides whether a token is shown as expired
 * @param nanoTime limits how long the audit is verified
 */
public record PrincipalPages(Administration administration, InstantSource clock, LongSupplier nanoTime) {
    public static PageReply withoutDatabase(PageRequest request) {
        var sheet = new Sheet(request, request.target().place(), "No database", new Html());
        sheet.warning("There is no database: bind jdbc/warder, or with java -jar set data.dir or database.url.");
        return sheet.reply(200);
    }

    public PageReply reply(PageRequest request) throws SQLException {
        var target = request.target();
        if (target instanceof PageTarget.OneObject one) {
            return new ObjectForms(administration, request, clock.instant()).reply(one.name());
        }
        if (target instanceof PageTarget.NewObject made) {
            return new ObjectForms(administration, request, clock.instant()).create(made.kind());
        }
        if (target instanceof PageTarget.OneToken one) {
            return new TokenForms(administration, request, clock.instant()).reply(one.id());
        }
        if (target instanceof PageTarget.Audit) {
            var verified = request.form().isPresent()
                    ? Optional.of(
                            AuditVerification.of(administration, request.form().get(), nanoTime))
                    : Optional.<AuditVerification.Outcome>empty();
            return AuditPage.of(request, administration, verified);
        }
        var view = administration.view();
        boolean inUse = administration.isInUse();
        if (target instanceof PageTarget.Objects objects) {
            return ObjectList.of(request, view, objects.kind(), inUse);
        }
        return target instanceof PageTarget.Tokens
                ? TokenList.of(request, view, clock.instant(), inUse)
                : LimitList.of(request, view, inUse);
    }

    /** The reply if the database cannot be used now, or too many requests wait for it. */
    public static PageReply failed(PageRequest request, ErrorReply refusal) {
        return request.field(ObjectForms.ACTION).isEmpty() ? new PageReply.Refused(refusal) : again(request, refusal);
    }

    /** The page for a form that could not be handled now, which can be sent again as it is. */
    private static PageReply again(PageRequest request, ErrorReply refusal) {
        var sheet = new Sheet(request, request.target().place(), "Not done", new Html());
        var fields = new Html();
        for (var field : List.of(ObjectForms.REVISION, ObjectForms.TOKEN_NAME, ObjectForms.EXPIRES, JsonField.SURE)) {
            if (!request.field(field).isEmpty()) {
                fields.add(Html.hidden(field, request.field(field)));
            }
        }
        for (var field : List.of(ObjectForms.DEFINITION, ObjectForms.TERMS)) {
            if (!request.field(field).isEmpty()) {
                String text = PrettyJson.visible(request.field(field));
                fields.add(JsonField.lines(field, "JSON", text, "It can be sent again."));
            }
        }
        fields.add(Sheet.button("first", request.field(ObjectForms.ACTION), "Send again"));
        sheet.add(Sheet.error(refusal.message()));
        sheet.part("again", "wider", "What you sent", sheet.form(request.target(), fields));
        return sheet.reply(refusal.status());
    }

    /** The page with the rate limits of all owners. One thread at a time. */
    record LimitList(PageRequest request, PrincipalView view, Paging paging) {
        private static final String LIMITS = "limits";

        static PageReply of(PageRequest request, PrincipalView view, boolean inUse) {
            return Paging.of(request, "")
                    .map(paging -> new LimitList(request, view, paging).page(inUse))
                    .orElseGet(Paging::refusal);
        }

        private PageReply page(boolean inUse) {
            var found = view.objects(this::isFound, PolicyName.parse(paging.after()), Paging.ROWS);
            var sheet = new Sheet(request, Navigation.LIMITS, "Limits", paging.search(request, "Owner has"));
            sheet.notInUse(inUse);
            String counts = Sheet.count(found.found(), "owner with limits", "owners with limits")
                    + (paging.part().isEmpty() ? "" : " found");
            var pages = paging.links(sheet, request.target(), found.last());
            sheet.list(counts, links(sheet), table(sheet, found.items()), pages);
            return sheet.reply(200);
        }

        private Html links(Sheet sheet) {
            var links = paging.part().isEmpty() ? new Html() : sheet.link(LIMITS, "Show all");
            links.add(sheet.link("budgets", "Budgets"));
            for (var kind : List.of(PolicyKind.ORGANIZATION, PolicyKind.MODEL, PolicyKind.TAG, PolicyKind.SESSIONS)) {
                links.add(sheet.link(PageTarget.plural(kind), PageTarget.title(kind)));
            }
            return links;
        }

        private boolean isFound(PolicyName name) {
            String document = view.document(name);
            return document.contains(LIMITS)
                    && (paging.part().isEmpty() || paging.finds(name.text()))
                    && JsonTree.parseObject(document)
                            .filter(definition -> definition.containsKey(LIMITS))
                            .isPresent();
        }

        private static Html table(Sheet sheet, List<ObjectDocument> items) {
            var table = Table.with(
                    "Owner",
                    "Kind",
                    "Requests a minute",
                    "Input tokens a minute",
                    "Output tokens a minute",
                    "At the same time");
            for (var item : items) {
                var kind = PolicyKind.of(item.type()).orElseThrow();
                var name = new PolicyName(kind, item.name());
                String title = kind.single() ? "All clients together" : name.name();
                var limits = JsonTree.object(item.definition(), LIMITS);
                var row = new ArrayList<Cell>();
                row.add(Cell.html(sheet.link(new PageTarget.OneObject(name), title)));
                row.add(Cell.whole(kind.word()));
                DefinitionText.KINDS_OF_LIMITS.forEach(
                        member -> row.add(Cell.number(DefinitionText.limit(limits, member), "")));
                table.row(row);
            }
            return table.list("list", "Rate limits");
        }
    }
}
