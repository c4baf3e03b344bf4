package dev.warder.admin.page;

import dev.warder.admin.page.Draft.Part;
import dev.warder.adminapi.Administration;
import dev.warder.adminapi.PrincipalView;
import dev.warder.adminapi.PrincipalView.ObjectDocument;
import dev.warder.adminapi.RefusedChangeException;
import dev.warder.adminapi.RefusedChangeException.Cause;
import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The pages of objects and tokens, with their forms. Waits for the database. One thread at a time.
 *
 * @param now the present time
 * @param goesOn whether work of several steps is to go on
 */
public record ObjectForms(Administration administration, PageRequest request, Instant now, BooleanSupplier goesOn) {
    static final String ACTION = "action";
    static final String DEFINITION = "definition";
    static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    static final String TERMS = "terms";
    private static final String EXPIRES = "expires";
    private static final String RIGHTS = "rights";
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    /** Shows a page, with a form of it that was refused. */
    private interface Page {
        PageReply with(Draft draft) throws SQLException;
    }

    /** Makes the change that a form asks for. */
    private interface Change {
        PageReply make(Form typed) throws SQLException, RefusedChangeException;
    }

    boolean isInUse() {
        return administration.isInUse();
    }

    PrincipalView view() throws SQLException {
        return administration.view();
    }

    PageReply objects(PolicyName.Kind kind) throws InvalidValueException, SQLException {
        return request.form().isEmpty()
                ? ObjectList.of(request, view(), kind, isInUse())
                : new PageReply.Refused(ErrorReply.methodNotAllowed(List.of("GET", "HEAD")));
    }

    PageReply object(PolicyName name) throws SQLException {
        Page page = draft -> shown(name, draft);
        return switch (request.field(ACTION)) {
            case "save" ->
                attempt(page, Part.DEFINITION, name.text(), typed -> {
                    administration.put(
                            name, json(typed, DEFINITION, DefinitionForm.of(name.kind())), condition(typed), change());
                    return done(PageTarget.of(name), PageTarget.title(name) + " was saved.");
                });
            case "remove" ->
                attempt(page, Part.BUTTON, name.text(), typed -> {
                    requireSure(typed);
                    administration.remove(name, condition(typed), change());
                    return new PageReply.Done(PageTarget.plural(name.kind()), PageTarget.title(name) + " was removed.");
                });
            case "create" ->
                attempt(page, Part.TOKEN, "", typed -> {
                    String title = typed.value("name").strip();
                    return secret(name, administration.createToken(title, name.name(), terms(typed), change()));
                });
            default -> page.with(Draft.NONE);
        };
    }

    PageReply create(PolicyName.Kind kind) throws SQLException {
        if (request.form().isEmpty()) {
            return newObject(request, kind, Draft.NONE);
        }
        return attempt(draft -> newObject(request, kind, draft), Part.DEFINITION, "", typed -> {
            var definition = json(typed, DEFINITION, DefinitionForm.of(kind));
            String name = JsonTree.text(definition, "name");
            require(!name.isEmpty(), "name: must be a string.");
            var created = new PolicyName(kind, name);
            administration.create(created, definition, change());
            return done(PageTarget.of(created), PageTarget.title(created) + " was created.");
        });
    }

