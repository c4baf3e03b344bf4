package dev.warder.admin.page;

import dev.warder.adminapi.PrincipalView;
import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import jakarta.json.JsonObject;
import java.util.function.Predicate;

/**
 * The page with all objects of a kind: clients, teams, tags or models. Immutable.
 *
 * @param all how many objects of this kind there are
 */
public record ObjectList(
        PageRequest request,
        PolicyName.Kind kind,
        Paging paging,
        int all,
        PrincipalView.Page<PrincipalView.ObjectDocument> found,
        boolean inUse) {
    static PageReply of(PageRequest request, PrincipalView view, PolicyName.Kind kind, boolean inUse)
            throws InvalidValueException {
        var paging = Paging.of(request, "team");
        var found = view.objects(filter(view, kind, paging), PolicyName.parse(paging.after()), Paging.ROWS);
        return PageReply.shown(200, "objects", new ObjectList(request, kind, paging, view.count(kind), found, inUse));
    }

    private static Predicate<PolicyName> filter(PrincipalView view, PolicyName.Kind kind, Paging paging) {
        Predicate<PolicyName> bySearch = name -> paging.part().isEmpty()
                || paging.finds(name.name())
                || paging.finds(JsonTree.text(definition(view, name), "external_id"));
        Predicate<PolicyName> byTeam = name -> paging.other().isEmpty()
                || view.document(name).contains(paging.other())
                        && JsonTree.array(definition(view, name), "teams").contains(JsonTree.string(paging.other()));
        return name -> name.kind() == kind && bySearch.test(name) && byTeam.test(name);
    }

    private static JsonObject definition(PrincipalView view, PolicyName name) {
        return JsonTree.parseObject(view.document(name)).orElse(JsonObject.EMPTY_JSON_OBJECT);
    }

    public String counts() {
        return Shown.count(all, kind.word(), PageTarget.plural(kind))
                + (paging.isAll() ? "" : ", " + Shown.count(found.found(), "found", "found"))
                + (paging.other().isEmpty() ? "" : " in the team " + DefinitionText.cut(paging.other()));
    }

    public boolean ofClients() {
        return kind == PolicyName.Kind.CLIENT;
    }

    public boolean haveModels() {
        return kind == PolicyName.Kind.CLIENT || kind == PolicyName.Kind.TEAM;
    }
}
