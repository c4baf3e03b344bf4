package dev.warder.admin.page;

import dev.warder.adminapi.PrincipalView;
import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import java.util.List;

/** The page with the rate limits of all owners. Immutable. */
public record LimitList(
        PageRequest request, Paging paging, PrincipalView.Page<PrincipalView.ObjectDocument> found, boolean inUse) {
    /** The kinds whose definitions have no page with a link of its own. */
    public static final List<PolicyName.Kind> KINDS =
            List.of(PolicyName.Kind.ORGANIZATION, PolicyName.Kind.MODEL, PolicyName.Kind.TAG, PolicyName.Kind.SESSIONS);

    private static final String LIMITS = "limits";

    static PageReply of(PageRequest request, PrincipalView view, boolean inUse) throws InvalidValueException {
        var paging = Paging.of(request, "");
        var found = view.objects(name -> isFound(view, paging, name), PolicyName.parse(paging.after()), Paging.ROWS);
        return PageReply.shown(200, LIMITS, new LimitList(request, paging, found, inUse));
    }

    private static boolean isFound(PrincipalView view, Paging paging, PolicyName name) {
        String document = view.document(name);
        return document.contains(LIMITS)
                && (paging.part().isEmpty() || paging.finds(name.text()))
                && JsonTree.parseObject(document)
                        .filter(definition -> definition.containsKey(LIMITS))
                        .isPresent();
    }

    public String counts() {
        return Shown.count(found.found(), "owner with limits", "owners with limits")
                + (paging.part().isEmpty() ? "" : " found");
    }
}