    PageReply token(String id) throws SQLException {
        Page page = draft -> view().token(id)
                .map(token -> new TokenPage(request, id, token, draft, now, isInUse()).reply())
                .orElseGet(() ->
                        new PageReply.Refused(ErrorReply.notFound("There is no token of this id in the database.")));
        return switch (request.field(ACTION)) {
            case "save" ->
                attempt(page, Part.DEFINITION, "token/" + id, typed -> {
                    var terms = json(typed, TERMS, DefinitionForm.TERMS);
                    var present = view().token(id);
                    if (present.isEmpty()) {
                        return page.with(Draft.NONE);
                    }
                    // Without a box in use, a token would get the usual rights instead of fewer.
                    require(
                            !DefinitionForm.hasFields(typed)
                                    || terms.containsKey(RIGHTS)
                                    || !present.get().terms().containsKey(RIGHTS),
                            "rights: choose one. Without any the token has the usual ones; use JSON for that, or for none.");
                    administration.mergeToken(id, patch(present.get().terms(), terms), condition(typed), change());
                    String note = "The terms of the token " + present.get().name() + " were saved.";
                    return done(PageTarget.token(id), note);
                });
            case "revoke" ->
                attempt(page, Part.BUTTON, "", typed -> {
                    requireSure(typed);
                    administration.revokeToken(id, Administration.Condition.NONE, change());
                    String note = "The token was revoked. No node accepts it in five seconds from now.";
                    return done(PageTarget.token(id), note);
                });
            default -> page.with(Draft.NONE);
        };
    }

    /**
     * Makes a change, or shows the form again with the reason why it was refused.
     *
     * @param name what is changed; empty for what does not exist yet
     */
    private PageReply attempt(Page page, Part part, String name, Change change) throws SQLException {
        var typed = request.form().orElse(Form.NONE);
        try {
            return change.make(typed);
        } catch (RefusedChangeException refused) {
            return page.with(Draft.of(part, typed, refused, name));
        }
    }

    private static void require(boolean isRight, String problem) throws RefusedChangeException {
        if (!isRight) {
            throw new RefusedChangeException(Cause.INVALID, problem);
        }
    }

    private static void requireSure(Form typed) throws RefusedChangeException {
        require(!typed.value("sure").isEmpty(), "Nothing was changed: check the box to confirm.");
    }

    /** The definition that was typed, in fields or as JSON. */
    private static JsonObject json(Form typed, String field, DefinitionForm form) throws RefusedChangeException {
        if (DefinitionForm.hasFields(typed)) {
            var definition = form.definition(typed.values());
            require(definition.toString().length() <= Draft.LONGEST, "The definition is too long.");
            return definition;
        }
        String text = typed.value(field);
        var json = JsonTree.parseWholeDistinctObject(text.length() > Draft.LONGEST ? "" : text);
        require(json.isPresent(), "This is not one JSON object, or an object in it has two members of one name.");
        return json.orElseThrow();
    }

    private static JsonObject terms(Form typed) throws RefusedChangeException {
        var terms = json(typed, TERMS, DefinitionForm.NEW_TERMS);
        String day = typed.value(EXPIRES).strip();
        require(
                day.isEmpty() || (DAY.matcher(day).matches() && !terms.containsKey(EXPIRES)),
                "expires: must be a day such as 2027-01-31, and either in its field or in the other terms.");
        return day.isEmpty()
                ? terms
                : JsonTree.newObject(terms).add(EXPIRES, day + "T00:00:00Z").build();
    }

    /** The merge patch that also removes the members that are not there any more. */
    private static JsonObject patch(JsonObject present, JsonObject typed) {
        var patch = JsonTree.newObject(typed);
        present.keySet().stream()
                .filter(member -> !typed.containsKey(member))
                .forEach(member -> patch.add(member, JsonValue.NULL));
        return patch.build();
    }

    private PageReply shown(PolicyName name, Draft draft) throws SQLException {
        var view = view();
        boolean isShown = view.find(name).isPresent() || name.kind().single() || draft.is(Part.DEFINITION);
        return isShown
                ? ObjectPage.of(request, view, name, draft, now, isInUse())
                : new PageReply.Refused(
                        ErrorReply.notFound("There is no " + name.kind().word() + " of this name."));
    }

    private static PageReply done(PageTarget target, String note) {
        return new PageReply.Done(target.reference(), note);
    }

    private static Administration.Condition condition(Form typed) {
        String revision = typed.value("revision");
        return NUMBER.matcher(revision).matches()
                ? new Administration.Condition(false, OptionalLong.of(Long.parseLong(revision)))
                : Administration.Condition.NONE;
    }

    private Administration.Request change() {
        return new Administration.Request(request.actor(), Optional.empty(), Optional.empty());
    }

