package dev.warder.admin;

import dev.warder.admin.Endpoint.Kind;
import dev.warder.admin.page.PageTarget;
import dev.warder.config.TextFile;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The OpenAPI 3.1 document of everything below {@code /admin/api}. Its operations are made from the table of endpoints, which has their
 * paths, methods and rights, and from a resource with their texts and schemas. In the resource {@code {kind}} stands for each kind of
 * object.
 */
public final class OpenApi {
    public static final String DOCUMENT = document();

    private OpenApi() {}

    private static String document() {
        var resource =
                JsonTree.parseObject(TextFile.of(OpenApi.class, "openapi.json")).orElseThrow();
        var texts = JsonTree.object(resource, "paths");
        var paths = new LinkedHashMap<String, JsonObjectBuilder>();
        for (var endpoint : AdminEndpoints.ALL) {
            if (endpoint.path().startsWith(AdminEndpoints.API)) {
                var path = paths.computeIfAbsent(endpoint.path().replace("*", ""), any -> JsonTree.newObject());
                for (var method : endpoint.methods()) {
                    path.add(method.toLowerCase(Locale.ROOT), operation(endpoint, method, texts));
                }
            }
        }
        var all = JsonTree.newObject();
        paths.forEach(all::add);
        return JsonTree.newObject(resource).add("paths", all).build().toString();
    }

    private static JsonObjectBuilder operation(Endpoint endpoint, String method, JsonObject texts) {
        boolean isHead = method.equals("HEAD");
        boolean changes = !isHead && !method.equals("GET");
        var text = text(isHead ? "GET" : method, endpoint.path().substring(AdminEndpoints.API.length()), texts);
        var parameters = new ArrayList<>(JsonTree.array(text, "parameters").getValuesAs(JsonString::getString));
        if (changes) {
            parameters.addAll(List.of("IdempotencyKey", "Administrator"));
        }
        var operation = JsonTree.newObject(text);
        List.of("body", "bodyDescription", "headers", "schema", "content").forEach(operation::remove);
        if (isHead) {
            operation
                    .add("operationId", JsonTree.text(text, "operationId").replaceFirst("^get", "head"))
                    .add("summary", JsonTree.text(text, "summary") + ", without the body");
        }
        if (!parameters.isEmpty()) {
            var references = JsonTree.newArray();
            parameters.forEach(name -> references.add(reference("parameters", name)));
            operation.add("parameters", references);
        }
        JsonTree.findText(text, "body")
                .ifPresent(schema -> operation.add(
                        "requestBody",
                        JsonTree.newObject()
                                .add("required", true)
                                .add("description", JsonTree.text(text, "bodyDescription"))
                                .add("content", json(schema))));
        var responses = successes(text);
        String format = endpoint.kind() == Kind.API ? "" : "OrPage";
        errors(endpoint, changes, parameters)
                .forEach((status, name) -> responses.add(status, reference("responses", name + format)));
        return operation
                .add("security", security(changes))
                .add("responses", responses.add("504", reference("responses", "Late")));
    }

    private static Map<String, String> errors(Endpoint endpoint, boolean changes, List<String> parameters) {
        var errors = new TreeMap<>(Map.of(
                "401", "Unauthorized",
                "403", "Forbidden",
                "404", "NotFound",
                "429", "TooMany",
                "500", "Fault",
                "503", "Unavailable"));
        if (endpoint.kind() == Kind.API || !parameters.isEmpty()) {
            errors.put("400", "BadRequest");
        }
        if (changes) {
            errors.putAll(Map.of("409", "Conflict", "422", "KeyReused"));
        }
        if (endpoint.longest() > 0) {
            errors.put("413", "TooLarge");
        }
        if (parameters.stream().anyMatch(name -> name.contains("IfMatch"))) {
            errors.put("412", "Changed");
            if (!parameters.contains("IfMatch")) {
                errors.put("428", "Unconditional");
            }
        }
        return errors;
    }

    /** The texts of an operation: its own, or those for its kind of object. */
    private static JsonObject text(String method, String path, JsonObject texts) {
        String key = method + " " + path.replace("*", "");
        return Optional.ofNullable(texts.get(key))
                .map(own -> own.asJsonObject())
                .or(() -> Arrays.stream(PolicyName.Kind.values())
                        .filter(kind -> path.split("/")[0].equals(PageTarget.plural(kind)))
                        .findFirst()
                        .flatMap(kind -> ofKind(key, kind, texts)))
                .orElseThrow(() -> new IllegalStateException("no text of " + key));
    }

    private static Optional<JsonObject> ofKind(String key, PolicyName.Kind kind, JsonObject texts) {
        String plural = PageTarget.plural(kind);
        String title = PageTarget.title(kind);
        String one = kind.single() ? title : title.substring(0, title.length() - 1);
        boolean isTaken = kind == PolicyName.Kind.TAG || kind == PolicyName.Kind.MODEL;
        String text = JsonTree.object(texts, key.replace(plural, kind.single() ? "{kind}" : "{kinds}"))
                .toString();
        return JsonTree.parseObject(text.replace("{kinds}", plural)
                .replace("{Kinds}", title)
                .replace("{kind}", kind.word())
                .replace("{Kind}", one)
                .replace("{Object}", isTaken ? one + "Object" : one));
    }

    private static JsonArrayBuilder security(boolean changes) {
        var right = JsonTree.newArray(List.of(changes ? "admin:write" : "admin:read"));
        var ways = JsonTree.newArray()
                .add(JsonTree.newObject().add("adminToken", JsonTree.newArray()))
                .add(JsonTree.newObject().add("accessToken", right));
        return changes ? ways : ways.add(JsonTree.newObject().add("session", JsonTree.newArray()));
    }

    private static JsonObjectBuilder successes(JsonObject text) {
        var content = text.containsKey("content")
                ? JsonTree.object(text, "content")
                : json(JsonTree.text(text, "schema")).build();
        var fields = JsonTree.newObject().add("X-Warder-Request-Id", reference("headers", "RequestId"));
        var others = JsonTree.object(text, "headers");
        others.forEach((name, component) -> fields.add(name, reference("headers", JsonTree.text(others, name))));
        var success = JsonTree.newObject()
                .add("headers", fields)
                .add("content", content)
                .build();
        var responses = JsonTree.newObject();
        JsonTree.object(text, "responses")
                .forEach((status, description) ->
                        responses.add(status, JsonTree.newObject(success).add("description", description)));
        return responses;
    }

    private static JsonObjectBuilder json(String schema) {
        return JsonTree.newObject()
                .add("application/json", JsonTree.newObject().add("schema", reference("schemas", schema)));
    }

    private static JsonObjectBuilder reference(String kind, String name) {
        return JsonTree.newObject().add("$ref", "#/components/" + kind + "/" + name);
    }
}
