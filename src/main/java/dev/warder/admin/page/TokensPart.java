package dev.warder.admin.page;

import dev.warder.policy.PolicyName;
import dev.warder.principal.PrincipalView;
import java.time.Instant;

/** The part of a client's page with its tokens, and the form for a new one. One thread at a time. */
final class TokensPart {
    private static final String HINT = "In addition to the limits of the client, for example"
            + " {\"models\": [\"claude-haiku*\"], \"networks\": [\"192.0.2.0/24\"]}. Members: rights (passthrough, managed,"
            + " workspace, web, admin:read, admin:write), models, paths, networks, tags, expires.";

    private final Sheet sheet;
    private final PrincipalView view;
    private final PolicyName client;
    private final Draft draft;

    TokensPart(Sheet sheet, PrincipalView view, PolicyName client, Draft draft) {
        this.sheet = sheet;
        this.view = view;
        this.client = client;
        this.draft = draft;
    }

    void add(Instant now) {
        var found = view.tokens(
                token -> token.client().equals(client.name())
                        && token.revokedAt().isEmpty(),
                TokenList::order,
                "",
                Paging.ROWS);
        sheet.begin("tokens-part", "half", "Access tokens");
        if (found.items().isEmpty()) {
            sheet.html()
                    .markup("<p class=\"none\">None, apart from those that <code>clients.file</code> may have.</p>\n");
        } else {
            TokenList.table(sheet, found.items(), false, now);
        }
        if (found.last().isPresent()) {
            sheet.html().markup("<p class=\"none\">Further tokens are not shown. ");
            sheet.link("tokens?find=" + Paging.encoded(client.name()), "Find them");
            sheet.html().markup("</p>\n");
        }
        sheet.html().markup("<h3>New access token</h3>\n");
        form();
        sheet.end();
    }

    private void form() {
        boolean again = draft.is(Draft.Part.TOKEN);
        sheet.error(draft.problemOf(Draft.Part.TOKEN));
        sheet.beginForm(new PageTarget.OneObject(client));
        JsonField.line(
                sheet,
                ObjectForms.TOKEN_NAME,
                "text",
                "Name",
                again ? draft.text(ObjectForms.TOKEN_NAME) : client.name(),
                "Unique among all tokens; it is in the log.");
        JsonField.line(
                sheet,
                ObjectForms.EXPIRES,
                "date",
                "Not accepted from this day on",
                draft.text(ObjectForms.EXPIRES),
                "From 00:00 UTC; without a day it does not expire.");
        JsonField.add(
                sheet,
                ObjectForms.TERMS,
                "Other terms in JSON",
                again ? PrettyJson.visible(draft.text(ObjectForms.TERMS)) : "{}",
                HINT);
        sheet.html()
                .markup("<p><button class=\"first\" name=\"action\" value=\"" + ObjectForms.CREATE
                        + "\">Create token</button></p></form>\n");
    }
}
