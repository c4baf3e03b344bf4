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
import java.util.Optional;

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

    /** The page of one access token. One thread at a time. */
    static final class TokenPage {
        private static final String HINT =
                "Members: expires (such as 2027-01-31T00:00:00Z), rights (passthrough, managed,"
                        + " workspace, web, admin:read, admin:write), models, paths, networks, tags";

        private final String id;
        private final TokenDocument token;
        private final Draft draft;
        private final Sheet sheet;

        TokenPage(PageRequest request, String id, TokenDocument token, Draft draft) {
            this.id = id;
            this.token = token;
            this.draft = draft;
            sheet = new Sheet(request, Navigation.TOKENS, "Token " + token.name(), Optional.empty());
        }

        PageReply reply(long revision, Instant now, boolean inUse) {
            PageTexts.notInUse(sheet, inUse);
            sheet.error(draft.problemOf(Draft.Part.BUTTON));
            sheet.begin("terms-part", "wider", "Terms");
            String state = TokenList.state(token, now);
            about(state);
            boolean isRevoked = state.equals("revoked");
            if (isRevoked) {
                sheet.html()
                        .markup("<pre class=\"json\" tabindex=\"0\" role=\"region\" aria-label=\"Terms\">")
                        .text(PrettyJson.of(token.terms()))
                        .markup("</pre>\n");
            } else {
                form(revision);
            }
            sheet.html().markup("<p class=\"more\">");
            sheet.link("audit?find=" + Paging.encoded("token/" + id), "Changes in the audit");
            sheet.html().markup("</p>\n");
            sheet.end();
            if (!isRevoked) {
                revoke();
            }
            return new PageReply.Shown(draft.status(), sheet.page());
        }

        private void about(String state) {
            var html = sheet.html().markup("<dl class=\"about\">");
            fact("Id", id);
            html.markup("<div><dt>Client</dt><dd>");
            String client = token.client();
            sheet.link(new PageTarget.OneObject(PolicyName.client(client)).reference(), client);
            html.markup("</dd></div>");
            fact("State", state);
            fact("Created", Sheet.time(token.createdAt()) + " UTC");
            fact("Changed", Sheet.time(token.changedAt()) + " UTC");
            html.markup("</dl>\n");
        }

        private void fact(String title, String text) {
            sheet.html()
                    .markup("<div>")
                    .element("dt", title)
                    .element("dd", text)
                    .markup("</div>");
        }

        private void form(long revision) {
            boolean again = draft.is(Draft.Part.DEFINITION);
            sheet.error(draft.problemOf(Draft.Part.DEFINITION));
            sheet.beginForm(new PageTarget.OneToken(id));
            sheet.hidden(ObjectForms.REVISION, Long.toString(revision));
            String text = again ? PrettyJson.visible(draft.text(ObjectForms.TERMS)) : PrettyJson.of(token.terms());
            JsonField.add(sheet, ObjectForms.TERMS, "Terms in JSON", text, HINT);
            sheet.html()
                    .markup("<p><button class=\"first\" name=\"action\" value=\"" + ObjectForms.SAVE
                            + "\">Save</button></p></form>\n");
            if (again) {
                sheet.html()
                        .markup("<h3 id=\"present\">Present terms</h3>\n")
                        .markup("<pre class=\"json\" tabindex=\"0\" role=\"region\" aria-labelledby=\"present\">")
                        .text(PrettyJson.of(token.terms()))
                        .markup("</pre>\n");
            }
        }

        private void revoke() {
            sheet.begin("revoke", "third", "Revoke");
            sheet.beginForm(new PageTarget.OneToken(id));
            JsonField.sure(sheet, "sure-revoke", "Yes, revoke this token for good");
            sheet.html()
                    .markup("<p><button class=\"danger\" name=\"action\" value=\"" + TokenForms.REVOKE
                            + "\">Revoke</button></p></form>\n");
            sheet.end();
        }
    }
}
