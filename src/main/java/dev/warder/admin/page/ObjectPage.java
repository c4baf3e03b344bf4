package dev.warder.admin.page;

import dev.warder.adminapi.PrincipalView;
import dev.warder.adminapi.PrincipalView.ObjectDocument;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The page of one object: its definition, its removal, and the tokens of a client. Immutable.
 *
 * @param found empty if there is no such object yet
 * @param tokens those of a client
 */
public record ObjectPage(
        PageRequest request,
        PolicyName name,
        Draft draft,
        Optional<ObjectDocument> found,
        PrincipalView.Page<PrincipalView.TokenDocument> tokens,
        Instant now,
        boolean inUse) {
    static PageReply of(
            PageRequest request, PrincipalView view, PolicyName name, Draft draft, Instant now, boolean inUse) {
        Predicate<StoredPolicy.StoredToken> isShown = token -> name.kind() == PolicyName.Kind.CLIENT
                && token.client().equals(name.name())
                && token.revokedAt().isEmpty();
        var tokens = view.tokens(isShown, TokenList::order, "", Paging.ROWS);
        return PageReply.shown(
                draft.status(), "object", new ObjectPage(request, name, draft, view.find(name), tokens, now, inUse));
    }

    public boolean ofClient() {
        return name.kind() == PolicyName.Kind.CLIENT;
    }

    public DefinitionForm.Shown form() {
        var stored = found.map(ObjectDocument::definition).orElseGet(() -> template(name.kind()));
        return DefinitionForm.of(name.kind())
                .shown(request, draft, Draft.Part.DEFINITION, ObjectForms.DEFINITION, stored, found.isEmpty());
    }

    /** The terms of a new token. */
    public DefinitionForm.Shown terms() {
        return DefinitionForm.NEW_TERMS.shown(
                request, draft, Draft.Part.TOKEN, ObjectForms.TERMS, JsonObject.EMPTY_JSON_OBJECT, true);
    }

    static JsonObject template(PolicyName.Kind kind) {
        String json =
                switch (kind) {
                    case CLIENT ->
                        "{\"name\":\"\",\"kind\":\"person\",\"teams\":[],\"budgets\":[{\"amount\":\"50\",\"period\":\"day\"}]}";
                    case TAG, TEAM -> "{\"name\":\"\",\"budgets\":[{\"amount\":\"1000\",\"period\":\"month\"}]}";
                    case MODEL -> "{\"name\":\"\",\"limits\":{\"requests_per_minute\":60}}";
                    case ORGANIZATION, SESSIONS -> "{\"budgets\":[{\"amount\":\"1000\",\"period\":\"month\"}]}";
                };
        return JsonTree.parseObject(json).orElseThrow();
    }
}
