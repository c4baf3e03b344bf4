package dev.warder.admin.page;

import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.ObjectDocument;
import dev.warder.principal.PrincipalView;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The page with all objects of a kind: clients, teams, tags or models. One thread at a time. */
record ObjectList(PageRequest request, PrincipalView view, PolicyKind kind, Paging paging) {
    private static final String TEAM = "team";

    static PageReply of(PageRequest request, PrincipalView view, PolicyKind kind, boolean inUse) {
        return Paging.of(request, TEAM)
                .map(paging -> new ObjectList(request, view, kind, paging).page(inUse))
                .orElseGet(Paging::refusal);
    }

    private PageReply page(boolean inUse) {
        String title = PageTarget.title(kind);
        var found = view.objects(this::isFound, PolicyName.parse(paging.after()), Paging.ROWS);
        boolean hasIds = kind == PolicyKind.CLIENT || kind == PolicyKind.TEAM;
        var search = paging.search(request, hasIds ? "Name or external id has" : "Name has");
        var sheet = new Sheet(request, PageTarget.place(kind), title, search);
        sheet.notInUse(inUse);
        var links = paging.isAll() ? new Html() : sheet.link(request.target(), "Show all");
        var table = table();
        found.items().forEach(item -> table.row(row(sheet, item)));
        sheet.list(
                counts(found.found()),
                links.add(sheet.link(new PageTarget.NewObject(kind), "New " + kind.word())),
                table.list("list", title),
                paging.links(sheet, request.target(), found.last()));
        return sheet.reply(200);
    }

    private String counts(int found) {
        String all = Sheet.count(view.count(kind), kind.word(), PageTarget.plural(kind));
        return all
                + (paging.isAll() ? "" : ", " + Sheet.count(found, "found", "found"))
                + (paging.other().isEmpty() ? "" : " in the team " + DefinitionText.cut(paging.other()));
    }

    private boolean isFound(PolicyName name) {
        if (name.kind() != kind) {
            return false;
        }
        boolean bySearch = paging.part().isEmpty()
                || paging.finds(name.name())
                || paging.finds(JsonTree.text(definition(name), "external_id"));
        return bySearch && (paging.other().isEmpty() || isIn(name));
    }

    private boolean isIn(PolicyName name) {
        return view.document(name).contains(paging.other())
                && JsonTree.array(definition(name), "teams").contains(JsonTree.string(paging.other()));
    }

    private JsonObject definition(PolicyName name) {
        return JsonTree.parseObject(view.document(name)).orElse(JsonObject.EMPTY_JSON_OBJECT);
    }

    private Table table() {
        return switch (kind) {
            case CLIENT -> Table.with("Name", "Kind", "Teams", "Models", "Budgets", "Limits", "Problem");
            case TEAM -> Table.with("Name", "Models", "Budgets", "Limits", "Problem");
            default -> Table.with("Name", "Budgets", "Limits", "Problem");
        };
    }

    private List<Cell> row(Sheet sheet, ObjectDocument item) {
        var definition = item.definition();
        var row = new ArrayList<Cell>();
        row.add(Cell.html(sheet.link(new PageTarget.OneObject(new PolicyName(kind, item.name())), item.name())));
        if (kind == PolicyKind.CLIENT) {
            row.add(Cell.whole(JsonTree.findText(definition, "kind")
                    .map(DefinitionText::cut)
                    .orElse("-")));
            row.add(Cell.text(DefinitionText.teams(definition)));
        }
        if (kind == PolicyKind.CLIENT || kind == PolicyKind.TEAM) {
            row.add(Cell.text(DefinitionText.list(definition, "models", "all")));
        }
        row.add(Cell.text(DefinitionText.budgets(definition)));
        row.add(Cell.text(DefinitionText.limits(definition)));
        row.add(Cell.text(item.problem()));
        return row;
    }
}
