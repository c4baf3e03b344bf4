package dev.warder.admin.page;

import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.ObjectDocument;
import dev.warder.principal.PrincipalView;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** The page of one object: its definition, its removal, and the tokens of a client. One thread at a time. */
final class ObjectPage {
    private final PrincipalView view;
    private final PolicyName name;
    private final PageTarget target;
    private final Optional<ObjectDocument> found;
    private final Draft draft;
    private final Sheet sheet;

    ObjectPage(PageRequest request, PrincipalView view, PolicyName name, Draft draft) {
        this.view = view;
        this.name = name;
        this.draft = draft;
        target = new PageTarget.OneObject(name);
        found = view.find(name);
        sheet = new Sheet(request, ObjectList.place(name.kind()), PageTexts.title(name), Optional.empty());
    }

    PageReply reply(Instant now, boolean inUse) {
        PageTexts.notInUse(sheet, inUse);
        sheet.error(draft.problemOf(Draft.Part.BUTTON));
        sheet.begin("definition-part", name.kind() == PolicyKind.CLIENT ? "half" : "wider", "Definition");
        found.ifPresent(this::about);
        form();
        if (draft.is(Draft.Part.DEFINITION) && found.isPresent()) {
            present(found.get());
        }
        links();
        sheet.end();
        if (name.kind() == PolicyKind.CLIENT && found.isPresent()) {
            new TokensPart(sheet, view, name, draft).add(now);
        }
        if (found.isPresent()) {
            remove();
        }
        return new PageReply.Shown(draft.status(), sheet.page());
    }

    private void about(ObjectDocument object) {
        var html = sheet.html();
        object.problem().ifPresent(problem -> html.markup("<p class=\"note bad\">Nodes do not use it: ")
                .text(problem)
                .markup("</p>\n"));
        html.markup("<dl class=\"about\">");
        fact("Created", Sheet.time(object.createdAt()) + " UTC");
        fact("Changed", Sheet.time(object.changedAt()) + " UTC");
        html.markup("</dl>\n");
    }

    private void fact(String title, String text) {
        sheet.html().markup("<div>").element("dt", title).element("dd", text).markup("</div>");
    }

    private JsonObject definition() {
        return found.map(ObjectDocument::definition).orElse(JsonObject.EMPTY_JSON_OBJECT);
    }

    private void form() {
        sheet.error(draft.problemOf(Draft.Part.DEFINITION));
        if (found.isEmpty() && !draft.is(Draft.Part.DEFINITION)) {
            sheet.html().markup("<p class=\"none\">There is no such definition yet.</p>\n");
        }
        sheet.beginForm(target);
        view.revision(name).ifPresent(number -> sheet.hidden(ObjectForms.REVISION, Long.toString(number)));
        String text = draft.is(Draft.Part.DEFINITION)
                ? PrettyJson.visible(draft.text(ObjectForms.DEFINITION))
                : found.isPresent() ? PrettyJson.of(definition()) : PageTexts.template(name.kind());
        JsonField.add(
                sheet,
                ObjectForms.DEFINITION,
                "Definition in JSON",
                text,
                "Members: " + PageTexts.members(name.kind()));
        sheet.html()
                .markup("<p><button class=\"first\" name=\"action\" value=\"" + ObjectForms.SAVE
                        + "\">Save</button></p></form>\n");
    }

    private void present(ObjectDocument object) {
        sheet.html()
                .markup("<h3 id=\"present\">Present definition</h3>\n")
                .markup("<pre class=\"json\" tabindex=\"0\" role=\"region\" aria-labelledby=\"present\">")
                .text(PrettyJson.of(object.definition()))
                .markup("</pre>\n");
    }

    private void links() {
        Html html = sheet.html().markup("<p class=\"more\">");
        sheet.link("audit?find=" + Paging.encoded(name.text()), "Changes in the audit");
        if (name.kind() == PolicyKind.TEAM) {
            html.markup(" ");
            sheet.link("clients?team=" + Paging.encoded(name.name()), "Clients of this team");
        }
        html.markup("</p>\n");
    }

    private void remove() {
        sheet.begin("remove", name.kind() == PolicyKind.CLIENT ? "full" : "third", "Remove");
        sheet.beginForm(target);
        view.revision(name).ifPresent(number -> sheet.hidden(ObjectForms.REVISION, Long.toString(number)));
        String what =
                "Yes, remove " + name + (name.kind() == PolicyKind.CLIENT ? ", and revoke all its tokens at once" : "");
        JsonField.sure(sheet, "sure-remove", what);
        sheet.html()
                .markup("<p><button class=\"danger\" name=\"action\" value=\"" + ObjectForms.REMOVE
                        + "\">Remove</button></p></form>\n");
        sheet.end();
    }

    /** The part of a client's page with its tokens, and the form for a new one. One thread at a time. */
    static final class TokensPart {
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
                        .markup(
                                "<p class=\"none\">None, apart from those that <code>clients.file</code> may have.</p>\n");
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
}
