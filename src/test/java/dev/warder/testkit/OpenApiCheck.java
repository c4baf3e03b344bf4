package dev.warder.testkit;

import jakarta.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;

/**
 * Checks each answer below {@code /admin/api} against the OpenAPI document: its operation has the status and the content type,
 * the fields of its head are there, and its schema fits to the body. What was accepted of a request, the document permits.
 * Thread-safe.
 */
public final class OpenApiCheck {
    /** How the paths of these answers begin. */
    public static final String FOLDER = "/admin/api/";

    private static final String JSON = "application/json";
    private static final String LINES = "application/jsonl";
    private static final OpenApiDocument DOCUMENT = OpenApiDocument.read();
    private static final ConcurrentSkipListSet<String> ACCEPTED = new ConcurrentSkipListSet<>();

    private final String target;
    private final RawRequest request;
    private final RawResponse response;
    private final List<String> problems = new ArrayList<>();

    private OpenApiCheck(String target, RawRequest request, RawResponse response) {
        this.target = target;
        this.request = request;
        this.response = response;
    }

    /**
     * Checks an answer, if it is one of these.
     *
     * @param contextPath of the application; empty for the root
     * @return the same answer
     */
    public static RawResponse checked(String contextPath, RawRequest request, RawResponse response) {
        if (request.target().startsWith(contextPath + FOLDER)) {
            new OpenApiCheck(request.target().substring(contextPath.length()), request, response).check();
        }
        return response;
    }

    /** Forgets what other tests of this JVM have called. */
    public static void forget() {
        ACCEPTED.clear();
    }

    /** The operations that were accepted since then in this JVM, each as method and path of the document. */
    public static SortedSet<String> accepted() {
        return new TreeSet<>(ACCEPTED);
    }

    private void check() {
        var template = DOCUMENT.template(path());
        if (template.isEmpty()) {
            require(response.status() >= 400, "the path is not in the document");
            checkError();
            return;
        }
        var operation = DOCUMENT.operation(template.get(), request.method());
        if (operation.isEmpty()) {
            checkUnknownMethod(template.get());
            return;
        }
        var answer = DOCUMENT.part(operation.get(), "responses")
                .flatMap(all -> DOCUMENT.part(all, Integer.toString(response.status())));
        require(answer.isPresent(), "the status is not in the document");
        checkHead(answer.orElseThrow());
        checkBody(answer.orElseThrow());
        if (response.status() < 300) {
            checkParameters(operation.get());
            checkRequestBody(operation.get());
            require(problems.isEmpty(), "the document does not permit the request: " + problems);
            ACCEPTED.add(request.method() + " " + template.get());
        }
    }

    private String path() {
        return target.replaceFirst("\\?.*", "");
    }

    /** Callers that are not admitted are refused whatever the method. */
    private void checkUnknownMethod(String template) {
        require(response.status() >= 400, "the method is not in the document");
        if (response.status() == 405) {
            var allowed = String.join(", ", DOCUMENT.methods(template));
            require(response.fields().values("allow").equals(List.of(allowed)), "Allow is not " + allowed);
        }
        checkError();
    }

    private void checkError() {
        if (response.body().length > 0 && response.fields().mediaType().equals(JSON)) {
            var error = DOCUMENT.part(DOCUMENT.root(), "components")
                    .flatMap(components -> DOCUMENT.part(components, "schemas"))
                    .flatMap(schemas -> DOCUMENT.part(schemas, "Error"));
            checkJson("error", error.orElseThrow(), response.text());
        }
    }

    private void checkHead(OpenApiDocument.Part answer) {
        DOCUMENT.part(answer, "headers")
                .ifPresent(fields -> fields.value().keySet().forEach(name -> {
                    var field = DOCUMENT.part(fields, name).orElseThrow();
                    var found = response.fields().values(name);
                    require(!found.isEmpty() || !field.value().getBoolean("required", false), "no field " + name);
                    var schema = DOCUMENT.part(field, "schema").orElseThrow();
                    found.forEach(value -> checkJson(name, schema, Messages.quoted(value)));
                }));
    }

    private void checkBody(OpenApiDocument.Part answer) {
        var content = DOCUMENT.part(answer, "content");
        if (content.isEmpty()) {
            require(response.body().length == 0, "a body, which the document does not have");
            return;
        }
        var type = response.fields().mediaType();
        var media = DOCUMENT.part(content.get(), type);
        require(media.isPresent(), "the content type " + type + " is not in the document");
        if (type.equals(LINES)) {
            var schema = DOCUMENT.part(media.orElseThrow(), "x-itemSchema").orElseThrow();
            response.text().lines().forEach(line -> checkJson("line", schema, line));
        } else if (type.equals(JSON) && !request.asksForHeadOnly()) {
            checkJson("body", DOCUMENT.part(media.orElseThrow(), "schema").orElseThrow(), response.text());
        }
    }

    private void checkJson(String what, OpenApiDocument.Part schema, String json) {
        var problems = DOCUMENT.problems(schema, json);
        require(problems.isEmpty(), what + " does not fit to " + schema.pointer() + ": " + problems);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError("openapi.json and the answer to " + request.method() + " " + path()
                    + " with status " + response.status() + " differ: " + otherwise);
        }
    }

    /** Notes what the document does not permit in the request. */
    private void checkParameters(OpenApiDocument.Part operation) {
        var query = new TreeMap<>(pairs(request.target().replaceFirst("[^?]*\\??", "")));
        for (var parameter : DOCUMENT.parts(operation, "parameters")) {
            var name = parameter.value().getString("name");
            switch (parameter.value().getString("in")) {
                case "query" ->
                    checkParameter(parameter, query.containsKey(name) ? List.of(query.remove(name)) : List.of());
                case "header" -> checkParameter(parameter, request.fields().values(name));
                default -> {}
            }
        }
        if (!query.isEmpty()) {
            problems.add("the parameters " + query.keySet());
        }
    }

    private void checkParameter(OpenApiDocument.Part parameter, List<String> values) {
        var name = parameter.value().getString("name");
        if (values.isEmpty() && parameter.value().getBoolean("required", false)) {
            problems.add(name + " is missing");
        }
        var schema = DOCUMENT.part(parameter, "schema").orElseThrow();
        var whole = schema.value().getString("type").equals("integer");
        for (var value : values) {
            fits(name, schema, whole && value.matches("[0-9]+") ? value : Messages.quoted(value));
        }
    }

    private void checkRequestBody(OpenApiDocument.Part operation) {
        var body = DOCUMENT.part(operation, "requestBody");
        if (request.body().isEmpty()) {
            body.filter(each -> each.value().getBoolean("required", false))
                    .ifPresent(each -> problems.add("the body is missing"));
            return;
        }
        var type = request.fields().mediaType();
        var json = type.equals(JSON)
                ? request.body()
                : Json.createObjectBuilder(pairs(request.body())).build().toString();
        body.flatMap(each -> DOCUMENT.part(each, "content"))
                .flatMap(content -> DOCUMENT.part(content, type))
                .flatMap(media -> DOCUMENT.part(media, "schema"))
                .ifPresentOrElse(
                        schema -> fits("body", schema, json), () -> problems.add("a body of the type " + type));
    }

    private void fits(String what, OpenApiDocument.Part schema, String json) {
        DOCUMENT.problems(schema, json).forEach(problem -> problems.add(what + problem));
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
}
