package dev.warder.admin.page;

import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.Condition;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.RefusedChangeException.Cause;
import dev.warder.principal.TokenDocument;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * The forms on the page of an access token. Waits for the database. One thread at a time.
 *
 * @param now the present time
 */
record TokenForms(Administration administration, PageRequest request, Instant now) {
    private static final String REVOKE = "revoke";
    private static final Set<Cause> OUTDATED = EnumSet.of(Cause.CHANGED, Cause.UNCONDITIONAL);

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
            return shown(id, Draft.of(Draft.Part.DEFINITION, typed, refused, OUTDATED, "token/" + id));
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
            return shown(id, Draft.of(Draft.Part.BUTTON, typed, refused, Set.of(), ""));
        }
    }

    private PageReply shown(String id, Draft draft) throws SQLException {
        var view = administration.view();
        return view.token(id)
                .map(token ->
                        TokenPage.of(request, id, token, draft).reply(token.revision(), now, administration.isInUse()))
                .orElseGet(() ->
                        new PageReply.Refused(ErrorReply.notFound("There is no token of this id in the database.")));
    }

    private static PageReply done(String id, String note) {
        return new PageReply.Done(new PageTarget.OneToken(id).reference(), note);
    }

    /** The page of one access token. One thread at a time. */
    record TokenPage(Sheet sheet, String id, TokenDocument token, Draft draft) {
        private static final String HINT =
                "Members: expires (such as 2027-01-31T00:00:00Z), rights (passthrough, managed,"
                        + " workspace, web, admin:read, admin:write), models, paths, networks, tags";

        static TokenPage of(PageRequest request, String id, TokenDocument token, Draft draft) {
            var sheet = new Sheet(request, Navigation.TOKENS, "Token " + token.name(), new Html());
            return new TokenPage(sheet, id, token, draft);
        }

        PageReply reply(long revision, Instant now, boolean inUse) {
            sheet.notInUse(inUse);
            sheet.add(draft.error(Draft.Part.BUTTON));
            String state = TokenList.state(token, now);
            boolean isRevoked = state.equals("revoked");
            var terms = isRevoked
                    ? Sheet.json(Html.of("aria-label=\"Terms\""), PrettyJson.of(token.terms()))
                    : form(revision);
            var audit = sheet.link("audit?find=" + Paging.encoded("token/" + id), "Changes in the audit");
            sheet.part(
                    "terms-part", "wider", "Terms", about(state), terms, Html.of("<p class=\"more\">{}</p>\n", audit));
            if (!isRevoked) {
                var sure = JsonField.sure("sure-revoke", "Yes, revoke this token for good");
                var form = sheet.form(target(), sure, Sheet.button("danger", REVOKE, "Revoke"));
                sheet.part("revoke", "third", "Revoke", form);
            }
            return sheet.reply(draft.status());
        }

        private PageTarget target() {
            return new PageTarget.OneToken(id);
        }

        private Html about(String state) {
            var client = sheet.link(new PageTarget.OneObject(PolicyName.client(token.client())), token.client());
            return Sheet.facts(
                    Sheet.fact("Id", id),
                    Sheet.fact("Client", client),
                    Sheet.fact("State", state),
                    ObjectPage.times(token.createdAt(), token.changedAt()));
        }

        private Html form(long revision) {
            String text = draft.json(Draft.Part.DEFINITION, ObjectForms.TERMS, PrettyJson.of(token.terms()));
            var form = sheet.form(
                    target(),
                    Html.hidden(ObjectForms.REVISION, Long.toString(revision)),
                    JsonField.lines(ObjectForms.TERMS, "Terms in JSON", text, HINT),
                    Sheet.button("first", ObjectForms.SAVE, "Save"));
            var present = draft.is(Draft.Part.DEFINITION) ? ObjectPage.present("terms", token.terms()) : new Html();
            return Html.all(draft.error(Draft.Part.DEFINITION), form, present);
        }
    }
}
