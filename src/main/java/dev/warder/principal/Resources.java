package dev.warder.principal;

import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration.Changed;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The resources of administrators, by method. They wait for the database, and refuse by exceptions. Thread-safe. */
record Resources(Administration administration) {
    private static final String SEARCH = "search";
    private static final String CLIENT = "client";
    private static final String NAME = "name";
    private static final String TERMS = "terms";

    ApiReply serve(ApiRequest request) throws InvalidValueException, RefusedChangeException, SQLException {
        var target = request.target();
        if (target instanceof ApiTarget.Objects objects) {
            return request.method().equals("GET") ? list(request, objects.kind()) : create(request, objects.kind());
        }
        if (target instanceof ApiTarget.OneObject one) {
            return object(request, one.name());
        }
        if (target instanceof ApiTarget.Tokens) {
            return request.method().equals("GET") ? tokens(request) : createToken(request);
        }
        if (target instanceof ApiTarget.OneToken one) {
            return token(request, one.id());
        }
        return target instanceof ApiTarget.Audit ? audit(request) : takeOver(request);
    }

    private ApiReply list(ApiRequest request, PolicyKind kind) throws InvalidValueException, SQLException {
        ApiSyntax.checkParameters(request, List.of(SEARCH, ApiSyntax.LIMIT, ApiSyntax.PAGE));
        String after = ApiSyntax.after(request);
        int limit = ApiSyntax.limit(request);
        return page(administration.view().objects(kind, ApiSyntax.search(request), after, limit));
    }

    private ApiReply create(ApiRequest request, PolicyKind kind)
            throws InvalidValueException, RefusedChangeException, SQLException {
        ApiSyntax.checkParameters(request, List.of());
        var definition = ApiSyntax.object(request);
        var name = new PolicyName(kind, ApiSyntax.text(definition, NAME));
        return changed(administration.create(name, definition, change(request)));
    }

    private ApiReply object(ApiRequest request, PolicyName name)
            throws InvalidValueException, RefusedChangeException, SQLException {
        ApiSyntax.checkParameters(request, List.of());
        var condition = ApiSyntax.condition(request);
        return switch (request.method()) {
            case "GET" -> {
                var view = administration.view();
                yield found(view.find(name), view.revision(name));
            }
            case "PUT" -> changed(administration.put(name, ApiSyntax.object(request), condition, change(request)));
            case "PATCH" -> changed(administration.merge(name, ApiSyntax.object(request), condition, change(request)));
            default -> changed(administration.remove(name, condition, change(request)));
        };
    }

    private ApiReply tokens(ApiRequest request) throws InvalidValueException, SQLException {
        ApiSyntax.checkParameters(request, List.of(CLIENT, SEARCH, ApiSyntax.LIMIT, ApiSyntax.PAGE));
        String after = ApiSyntax.after(request);
        int limit = ApiSyntax.limit(request);
        String client = request.query().value(CLIENT);
        return page(administration.view().tokens(client, ApiSyntax.search(request), after, limit));
    }

    private ApiReply createToken(ApiRequest request)
            throws InvalidValueException, RefusedChangeException, SQLException {
        ApiSyntax.checkParameters(request, List.of());
        var body = ApiSyntax.object(request);
        ApiSyntax.checkMembers(body, List.of(NAME, CLIENT, TERMS));
        var created = administration.createToken(
                ApiSyntax.text(body, NAME),
                ApiSyntax.text(body, CLIENT),
                ApiSyntax.object(body, TERMS).orElse(JsonValue.EMPTY_JSON_OBJECT),
                change(request));
        var document = JsonTree.parseObject(created.result().document()).orElseThrow();
        JsonValue secret = created.secret()
                .<JsonValue>map(token -> JsonTree.string(token.reveal()))
                .orElse(JsonValue.NULL);
        return ApiReply.of(
                201,
                JsonTree.newObject(document).add("token", secret).build().toString(),
                created.result().revision());
    }

    private ApiReply token(ApiRequest request, String id)
            throws InvalidValueException, RefusedChangeException, SQLException {
        ApiSyntax.checkParameters(request, List.of());
        var condition = ApiSyntax.condition(request);
        return switch (request.method()) {
            case "GET" -> {
                var view = administration.view();
                yield found(view.token(id), view.tokenRevision(id));
            }
            case "PATCH" ->
                changed(administration.mergeToken(id, ApiSyntax.object(request), condition, change(request)));
            default -> changed(administration.revokeToken(id, condition, change(request)));
        };
    }

    private ApiReply takeOver(ApiRequest request) throws InvalidValueException, RefusedChangeException, SQLException {
        ApiSyntax.checkParameters(request, List.of());
        var body = ApiSyntax.object(request);
        ApiSyntax.checkMembers(body, List.of("policy_file", "clients_file"));
        Optional<String> clientsFile =
                body.containsKey("clients_file") ? Optional.of(ApiSyntax.text(body, "clients_file")) : Optional.empty();
        return changed(administration.takeOver(ApiSyntax.object(body, "policy_file"), clientsFile, change(request)));
    }

    private ApiReply audit(ApiRequest request) throws InvalidValueException, SQLException {
        ApiSyntax.checkParameters(request, List.of(ApiSyntax.LIMIT, ApiSyntax.PAGE));
        String cursor = ApiSyntax.after(request);
        long after = cursor.isEmpty() ? 0 : ApiSyntax.number(cursor, ApiSyntax.PAGE);
        int limit = ApiSyntax.limit(request);
        var entries = administration.audit().after(after, limit);
        Optional<String> last = entries.size() == limit
                ? Optional.of(Long.toString(entries.get(limit - 1).number()))
                : Optional.empty();
        return ApiSyntax.list(entries.stream().map(AuditDocument::of).toList(), last);
    }

    private static Administration.Request change(ApiRequest request) throws InvalidValueException {
        return new Administration.Request(request.actor(), request.token(), ApiSyntax.idempotency(request));
    }

    private static ApiReply changed(Changed changed) {
        var result = changed.result();
        return ApiReply.of(result.isNew() ? 201 : 200, result.document(), result.revision());
    }

    private static ApiReply found(Optional<? extends Record> found, Optional<Long> revision) {
        if (found.isEmpty()) {
            return ApiReply.of(ErrorReply.notFound());
        }
        String text = JsonDocuments.text(found.get());
        return revision.map(number -> ApiReply.of(200, text, number)).orElseGet(() -> ApiReply.of(200, text));
    }

    private static ApiReply page(PrincipalView.Page<?> page) {
        return ApiSyntax.list(page.items(), page.last());
    }
}
