package dev.warder.testkit;

import jakarta.json.Json;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Checks each answer below {@code /admin/api} against the OpenAPI document: its operation has the status and the content type,
 * the fields of its head are there, and its schema fits to the body. What was accepted of a request, the document permits.
 * Thread-safe.
 */
public final class OpenApiCheck {
    static final String FOLDER = "/admin/api/";
    private static final String JSON = "application/json";
    private static final String LINES = "application/jsonl";
    private static final OpenApiDocument DOCUMENT = OpenApiDocument.read();
    private static final ConcurrentSkipListSet<String> ACCEPTED = new ConcurrentSkipListSet<>();

    private final String target;
    private final RawRequest request;
    private final RawResponse response;

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
            var problems = OpenApiRequest.problems(DOCUMENT, operation.get(), request);
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
                    found.forEach(value ->
                            checkJson(name, schema, Json.createValue(value).toString()));
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
}
