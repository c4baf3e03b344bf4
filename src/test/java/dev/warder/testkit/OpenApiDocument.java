package dev.warder.testkit;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.warder.admin.OpenApi;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The OpenAPI document that the product serves. Immutable; thread-safe. */
public final class OpenApiDocument {
    private static final String IRI = "https://warder.example/openapi.json";
    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");

    private final String text;
    private final JsonObject root;
    private final SchemaRegistry schemas;

    private OpenApiDocument(String text) {
        this.text = text;
        try (var reader = Json.createReader(new StringReader(text))) {
            root = reader.readObject();
        }
        var config =
                SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
        schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(Map.of(IRI, text)).schemaRegistryConfig(config));
    }

    /**
     * An object of the document.
     *
     * @param pointer a JSON pointer without references on its way
     */
    public record Part(String pointer, JsonObject value) {}

    /** Reads that of the product. */
    public static OpenApiDocument read() {
        return of(OpenApi.DOCUMENT);
    }

    /** The document of a text. */
    public static OpenApiDocument of(String text) {
        return new OpenApiDocument(text);
    }

    /** The whole text. */
    public String text() {
        return text;
    }

    /** The whole document. */
    public Part root() {
        return new Part("", root);
    }

    /** All paths, with names of parameters in braces. */
    public SortedSet<String> templates() {
        return new TreeSet<>(root.getJsonObject("paths").keySet());
    }

    /** The template of the path of a request. The last segment may have slashes, as in the names of some models. */
    public Optional<String> template(String path) {
        return templates().stream()
                .filter(template ->
                        template.equals(path) || pattern(template).matcher(path).matches())
                .min(Comparator.comparingInt(template -> template.equals(path) ? 0 : 1));
    }

    private static Pattern pattern(String template) {
        var value = template.endsWith("}") ? ".+" : "[^/]+";
        return Pattern.compile("\\Q" + PARAMETER.matcher(template).replaceAll("\\\\E" + value + "\\\\Q") + "\\E");
    }

    /** The methods of a template in upper case. */
    public SortedSet<String> methods(String template) {
        return root.getJsonObject("paths").getJsonObject(template).keySet().stream()
                .map(method -> method.toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** An operation; empty if the template does not have the method. */
    public Optional<Part> operation(String template, String method) {
        return part(root(), "paths")
                .flatMap(paths -> part(paths, template))
                .flatMap(path -> part(path, method.toLowerCase(Locale.ROOT)));
    }

    /** An object in another one, where a reference leads to if it is one. */
    public Optional<Part> part(Part parent, String member) {
        if (!(parent.value().get(member) instanceof JsonObject found)) {
            return Optional.empty();
        }
        return Optional.of(
                resolved(parent.pointer() + "/" + member.replace("~", "~0").replace("/", "~1"), found));
    }

    /** The objects of an array, where references lead to. */
    public List<Part> parts(Part parent, String member) {
        var items = parent.value().getJsonArray(member);
        return items == null
                ? List.of()
                : items.stream()
                        .map(item -> resolved(parent.pointer() + "/" + member, item.asJsonObject()))
                        .toList();
    }

    private Part resolved(String pointer, JsonObject found) {
        if (found.get("$ref") instanceof JsonString reference) {
            var target = reference.getString().substring(1);
            return new Part(target, root.getValue(target).asJsonObject());
        }
        return new Part(pointer, found);
    }

    /** What is wrong with a JSON text by a schema of the document, each with its place; empty if nothing is. */
    public List<String> problems(Part schema, String json) {
        return schemas
                .getSchema(SchemaLocation.of(IRI + "#" + schema.pointer()))
                .validate(json, InputFormat.JSON)
                .stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }
}