    /** The page with the form for a new object. */
    static PageReply newObject(PageRequest request, PolicyName.Kind kind, Draft draft) {
        var form = DefinitionForm.of(kind)
                .shown(request, draft, Part.DEFINITION, DEFINITION, ObjectPage.template(kind), true);
        var page = Map.<String, Object>of("request", request, "kind", kind, "draft", draft, "form", form);
        return new PageReply.Shown(draft.status(), Templates.of("newObject", page));
    }

    /** The page that shows a new access token, once. */
    private PageReply secret(PolicyName client, Administration.Created created) {
        var token = JsonTree.parseObject(created.result().document()).orElse(JsonObject.EMPTY_JSON_OBJECT);
        var page = Map.<String, Object>of(
                "request", request,
                "client", client,
                "name", JsonTree.text(token, "name"),
                "id", JsonTree.text(token, "id"),
                "secret", created.secret().map(secret -> secret.reveal()).orElse(""));
        return new PageReply.Shown(200, Templates.of("secret", page));
    }

    /** The page of one access token. Immutable. */
    public record TokenPage(
            PageRequest request,
            String id,
            PrincipalView.TokenDocument document,
            Draft draft,
            Instant now,
            boolean inUse) {
        PageReply reply() {
            return PageReply.shown(draft.status(), "token", this);
        }

        public DefinitionForm.Shown form() {
            return DefinitionForm.TERMS.shown(request, draft, Part.DEFINITION, TERMS, document.terms(), false);
        }

        public String state() {
            return TokenList.state(document, now);
        }

        public boolean isRevoked() {
            return state().equals("revoked");
        }
    }

    /**
     * The page with all objects of a kind: clients, teams, tags or models. Immutable.
     *
     * @param all how many objects of this kind there are
     */
    public record ObjectList(
            PageRequest request,
            PolicyName.Kind kind,
            Paging paging,
            int all,
            PrincipalView.Page<PrincipalView.ObjectDocument> found,
            boolean inUse) {
        static PageReply of(PageRequest request, PrincipalView view, PolicyName.Kind kind, boolean inUse)
                throws InvalidValueException {
            var paging = Paging.of(request, "team");
            var found = view.objects(filter(view, kind, paging), PolicyName.parse(paging.after()), Paging.ROWS);
            return PageReply.shown(
                    200, "objects", new ObjectList(request, kind, paging, view.count(kind), found, inUse));
        }

        private static Predicate<PolicyName> filter(PrincipalView view, PolicyName.Kind kind, Paging paging) {
            Predicate<PolicyName> bySearch = name -> paging.part().isEmpty()
                    || paging.finds(name.name())
                    || paging.finds(JsonTree.text(definition(view, name), "external_id"));
            Predicate<PolicyName> byTeam = name -> paging.other().isEmpty()
                    || view.document(name).contains(paging.other())
                            && JsonTree.array(definition(view, name), "teams")
                                    .contains(JsonTree.string(paging.other()));
            return name -> name.kind() == kind && bySearch.test(name) && byTeam.test(name);
        }

        private static JsonObject definition(PrincipalView view, PolicyName name) {
            return JsonTree.parseObject(view.document(name)).orElse(JsonObject.EMPTY_JSON_OBJECT);
        }

        public String counts() {
            return Shown.count(all, kind.word(), PageTarget.plural(kind))
                    + (paging.isAll() ? "" : ", " + Shown.count(found.found(), "found", "found"))
                    + (paging.other().isEmpty() ? "" : " in the team " + DefinitionText.cut(paging.other()));
        }

        public boolean ofClients() {
            return kind == PolicyName.Kind.CLIENT;
        }

        public boolean haveModels() {
            return kind == PolicyName.Kind.CLIENT || kind == PolicyName.Kind.TEAM;
        }
    }

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
                    draft.status(),
                    "object",
                    new ObjectPage(request, name, draft, view.find(name), tokens, now, inUse));
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
}
