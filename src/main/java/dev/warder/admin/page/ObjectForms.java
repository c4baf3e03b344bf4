package dev.warder.admin.page;

import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.Condition;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.RefusedChangeException.Cause;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The forms on pages of objects. Waits for the database. One thread at a time.
 *
 * @param now the present time
 */
record ObjectForms(Administration administration, PageRequest request, Instant now) {
    static final String ACTION = "action";
    static final String SAVE = "save";
    static final String REMOVE = "remove";
    static final String CREATE = "create";
    static final String REVISION = "revision";
    static final String DEFINITION = "definition";
    static final String TOKEN_NAME = "name";
    static final String EXPIRES = "expires";
    static final String TERMS = "terms";

    static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Set<Cause> OUTDATED = EnumSet.of(Cause.CHANGED, Cause.UNCONDITIONAL, Cause.NOT_FOUND);

    PageReply reply(PolicyName name) throws SQLException {
        if (request.form().isEmpty()) {
            return shown(name, Draft.NONE);
        }
        return switch (request.field(ACTION)) {
            case SAVE -> save(name, request.form().get());
            case REMOVE -> remove(name, request.form().get());
            case CREATE -> createToken(name, request.form().get());
            default -> shown(name, Draft.NONE);
        };
    }

    PageReply create(PolicyKind kind) throws SQLException {
        if (request.form().isEmpty()) {
            return newObject(request, kind, Draft.NONE);
        }
        var typed = request.form().get();
        var definition = object(typed, DEFINITION);
        if (definition.isEmpty()) {
            return newObject(request, kind, Draft.malformed(Draft.Part.DEFINITION, typed));
        }
        String name = JsonTree.text(definition.get(), "name");
        if (name.isEmpty()) {
            return newObject(request, kind, new Draft(Draft.Part.DEFINITION, typed, "name: must be a string.", 400));
        }
        try {
            var created = new PolicyName(kind, name);
            administration.create(created, definition.get(), change(request));
            return done(created, PageTarget.title(created) + " was created.");
        } catch (RefusedChangeException refused) {
            return newObject(request, kind, Draft.of(Draft.Part.DEFINITION, typed, refused, Set.of(), name));
        }
    }

    private PageReply save(PolicyName name, Form typed) throws SQLException {
        var definition = object(typed, DEFINITION);
        if (definition.isEmpty()) {
            return shown(name, Draft.malformed(Draft.Part.DEFINITION, typed));
        }
        try {
            administration.put(name, definition.get(), condition(typed), change(request));
            return done(name, PageTarget.title(name) + " was saved.");
        } catch (RefusedChangeException refused) {
            return shown(name, Draft.of(Draft.Part.DEFINITION, typed, refused, OUTDATED, name.text()));
        }
    }

    private PageReply remove(PolicyName name, Form typed) throws SQLException {
        if (!isSure(typed)) {
            return shown(name, unsure(typed));
        }
        try {
            administration.remove(name, condition(typed), change(request));
            return new PageReply.Done(PageTarget.plural(name.kind()), PageTarget.title(name) + " was removed.");
        } catch (RefusedChangeException refused) {
            return shown(name, Draft.of(Draft.Part.BUTTON, typed, refused, OUTDATED, name.text()));
        }
    }

    private PageReply createToken(PolicyName client, Form typed) throws SQLException {
        var terms = object(typed, TERMS);
        if (terms.isEmpty()) {
            return shown(client, Draft.malformed(Draft.Part.TOKEN, typed));
        }
        String day = typed.value(EXPIRES).strip();
        if (!day.isEmpty() && (!DAY.matcher(day).matches() || terms.get().containsKey(EXPIRES))) {
            String problem =
                    "expires: must be a day such as 2027-01-31, and either in its field or in the other terms.";
            return shown(client, new Draft(Draft.Part.TOKEN, typed, problem, 400));
        }
        var all = day.isEmpty()
                ? terms.get()
                : JsonTree.newObject(terms.get())
                        .add(EXPIRES, day + "T00:00:00Z")
                        .build();
        try {
            var created =
                    administration.createToken(typed.value(TOKEN_NAME).strip(), client.name(), all, change(request));
            return secret(request, client, created);
        } catch (RefusedChangeException refused) {
            return shown(client, Draft.of(Draft.Part.TOKEN, typed, refused, Set.of(), ""));
        }
    }

    private PageReply shown(PolicyName name, Draft draft) throws SQLException {
        var view = administration.view();
        boolean isShown = view.find(name).isPresent() || name.kind().single() || draft.is(Draft.Part.DEFINITION);
        return isShown
                ? ObjectPage.of(request, view, name, draft).reply(now, administration.isInUse())
                : new PageReply.Refused(
                        ErrorReply.notFound("There is no " + name.kind().word() + " of this name."));
    }

    private static PageReply done(PolicyName name, String note) {
        return new PageReply.Done(new PageTarget.OneObject(name).reference(), note);
    }

    static Optional<JsonObject> object(Form typed, String field) {
        String text = typed.value(field);
        return text.length() > JsonField.LONGEST ? Optional.empty() : JsonTree.parseWholeDistinctObject(text);
    }

    static boolean isSure(Form typed) {
        return !typed.value(JsonField.SURE).isEmpty();
    }

    static Draft unsure(Form typed) {
        return new Draft(Draft.Part.BUTTON, typed, "Nothing was changed: check the box to confirm.", 400);
    }

    static Condition condition(Form typed) {
        String revision = typed.value(REVISION);
        return NUMBER.matcher(revision).matches()
                ? new Condition(false, OptionalLong.of(Long.parseLong(revision)))
                : Condition.NONE;
    }

    static Administration.Request change(PageRequest request) {
        return new Administration.Request(request.actor(), Optional.empty(), Optional.empty());
    }

    /** The page with the form for a new object. */
    static PageReply newObject(PageRequest request, PolicyKind kind, Draft draft) {
        var sheet = new Sheet(request, PageTarget.place(kind), "New " + kind.word(), new Html());
        String text = draft.json(Draft.Part.DEFINITION, DEFINITION, ObjectPage.template(kind));
        var form = sheet.form(request.target(), ObjectPage.field(kind, text), Sheet.button("first", CREATE, "Create"));
        sheet.part("definition-part", "wider", "Definition", draft.error(Draft.Part.DEFINITION), form);
        return sheet.reply(draft.status());
    }

    /** The page that shows a new access token, once. */
    private static PageReply secret(PageRequest request, PolicyName client, Administration.Created created) {
        var sheet = new Sheet(request, Navigation.TOKENS, "New access token", new Html());
        var token = JsonTree.parseObject(created.result().document()).orElse(JsonObject.EMPTY_JSON_OBJECT);
        var page = new PageTarget.OneObject(client);
        var content = Html.of(
                """
                <p role="status">This is the access token <b>{}</b> of {}. It is shown only this once: Warder keeps no\
                 copy, only a hash.</p>
                <p class="secret"><code>{}</code></p>
                <p class="more">{} {}</p>
                """,
                JsonTree.text(token, "name"),
                sheet.link(page, client.name()),
                created.secret().map(secret -> secret.reveal()).orElse(""),
                sheet.link(new PageTarget.OneToken(JsonTree.text(token, "id")), "Its terms"),
                sheet.link(page, "Back to the client"));
        sheet.part("secret-part", "full", "Copy it now", content);
        return sheet.reply(200);
    }
}
