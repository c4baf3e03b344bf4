package dev.warder.admin.page;

import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.json.JsonTree;
import dev.warder.principal.Administration;
import dev.warder.principal.Condition;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.RefusedChangeException.Cause;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.time.Instant;

/**
 * The forms on the page of an access token. Waits for the database. One thread at a time.
 *
 * @param now the present time
 */
record TokenForms(Administration administration, PageRequest request, Instant now) {
    static final String REVOKE = "revoke";

    PageReply reply(String id) throws SQLException {
        if (request.form().isEmpty()) {
            return shown(id, Draft.NONE);
        }
        return switch (request.field(ObjectForms.ACTION)) {
            case ObjectForms.SAVE -> save(id, request.form().get());
            case REVOKE -> revoke(id, request.form().get());
            default -> shown(id, Draft.NONE);
        };
    }

    private PageReply save(String id, Form typed) throws SQLException {
        var terms = ObjectForms.object(typed, ObjectForms.TERMS);
        if (terms.isEmpty()) {
            return shown(id, Draft.malformed(Draft.Part.DEFINITION, typed));
        }
        var present = administration.view().token(id);
        if (present.isEmpty()) {
            return shown(id, Draft.NONE);
        }
        try {
            var patch = patch(present.get().terms(), terms.get());
            administration.mergeToken(id, patch, ObjectForms.condition(typed), ObjectForms.change(request));
            return done(id, "The terms of the token " + present.get().name() + " were saved.");
        } catch (RefusedChangeException refused) {
            boolean isOutdated = refused.reason() == Cause.CHANGED || refused.reason() == Cause.UNCONDITIONAL;
            return shown(
                    id,
                    isOutdated
                            ? Draft.outdated(Draft.Part.DEFINITION, typed, "token/" + id)
                            : Draft.refused(Draft.Part.DEFINITION, typed, refused));
        }
    }

    private static JsonObject patch(JsonObject present, JsonObject typed) {
        var patch = JsonTree.newObject(typed);
        present.keySet().stream()
                .filter(member -> !typed.containsKey(member))
                .forEach(member -> patch.add(member, JsonValue.NULL));
        return patch.build();
    }

    private PageReply revoke(String id, Form typed) throws SQLException {
        if (!ObjectForms.isSure(typed)) {
            return shown(id, ObjectForms.unsure(typed));
        }
        try {
            administration.revokeToken(id, Condition.NONE, ObjectForms.change(request));
            return done(id, "The token was revoked. No node accepts it in five seconds from now.");
        } catch (RefusedChangeException refused) {
            return shown(id, Draft.refused(Draft.Part.BUTTON, typed, refused));
        }
    }

    private PageReply shown(String id, Draft draft) throws SQLException {
        var view = administration.view();
        return view.token(id)
                .map(token -> new TokenPage(request, id, token, draft)
                        .reply(view.tokenRevision(id).orElse(0L), now, administration.isInUse()))
                .orElseGet(() ->
                        new PageReply.Refused(ErrorReply.notFound("There is no token of this id in the database.")));
    }

    private static PageReply done(String id, String note) {
        return new PageReply.Done(new PageTarget.OneToken(id).reference(), note);
    }
}
