package dev.warder.admin.page;

import dev.warder.policy.PolicyName;
import dev.warder.principal.TokenDocument;
import java.time.Instant;
import java.util.Optional;

/** The page of one access token. One thread at a time. */
final class TokenPage {
    private static final String HINT = "Members: expires (such as 2027-01-31T00:00:00Z), rights (passthrough, managed,"
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
        sheet.html().markup("<div>").element("dt", title).element("dd", text).markup("</div>");
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
