package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The OpenAPI document against the specification, and against itself. */
class OpenApiDocumentTest {
    private static final OpenApiDocument DOCUMENT = OpenApiDocument.read();

    /** The schema of OpenAPI 3.1 as the OpenAPI Initiative publishes it (Apache License 2.0), at the address of its {@code $id}. */
    private static final String SPECIFICATION = "https://spec.openapis.org/oas/3.1/schema/2025-09-15";

    /** It permits anything as a schema; here a schema must be one of the JSON Schema that the document names. */
    private static final String WITH_SCHEMAS = "{\"$id\":\"https://warder.example/oas\",\"$schema\":\""
            + "https://json-schema.org/draft/2020-12/schema\",\"$ref\":\"" + SPECIFICATION
            + "\",\"$defs\":{\"schema\":{\"$dynamicAnchor\":\"meta\",\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}}}";

    @Test
    void isAValidDocument() throws IOException {
        assertThat(problems(DOCUMENT.text())).isEmpty();
        assertThat(DOCUMENT.root().value().getString("jsonSchemaDialect"))
                .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    }

    @Test
    void aMistakeInTheDocumentOrInASchemaIsFound() throws IOException {
        assertThat(problems(DOCUMENT.text().replaceFirst("\"operationId\":\"listTeams\"", "\"operationId\":1")))
                .isNotEmpty();
        assertThat(problems(DOCUMENT.text().replaceFirst("\"type\":\"integer\"", "\"type\":\"whole\"")))
                .isNotEmpty();
    }

    @Test
    void eachReferenceLeadsSomewhereAndEachComponentIsUsed() {
        var references = new TreeSet<String>();
        collect(DOCUMENT.root().value(), references);
        var components = new TreeSet<String>();
        DOCUMENT.root().value().getJsonObject("components").forEach((kind, all) -> all.asJsonObject()
                .keySet()
                .forEach(name -> components.add("#/components/" + kind + "/" + name)));
        components.removeIf(name -> name.startsWith("#/components/securitySchemes/"));
        assertThat(references).isEqualTo(components);
    }

    @Test
    void eachOperationHasANameOfItsOwn() {
        var names = DOCUMENT.templates().stream()
                .flatMap(path -> DOCUMENT.methods(path).stream().map(method -> DOCUMENT.operation(path, method)))
                .map(operation -> operation.orElseThrow().value().getString("operationId"))
                .toList();
        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(30);
    }

    @Test
    void examplesFitToTheirSchemas() {
        var schemas = DOCUMENT.part(DOCUMENT.root(), "components")
                .flatMap(components -> DOCUMENT.part(components, "schemas"))
                .orElseThrow();
        int examples = 0;
        for (var name : schemas.value().keySet()) {
            var schema = DOCUMENT.part(schemas, name).orElseThrow();
            for (var example : schema.value()
                    .getOrDefault("examples", JsonValue.EMPTY_JSON_ARRAY)
                    .asJsonArray()) {
                assertThat(DOCUMENT.problems(schema, example.toString()))
                        .as(name)
                        .isEmpty();
                examples++;
            }
        }
        assertThat(examples).isGreaterThan(10);
    }

    private static List<String> problems(String document) throws IOException {
        try (InputStream file =
                OpenApiDocumentTest.class.getResourceAsStream("/dev/warder/openapi/oas-3.1-2025-09-15.json")) {
            var specification = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            var registry = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    builder -> builder.schemas(
                            Map.of(SPECIFICATION, specification, "https://warder.example/oas", WITH_SCHEMAS)));
            Schema schema = registry.getSchema(SchemaLocation.of("https://warder.example/oas"));
            return schema.validate(document, InputFormat.JSON).stream()
                    .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                    .toList();
        }
    }

    private static void collect(JsonValue value, Set<String> references) {
        if (value instanceof JsonObject object) {
            object.forEach((name, member) -> {
                if (name.equals("$ref") && member instanceof JsonString text) {
                    references.add(text.getString());
                }
                collect(member, references);
            });
        } else if (value.getValueType() == JsonValue.ValueType.ARRAY) {
            value.asJsonArray().forEach(item -> collect(item, references));
        }
    }
}
