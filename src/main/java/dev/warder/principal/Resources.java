package dev.warder.principal;

import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.http.PageDocument;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration.Changed;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The resources of administrators, by method. They wait for the database, and refuse by exceptions. Thread-safe. */
record Resources(Administration administration) {
    private static final String SEARCH = "search";
    private static final String CLIENT = "client";
    private static final String NAME = "name";
    private static final String TERMS = "terms";

    ApiReply serve(ApiRequest request) throws InvalidValueException, RefusedChangeException, SQLException {
        var target = request.target();
        if (target instanceof ApiTarget.Objects objects) {
            return request.isGet() ? list(request, objects.kind()) : create(request, objects.kind());
        }
        if (target instanceof ApiTarget.OneObject one) {
            return object(request, one.name());
        }
        if (target instanceof ApiTarget.Tokens) {
            return request.isGet() ? tokens(request) : createToken(request);
        }
        if (target instanceof ApiTarget.OneToken one) {
            return token(request, one.id());
        }
        return target instanceof ApiTarget.Audit ? audit(request) : takeOver(request);
    }

    private ApiReply list(ApiRequest request, PolicyKind kind) throws InvalidValueException, SQLException {
        request.checkParameters(SEARCH, ApiRequest.LIMIT, ApiRequest.PAGE);
        String after = request.after();
        int limit = request.limit();
        return page(administration.view().objects(kind, request.search(), after, limit));
    }

    private ApiReply create(ApiRequest request, PolicyKind kind)
            throws InvalidValueException, RefusedChangeException, SQLException {
        request.checkParameters();
        var definition = request.object();
        var name = new PolicyName(kind, text(definition, NAME));
        return changed(administration.create(name, definition, request.change()));
    }

    private ApiReply object(ApiRequest request, PolicyName name)
            throws InvalidValueException, RefusedChangeException, SQLException {
        request.checkParameters();
        var condition = request.condition();
        return switch (request.method()) {
            case "GET" -> found(administration.view().find(name), ObjectDocument::revision);
            case "PUT" -> changed(administration.put(name, request.object(), condition, request.change()));
            case "PATCH" -> changed(administration.merge(name, request.object(), condition, request.change()));
            default -> changed(administration.remove(name, condition, request.change()));
        };
    }

    private ApiReply tokens(ApiRequest request) throws InvalidValueException, SQLException {
        request.checkParameters(CLIENT, SEARCH, ApiRequest.LIMIT, ApiRequest.PAGE);
        String after = request.after();
        int limit = request.limit();
        String client = request.query().value(CLIENT);
        return page(administration.view().tokens(client, request.search(), after, limit));
    }

    private ApiReply createToken(ApiRequest request)
            throws InvalidValueException, RefusedChangeException, SQLException {
        request.checkParameters();
        var body = request.object();
        checkMembers(body, NAME, CLIENT, TERMS);
        var created = administration.createToken(
                text(body, NAME),
                text(body, CLIENT),
                object(body, TERMS).orElse(JsonValue.EMPTY_JSON_OBJECT),
                request.change());
        var document = JsonTree.parseObject(created.result().document()).orElseThrow();
        var secret = JsonTree.orNull(created.secret().map(token -> token.reveal()));
        return ApiReply.of(
                201,
                JsonTree.newObject(document).add("token", secret).build().toString(),
                created.result().revision());
    }

    private ApiReply token(ApiRequest request, String id)
            throws InvalidValueException, RefusedChangeException, SQLException {
        request.checkParameters();
        var condition = request.condition();
        return switch (request.method()) {
            case "GET" -> found(administration.view().token(id), TokenDocument::revision);
            case "PATCH" -> changed(administration.mergeToken(id, request.object(), condition, request.change()));
            default -> changed(administration.revokeToken(id, condition, request.change()));
        };
    }

    private ApiReply takeOver(ApiRequest request) throws InvalidValueException, RefusedChangeException, SQLException {
        request.checkParameters();
        var body = request.object();
        checkMembers(body, "policy_file", "clients_file");
        Optional<String> clientsFile =
                body.containsKey("clients_file") ? Optional.of(text(body, "clients_file")) : Optional.empty();
        return changed(administration.takeOver(object(body, "policy_file"), clientsFile, request.change()));
    }

    private ApiReply audit(ApiRequest request) throws InvalidValueException, SQLException {
        request.checkParameters(ApiRequest.LIMIT, ApiRequest.PAGE);
        String cursor = request.after();
        long after = cursor.isEmpty() ? 0 : ApiRequest.number(cursor, ApiRequest.PAGE);
        int limit = request.limit();
        var entries = administration.auditAfter(after, limit);
        Optional<String> last = entries.size() == limit
                ? Optional.of(Long.toString(entries.get(limit - 1).number()))
                : Optional.empty();
        return list(entries.stream().map(AuditEntry::json).toList(), last);
    }

    private static <T extends Record> ApiReply found(Optional<T> document, ToLongFunction<T> revision) {
        return document.map(found -> ApiReply.of(200, JsonDocuments.text(found), revision.applyAsLong(found)))
                .orElseGet(() -> ApiReply.of(ErrorReply.notFound()));
    }

    private static ApiReply changed(Changed changed) {
        var result = changed.result();
        return ApiReply.of(result.isNew() ? 201 : 200, result.document(), result.revision());
    }

    private static ApiReply page(PrincipalView.Page<?> page) {
        return list(page.items(), page.last());
    }

    static <T> ApiReply list(List<T> items, Optional<String> last) {
        return ApiReply.of(200, new PageDocument<>(items, last.map(PageDocument::after)));
    }

    private static void checkMembers(JsonObject body, String... members) throws InvalidValueException {
        if (!List.of(members).containsAll(body.keySet())) {
            throw new InvalidValueException(
                    "The members are " + String.join(", ", members) + "; the body has another one.");
        }
    }

    private static String text(JsonObject body, String member) throws InvalidValueException {
        if (body.get(member) instanceof JsonString text && !text.getString().isEmpty()) {
            return text.getString();
        }
        throw new InvalidValueException(member + ": must be a string.");
    }

    private static Optional<JsonObject> object(JsonObject body, String member) throws InvalidValueException {
        JsonValue value = body.get(member);
        if (value != null && !(value instanceof JsonObject)) {
            throw new InvalidValueException(member + ": must be an object.");
        }
        return Optional.ofNullable(value).map(JsonValue::asJsonObject);
    }
}
