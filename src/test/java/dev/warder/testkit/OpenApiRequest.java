package dev.warder.testkit;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A request against its operation in the OpenAPI document. One thread at a time. */
final class OpenApiRequest {
    private final OpenApiDocument document;
    private final OpenApiDocument.Part operation;
    private final RawRequest request;
    private final List<String> problems = new ArrayList<>();

    private OpenApiRequest(OpenApiDocument document, OpenApiDocument.Part operation, RawRequest request) {
        this.document = document;
        this.operation = operation;
        this.request = request;
    }

    /** What the document does not permit. */
    static List<String> problems(OpenApiDocument document, OpenApiDocument.Part operation, RawRequest request) {
        var check = new OpenApiRequest(document, operation, request);
        check.parameters();
        check.body();
        return check.problems;
    }

    private void parameters() {
        var target = request.target();
        var query = new TreeMap<>(pairs(target.contains("?") ? target.substring(target.indexOf('?') + 1) : ""));
        for (var parameter : document.parts(operation, "parameters")) {
            var name = parameter.value().getString("name");
            switch (parameter.value().getString("in")) {
                case "query" -> parameter(parameter, query.containsKey(name) ? List.of(query.remove(name)) : List.of());
                case "header" -> parameter(parameter, request.fields().values(name));
                default -> {}
            }
        }
        if (!query.isEmpty()) {
            problems.add("the parameters " + query.keySet());
        }
    }

    private void parameter(OpenApiDocument.Part parameter, List<String> values) {
        var name = parameter.value().getString("name");
        if (values.isEmpty() && parameter.value().getBoolean("required", false)) {
            problems.add(name + " is missing");
        }
        var schema = document.part(parameter, "schema").orElseThrow();
        var whole = schema.value().getString("type").equals("integer");
        values.forEach(value -> fits(
                name,
                schema,
                whole && value.matches("[0-9]+")
                        ? value
                        : Json.createValue(value).toString()));
    }

    private void body() {
        var body = document.part(operation, "requestBody");
        if (request.body().isEmpty()) {
            body.filter(each -> each.value().getBoolean("required", false))
                    .ifPresent(each -> problems.add("the body is missing"));
            return;
        }
        var type = request.fields().mediaType();
        body.flatMap(each -> document.part(each, "content"))
                .flatMap(content -> document.part(content, type))
                .flatMap(media -> document.part(media, "schema"))
                .ifPresentOrElse(
                        schema -> fits("body", schema, json(type)), () -> problems.add("a body of the type " + type));
    }

    private String json(String type) {
        return type.equals("application/json")
                ? request.body()
                : object(pairs(request.body())).toString();
    }

    private void fits(String what, OpenApiDocument.Part schema, String json) {
        document.problems(schema, json).forEach(problem -> problems.add(what + problem));
    }

    private static Map<String, String> pairs(String form) {
        return Arrays.stream(form.split("&"))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> (pair + "=").split("=", -1))
                .collect(Collectors.toMap(pair -> decoded(pair[0]), pair -> decoded(pair[1])));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static JsonObject object(Map<String, String> members) {
        var object = Json.createObjectBuilder();
        members.forEach(object::add);
        return object.build();
    }
}
