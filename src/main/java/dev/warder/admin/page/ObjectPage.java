package dev.warder.admin.page;

import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredToken;
import dev.warder.principal.ObjectDocument;
import dev.warder.principal.PrincipalView;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** The page of one object: its definition, its removal, and the tokens of a client. One thread at a time. */
record ObjectPage(Sheet sheet, PrincipalView view, PolicyName name, Draft draft) {
    private static final String TOKEN_HINT = "In addition to the limits of the client, for example"
            + " {\"models\": [\"claude-haiku*\"], \"networks\": [\"192.0.2.0/24\"]}. Members: rights (passthrough, managed,"
            + " workspace, web, admin:read, admin:write), models, paths, networks, tags, expires.";

    static ObjectPage of(PageRequest request, PrincipalView view, PolicyName name, Draft draft) {
        var sheet = new Sheet(request, PageTarget.place(name.kind()), PageTarget.title(name), new Html());
        return new ObjectPage(sheet, view, name, draft);
    }

    PageReply reply(Instant now, boolean inUse) {
        var found = view.find(name);
        boolean isClient = name.kind() == PolicyKind.CLIENT;
        var present = found.filter(any -> draft.is(Draft.Part.DEFINITION))
                .map(object -> present("definition", object.definition()));
        sheet.notInUse(inUse);
        sheet.add(draft.error(Draft.Part.BUTTON));
        sheet.part(
                "definition-part",
                isClient ? "half" : "wider",
                "Definition",
                found.map(ObjectPage::about),
                form(found),
                present,
                links());
        if (found.isPresent()) {
            if (isClient) {
                sheet.part("tokens-part", "half", "Access tokens", tokens(now));
            }
            sheet.part("remove", isClient ? "full" : "third", "Remove", removal());
        }
        return sheet.reply(draft.status());
    }

    private static Html about(ObjectDocument object) {
        var problem =
                object.problem().map(text -> Html.of("<p class=\"note bad\">Nodes do not use it: {}</p>\n", text));
        return Html.all(problem, Sheet.facts(times(object.createdAt(), object.changedAt())));
    }

    /** Two facts. */
    static Html times(String created, String changed) {
        return Html.all(
                Sheet.fact("Created", Sheet.time(created) + " UTC"),
                Sheet.fact("Changed", Sheet.time(changed) + " UTC"));
    }

    private Html form(Optional<ObjectDocument> found) {
        String stored = found.map(object -> PrettyJson.of(object.definition())).orElseGet(() -> template(name.kind()));
        var field = field(name.kind(), draft.json(Draft.Part.DEFINITION, ObjectForms.DEFINITION, stored));
        var form = sheet.form(target(), revision(), field, Sheet.button("first", ObjectForms.SAVE, "Save"));
        boolean isNew = found.isEmpty() && !draft.is(Draft.Part.DEFINITION);
        var hint = Html.when(isNew, "<p class=\"none\">There is no such definition yet.</p>\n");
        return Html.all(draft.error(Draft.Part.DEFINITION), hint, form);
    }

    private PageTarget target() {
        return new PageTarget.OneObject(name);
    }

    private Optional<Html> revision() {
        return view.find(name).map(object -> Html.hidden(ObjectForms.REVISION, Long.toString(object.revision())));
    }

    /** The stored JSON, below a form with a draft of it. */
    static Html present(String what, JsonObject stored) {
        var json = Sheet.json(Html.of("aria-labelledby=\"present\""), PrettyJson.of(stored));
        return Html.of("<h3 id=\"present\">Present {}</h3>\n{}", what, json);
    }

    private Html links() {
        var links = sheet.link("audit?find=" + Paging.encoded(name.text()), "Changes in the audit");
        if (name.kind() == PolicyKind.TEAM) {
            String clients = "clients?team=" + Paging.encoded(name.name());
            links.markup(" {}", sheet.link(clients, "Clients of this team"));
        }
        return Html.of("<p class=\"more\">{}</p>\n", links);
    }

    private Html removal() {
        String what =
                "Yes, remove " + name + (name.kind() == PolicyKind.CLIENT ? ", and revoke all its tokens at once" : "");
        var button = Sheet.button("danger", ObjectForms.REMOVE, "Remove");
        return sheet.form(target(), revision(), JsonField.sure("sure-remove", what), button);
    }

    private Html tokens(Instant now) {
        Predicate<StoredToken> isShown =
                token -> token.client().equals(name.name()) && token.revokedAt().isEmpty();
        var found = view.tokens(isShown, TokenList::order, "", Paging.ROWS);
        var none = Html.when(
                found.items().isEmpty(),
                "<p class=\"none\">None, apart from those that <code>clients.file</code> may have.</p>\n");
        var link = sheet.link("tokens?find=" + Paging.encoded(name.name()), "Find them");
        var more =
                Html.when(found.last().isPresent(), "<p class=\"none\">Further tokens are not shown. {}</p>\n", link);
        var table = TokenList.table(sheet, found.items(), false, now);
        var title = Html.of("<h3>New access token</h3>\n");
        return Html.all(none, table, more, title, draft.error(Draft.Part.TOKEN), tokenForm());
    }

    private Html tokenForm() {
        var typed = draft.typed();
        String title = draft.is(Draft.Part.TOKEN) ? typed.value(ObjectForms.TOKEN_NAME) : name.name();
        String until = typed.value(ObjectForms.EXPIRES);
        String terms = draft.json(Draft.Part.TOKEN, ObjectForms.TERMS, "{}");
        String hint = "From 00:00 UTC; without a day it does not expire.";
        return sheet.form(
                target(),
                JsonField.line(
                        ObjectForms.TOKEN_NAME, "text", "Name", title, "Unique among all tokens; it is in the log."),
                JsonField.line(ObjectForms.EXPIRES, "date", "Not accepted from this day on", until, hint),
                JsonField.lines(ObjectForms.TERMS, "Other terms in JSON", terms, TOKEN_HINT),
                Sheet.button("first", ObjectForms.CREATE, "Create token"));
    }

    static Html field(PolicyKind kind, String text) {
        return JsonField.lines(ObjectForms.DEFINITION, "Definition in JSON", text, "Members: " + members(kind));
    }

    static String template(PolicyKind kind) {
        return PrettyJson.of(
                switch (kind) {
                    case CLIENT ->
                        "{\"name\":\"\",\"kind\":\"person\",\"teams\":[],\"budgets\":[{\"amount\":\"50\",\"period\":\"day\"}]}";
                    case TAG, TEAM -> "{\"name\":\"\",\"budgets\":[{\"amount\":\"1000\",\"period\":\"month\"}]}";
                    case MODEL -> "{\"name\":\"\",\"limits\":{\"requests_per_minute\":60}}";
                    case ORGANIZATION, SESSIONS -> "{\"budgets\":[{\"amount\":\"1000\",\"period\":\"month\"}]}";
                });
    }

    private static String members(PolicyKind kind) {
        return switch (kind) {
            case CLIENT ->
                "name, kind (person or service), external_id, token_names, teams, payer, models, paths, tags, budgets, limits";
            case TEAM -> "name, external_id, models, budgets, limits";
            case TAG -> "name, budgets";
            case MODEL -> "name, budgets, limits";
            case ORGANIZATION -> "budgets, limits";
            case SESSIONS -> "budgets";
        };
    }
}
