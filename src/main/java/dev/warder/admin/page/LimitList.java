package dev.warder.admin.page;

import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.ObjectDocument;
import dev.warder.principal.PrincipalView;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The page with the rate limits of all owners. One thread at a time. */
final class LimitList {
    private static final String LIMITS = "limits";

    private final PageRequest request;
    private final PrincipalView view;
    private final Paging paging;

    private LimitList(PageRequest request, PrincipalView view, Paging paging) {
        this.request = request;
        this.view = view;
        this.paging = paging;
    }

    static PageReply of(PageRequest request, PrincipalView view, boolean inUse) {
        return Paging.of(request.query(), "")
                .<PageReply>map(paging -> new PageReply.Shown(200, new LimitList(request, view, paging).page(inUse)))
                .orElseGet(Paging::refusal);
    }

    private String page(boolean inUse) {
        var found = view.objects(this::isFound, PolicyName.parse(paging.after()), Paging.ROWS);
        var search = new Sheet.Search("Owner has", request.target(), paging.part());
        var sheet = new Sheet(request, Navigation.LIMITS, "Limits", Optional.of(search));
        PageTexts.notInUse(sheet, inUse);
        String counts = Sheet.count(found.found(), "owner with limits", "owners with limits")
                + (paging.part().isEmpty() ? "" : " found");
        sheet.begin("list", "full", counts, () -> links(sheet));
        if (!found.items().isEmpty()) {
            table(sheet, found.items());
        }
        paging.links(sheet, request.target(), "", found.last());
        sheet.end();
        return sheet.page();
    }

    private void links(Sheet sheet) {
        if (!paging.part().isEmpty()) {
            sheet.link(LIMITS, "Show all");
        }
        sheet.link("budgets", "Budgets");
        for (var kind : List.of(PolicyKind.ORGANIZATION, PolicyKind.MODEL, PolicyKind.TAG, PolicyKind.SESSIONS)) {
            String reference = PageTarget.plural(kind);
            sheet.link(reference, reference.substring(0, 1).toUpperCase(Locale.ROOT) + reference.substring(1));
        }
    }

    private boolean isFound(PolicyName name) {
        String document = view.document(name);
        return document.contains(LIMITS)
                && (paging.part().isEmpty() || paging.finds(List.of(name.text())))
                && JsonTree.parseObject(document)
                        .filter(definition -> definition.containsKey(LIMITS))
                        .isPresent();
    }

    private static void table(Sheet sheet, List<ObjectDocument> items) {
        sheet.beginTable(
                "list",
                "Rate limits",
                "Owner",
                "Kind",
                "#Requests a minute",
                "#Input tokens a minute",
                "#Output tokens a minute",
                "#At the same time");
        for (var item : items) {
            var kind = PolicyKind.of(item.type()).orElseThrow();
            var name = new PolicyName(kind, item.name());
            sheet.row(new PageTarget.OneObject(name).reference(), kind.single() ? "All clients together" : name.name());
            sheet.whole(kind.word());
            var limits = JsonTree.object(item.definition(), LIMITS);
            DefinitionText.kindsOfLimits().forEach(member -> sheet.number(DefinitionText.limit(limits, member)));
            sheet.endRow();
        }
        sheet.endTable();
    }
}
