package dev.warder.openai.shared;

import static dev.warder.openai.ChatSample.assertJson;
import static dev.warder.openai.ChatSample.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.EachRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClosedSchemaTest {
    @EachRow({
        "{'type': 'object'} | {'type': 'object', 'properties': {}, 'additionalProperties': false}",
        "{'properties': {}} | {'properties': {}, 'type': 'object', 'additionalProperties': false}",
        "{'type': ['object', 'null']} | {'type': ['object', 'null'], 'properties': {}, 'additionalProperties':"
                + " false}",
        "{'type': 'string', 'minLength': 2, 'description': 'd', 'pattern': 'x'} | {'type': 'string',"
                + " 'description': 'd\\n"
                + "\\n"
                + "{minLength: 2, pattern: \\'x\\'}'}",
        "{'type': 'string', 'format': 'email'} | {'type': 'string', 'format': 'email'}",
        "{'type': 'string', 'format': 'phone'} | {'type': 'string', 'description': '{format: \\'phone\\'}'}",
        "{'type': 'array', 'minItems': 1, 'items': {'type': 'object'}} | {'type': 'array', 'minItems': 1,"
                + " 'items': {'type': 'object', 'properties': {}, 'additionalProperties': false}}",
        "{'type': 'array', 'minItems': 2} | {'type': 'array', 'description': '{minItems: 2}'}",
        "{'oneOf': [{'type': 'string', 'maxLength': 1}]} | {'anyOf': [{'type': 'string', 'description':"
                + " '{maxLength: 1}'}]}",
        "{'enum': ['a', 1, null]} | {'enum': ['a', 1, null]}",
        "{'enum': [{}]} | {'description': '{enum: [{}]}'}",
        "{'$defs': {'a': {'type': 'object'}}, '$ref': '#/$defs/a'} | {'$defs': {'a': {'type': 'object',"
                + " 'properties': {}, 'additionalProperties': false}}, '$ref': '#/$defs/a'}",
        "{'$ref': '#/$defs/a', 'type': 'object', 'minProperties': 1} | {'description': '{type: \\'object\\',"
                + " minProperties: 1}', 'anyOf': [{'$ref': '#/$defs/a'}]}",
        "{'$ref': '#/$defs/a', 'description': 'd'} | {'description': 'd', 'anyOf': [{'$ref': '#/$defs/a'}]}",
        "{'type': 'object', 'anyOf': [{'properties': {}}], 'additionalProperties': false} | {'anyOf':"
                + " [{'properties': {}, 'type': 'object', 'additionalProperties': false}], 'description': '{type:"
                + " \\'object\\'}'}",
        "{'allOf': [{'$ref': '#/$defs/a'}], 'title': 't'} | {'anyOf': [{'$ref': '#/$defs/a'}], 'title': 't'}",
        "{'type': 'string', 'nullable': true, 'default': 'x'} | {'type': 'string', 'description': '{nullable:"
                + " true, default: \\'x\\'}'}",
        "{'type': 'array', 'items': [{'type': 'object'}], 'uniqueItems': true} | {'type': 'array',"
                + " 'description': '{items: [{\\'type\\':\\'object\\'}], uniqueItems: true}'}",
        "{'const': {}, 'description': 1} | {'description': '{const: {}, description: 1}'}",
        "{'properties': {'a': {'properties': {'b': {'type': 'object'}}}}} | {'properties': {'a':"
                + " {'properties': {'b': {'type': 'object', 'properties': {}, 'additionalProperties': false}},"
                + " 'type': 'object', 'additionalProperties': false}}, 'type': 'object', 'additionalProperties':"
                + " false}",
        "{'$schema': 'x', 'const': 1, 'title': 't'} | {'const': 1, 'title': 't'}",
        "{'$defs': {'a': {'additionalProperties': {}, 'items': {'$ref': '#/$defs/a'}}}, 'type': 'string'} |"
                + " {'type': 'string'}",
        "{'$defs': {'a/b': {'type': 'string'}, 'c': {'additionalProperties': {}}}, 'items': {'$ref':"
                + " '#/$defs/a~1b'}} | {'$defs': {'a/b': {'type': 'string'}}, 'items': {'$ref': '#/$defs/a~1b'}}",
        "{'properties': {}, 'patternProperties': {}} | {'properties': {}, 'type': 'object',"
                + " 'additionalProperties': false}",
    })
    void closesAndTells(String schema, String closed) {
        assertJson(ClosedSchema.of(json(schema), true).orElseThrow(), closed);
    }

    /** Some object would lose members that the schema names or allows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'object', 'additionalProperties': true}",
                "{'type': 'object', 'additionalProperties': {'type': 'integer'}}",
                "{'additionalProperties': {}}",
                "{'type': 'object', 'properties': {'a': {}}, 'additionalProperties': {'type': 'string'}}",
                "{'type': 'object', 'patternProperties': {'^a': {}}, 'additionalProperties': false}",
                "{'type': 'object', 'properties': {'a': {}}, 'unevaluatedProperties': {}}",
                "{'type': 'object', 'properties': {'a': {}}, 'anyOf': [{'properties': {'b': {}}}]}",
                "{'type': 'object', 'properties': {'a': {}}, 'oneOf': [{'required': ['a']}]}",
                "{'type': 'object', 'properties': {'a': {}}, 'allOf': [{'$ref': '#/$defs/a'}]}",
                "{'$ref': '#/$defs/a', 'properties': {'b': {}}}",
                "{'$ref': '#/$defs/a', 'anyOf': [{'properties': {'b': {}}}]}",
                "{'oneOf': [{'properties': {'b': {}}}], 'anyOf': [{'properties': {'a': {}}}]}",
                "{'allOf': [{'properties': {'b': {}}}, {'properties': {'a': {}}}]}",
                "{'type': 'object', 'anyOf': [{'properties': {'a': {}}}], 'required': ['b']}",
                "{'type': 'object', 'properties': {'a': {}}, 'required': ['a', 'b']}",
                "{'properties': {'a': {}}, 'if': {}, 'then': {'properties': {'b': {}}}}",
                "{'properties': {'a': {}}, 'dependentSchemas': {'a': {'properties': {'b': {}}}}}",
                "{'properties': {'a': {'items': {'anyOf': [{'additionalProperties': {}}]}}}}",
                "{'$defs': {'a': {'items': {'$ref': '#/definitions/b'}}}, 'definitions': {'b': {'additionalProperties': {}}},"
                        + " 'items': {'$ref': '#/$defs/a/items'}}",
            })
    void doesNotCloseWhatItWouldNarrow(String schema) {
        assertThat(ClosedSchema.of(json(schema), true)).isEmpty();
        assertThat(ClosedSchema.of(json(schema), false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'object'}",
                "{'type': 'object', 'properties': {}}",
                "{'type': ['null', 'object']}",
                "{'type': 'object', 'enum': [{'a': 1}]}",
                "{'type': 'array', 'items': {'type': 'object'}}",
            })
    void anObjectWithoutPropertiesIsClosedOnlyIfItIsStrict(String schema) {
        assertThat(ClosedSchema.of(json(schema), true)).isPresent();
        assertThat(ClosedSchema.of(json(schema), false)).isEmpty();
    }

    @Test
    void takesAPropertyNamedAsAKeyword() {
        assertJson(
                ClosedSchema.of(json("{'type': 'object', 'properties': {'minimum': {'type': 'string'}}}"), false)
                        .orElseThrow(),
                "{'type': 'object', 'properties': {'minimum': {'type': 'string'}}, 'additionalProperties': false}");
    }

    @EachRow({
        "{'$ref': '#'} | false",
        "{'$ref': 'https://a.example/b'} | false",
        "{'$ref': '#/$defs/a'} | false",
        "{'$ref': '#/$defs/a', '$defs': {'a': {'items': {'$ref': '#/$defs/a'}}}} | false",
        "{'$ref': '#/$defs/a', '$defs': {'a': {'items': {'$ref': '#/$defs/b'}}, 'b': {'$ref': '#/$defs/a'}}} |"
                + " false",
        "{'$ref': '#/$defs/a', '$defs': {'a': {'items': {'$ref': '#/$defs/b'}}, 'b': {}}} | true",
        "{'properties': {'a': {'$ref': '#/definitions/c'}, 'b': {'$ref': '#/definitions/c'}}, 'definitions':"
                + " {'c': {}}} | true",
        "{'type': 'object'} | true",
        "{'properties': {'a': {'type': 'string'}, 'b': {'$ref': '#/properties/a'}}} | true",
        "{'properties': {'a': {'items': {'$ref': '#/properties/a'}}}} | false",
        "{'properties': {'a': {'items': {'properties': {'c': {'$ref': '#/properties/a'}}}}}} | false",
        "{'properties': {'a': {'anyOf': [{'type': 'string'}, {'$ref': '#/properties/a/anyOf/0'}]}}} | true",
        "{'properties': {'a': {'anyOf': [{'$ref': '#/properties/a/anyOf/1'}]}}} | false",
        "{'properties': {'a': {'anyOf': [{'type': 'string'}, {'$ref': '#/properties/a/anyOf/00'}]}}} | false",
        "{'properties': {'a': {'$ref': '#/$defs/x~1y~0z'}}, '$defs': {'x/y~z': {}}} | true",
        "{'properties': {'$ref': {'type': 'string'}, 'definitions': {'type': 'string'}}} | true",
        "{'properties': {'a': {'$ref': '#/$defs/x%20%7E0+%2Fy'}}, '$defs': {'x ~+': {'y': {}}}} | true",
        "{'properties': {'a': {'$ref': '#/%24defs/%C3%A4'}}, '$defs': {'ä': {}}} | true",
        "{'properties': {'a': {'$ref': '#/$defs/x%2'}}, '$defs': {'x%2': {}}} | false",
        "{'properties': {'a': {'$ref': '$defs/b'}}, '$defs': {'b': {}}} | false",
        "{'properties': {'a': {'$ref': '#/$defs/b'}}, '$defs': {'b': {}, 'c': {'$ref': '#/$defs/c'}}} | false",
    })
    void findsReferencesThatLeadNowhere(String schema, boolean supported) {
        assertThat(SchemaReferences.areSupported(json(schema), false)).isEqualTo(supported);
    }
}
