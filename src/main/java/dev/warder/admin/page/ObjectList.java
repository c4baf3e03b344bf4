package dev.warder.admin.page;

import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.ObjectDocument;
import dev.warder.principal.PrincipalView;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The page with all objects of a kind: clients, teams, tags or models. One thread at a time. */
final class ObjectList {
    private static final String TEAM = "team";

    private final PageRequest request;
    private final PrincipalView view;
    private final PolicyKind kind;
    private final Paging paging;

    private ObjectList(PageRequest request, PrincipalView view, PolicyKind kind, Paging paging) {
        this.request = request;
        this.view = view;
        this.kind = kind;
        this.paging = paging;
    }

    static PageReply of(PageRequest request, PrincipalView view, PolicyKind kind, boolean inUse) {
        return Paging.of(request.query(), TEAM)
                .<PageReply>map(
                        paging -> new PageReply.Shown(200, new ObjectList(request, view, kind, paging).page(inUse)))
                .orElseGet(Paging::refusal);
    }

    private String page(boolean inUse) {
        String several = PageTarget.plural(kind);
        String title = several.substring(0, 1).toUpperCase(Locale.ROOT) + several.substring(1);
        var found = view.objects(this::isFound, PolicyName.parse(paging.after()), Paging.ROWS);
        boolean hasIds = kind == PolicyKind.CLIENT || kind == PolicyKind.TEAM;
        var search = new Sheet.Search(hasIds ? "Name or external id has" : "Name has", request.target(), paging.part());
        var sheet = new Sheet(request, place(kind), title, Optional.of(search));
        PageTexts.notInUse(sheet, inUse);
        sheet.begin("list", "full", counts(several, found.found()), () -> links(sheet));
        if (!found.items().isEmpty()) {
            table(sheet, title, found.items());
        }
        paging.links(sheet, request.target(), TEAM, found.last());
        sheet.end();
        return sheet.page();
    }

    static Navigation place(PolicyKind kind) {
        return switch (kind) {
            case CLIENT -> Navigation.CLIENTS;
            case TEAM -> Navigation.TEAMS;
            default -> Navigation.LIMITS;
        };
    }

    private String counts(String several, int found) {
        String all = Sheet.count(view.count(kind), kind.word(), several);
        boolean isAll = paging.part().isEmpty() && paging.other().isEmpty();
        return all
                + (isAll ? "" : ", " + Sheet.count(found, "found", "found"))
                + (paging.other().isEmpty() ? "" : " in the team " + DefinitionText.cut(paging.other()));
    }

    private void links(Sheet sheet) {
        if (!paging.part().isEmpty() || !paging.other().isEmpty()) {
            sheet.link(request.target().reference(), "Show all");
        }
        sheet.link(new PageTarget.NewObject(kind).reference(), "New " + kind.word());
    }

    private boolean isFound(PolicyName name) {
        if (name.kind() != kind) {
            return false;
        }
        boolean bySearch = paging.part().isEmpty()
                || paging.finds(List.of(name.name()))
                || paging.finds(List.of(JsonTree.text(definition(name), "external_id")));
        return bySearch && (paging.other().isEmpty() || isIn(name));
    }

    private boolean isIn(PolicyName name) {
        return view.document(name).contains(paging.other())
                && JsonTree.array(definition(name), "teams").contains(JsonTree.string(paging.other()));
    }

    private JsonObject definition(PolicyName name) {
        return JsonTree.parseObject(view.document(name)).orElse(JsonObject.EMPTY_JSON_OBJECT);
    }

    private void table(Sheet sheet, String title, List<ObjectDocument> items) {
        switch (kind) {
            case CLIENT ->
                sheet.beginTable("list", title, "Name", "Kind", "Teams", "Models", "Budgets", "Limits", "Problem");
            case TEAM -> sheet.beginTable("list", title, "Name", "Models", "Budgets", "Limits", "Problem");
            default -> sheet.beginTable("list", title, "Name", "Budgets", "Limits", "Problem");
        }
        items.forEach(item -> row(sheet, item));
        sheet.endTable();
    }

    private void row(Sheet sheet, ObjectDocument item) {
        var definition = item.definition();
        sheet.row(new PageTarget.OneObject(new PolicyName(kind, item.name())).reference(), item.name());
        if (kind == PolicyKind.CLIENT) {
            sheet.whole(JsonTree.findText(definition, "kind")
                    .map(DefinitionText::cut)
                    .orElse("-"));
            sheet.cell(DefinitionText.teams(definition));
        }
        if (kind == PolicyKind.CLIENT || kind == PolicyKind.TEAM) {
            sheet.cell(DefinitionText.list(definition, "models", "all"));
        }
        sheet.cell(DefinitionText.budgets(definition));
        sheet.cell(DefinitionText.limits(definition));
        sheet.cell(item.problem().orElse("-"));
        sheet.endRow();
    }
}
