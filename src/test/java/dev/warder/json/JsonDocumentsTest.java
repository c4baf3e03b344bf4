package dev.warder.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbProperty;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonDocumentsTest {
    /** Its constant and its methods are no members. */
    @SuppressWarnings("unused")
    private record Sample(
            String zeta,
            Optional<String> alpha,
            @JsonbProperty("snake_case") long snakeCase,
            Optional<Boolean> flag,
            Optional<Long> count,
            List<Part> parts,
            Optional<List<String>> names,
            Optional<Part> last) {
        static final String CONSTANT = "not a member";

        boolean isEmpty() {
            return parts.isEmpty();
        }

        String getOther() {
            return "not a member";
        }
    }

    private record Part(int a) {}

    private record Failing(List<String> items) {}

    @Test
    void writesComponentsInOrderAndLeavesOutWhatIsEmpty() {
        var none = new Sample(
                "z",
                Optional.empty(),
                -1,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        assertThat(JsonDocuments.text(none)).isEqualTo("{\"zeta\":\"z\",\"snake_case\":-1,\"parts\":[]}");
        var all = new Sample(
                "z",
                Optional.of("a"),
                Long.MAX_VALUE,
                Optional.of(false),
                Optional.of(0L),
                List.of(new Part(1), new Part(1)),
                Optional.of(List.of()),
                Optional.of(new Part(2)));
        assertThat(JsonDocuments.text(all))
                .isEqualTo(
                        "{\"zeta\":\"z\",\"alpha\":\"a\",\"snake_case\":9223372036854775807,\"flag\":false,\"count\":0,"
                                + "\"parts\":[{\"a\":1},{\"a\":1}],\"names\":[],\"last\":{\"a\":2}}");
    }

    private record Page<T>(List<T> data, @JsonbProperty(nillable = true) Optional<String> next) {}

    private record Embedding(
            JsonObject tree,
            @JsonbProperty(nillable = true) Optional<NullablePart> none,
            @JsonbProperty(nillable = true) Optional<NullablePart> some,
            Optional<Object> part,
            Optional<Object> any,
            Optional<Long> number) {}

    private record NullablePart(String b, @JsonbProperty(nillable = true) Optional<String> c) {}

    /** What documents embed: trees, records that may be null, and items of any type. */
    @Test
    void embedsTreesAsTheyAreAndRecordsThatMayBeNull() {
        String text = "{\"z\":[1.50,1E+3,null,true,\"\\u0001</\",{\"A\":{}}],\"a\":null,\"x\":123456789012345678}";
        var tree = JsonTree.parseObject(text).orElseThrow();
        var embedding = new Embedding(
                tree,
                Optional.empty(),
                Optional.of(new NullablePart("b", Optional.empty())),
                Optional.of(new Part(1)),
                Optional.of(JsonValue.NULL),
                Optional.of(5L));
        String all = "{\"tree\":" + text + ",\"none\":null,\"some\":{\"b\":\"b\",\"c\":null},\"part\":{\"a\":1},"
                + "\"any\":null,\"number\":5}";
        assertThat(JsonDocuments.text(new Page<Record>(List.of(embedding, new Part(2)), Optional.empty())))
                .isEqualTo("{\"data\":[" + all + ",{\"a\":2}],\"next\":null}");
        assertThat(JsonDocuments.text(new Page<>(List.of(tree), Optional.of("p"))))
                .isEqualTo("{\"data\":[" + text + "],\"next\":\"p\"}");
        var empty = new Embedding(
                JsonValue.EMPTY_JSON_OBJECT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(JsonDocuments.text(empty)).isEqualTo("{\"tree\":{},\"none\":null,\"some\":null}");
    }

    /** Every string is escaped as in a tree. */
    @Test
    void escapesAsTreesDo() {
        var text = new StringBuilder();
        for (char c = 0; c < 0x2100; c++) {
            text.append(c);
        }
        text.append("\ud83d\ude00").append('\ud83d');
        var items = new Failing(List.of(text.toString()));
        String tree = JsonTree.newObject()
                .add("items", JsonTree.newArray(items.items()))
                .build()
                .toString();
        assertThat(JsonDocuments.text(items)).isEqualTo(tree);
        assertThat(new String(JsonText.utf8(JsonDocuments.text(items)), StandardCharsets.UTF_8))
                .endsWith("\ud83d\ude00\\ud83d\"]}");
    }

    @Test
    void saysNothingOfADocumentThatCannotBeWritten() {
        var items = new AbstractList<String>() {
            @Override
            public String get(int index) {
                throw new IllegalStateException("planted-secret");
            }

            @Override
            public int size() {
                return 1;
            }

            @Override
            public int hashCode() {
                return 1;
            }
        };
        assertThatThrownBy(() -> JsonDocuments.text(new Failing(items)))
                .isInstanceOf(IllegalStateException.class)
                .satisfies(failure -> {
                    var trace = new StringWriter();
                    failure.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).contains("Failing").doesNotContain("planted-secret");
                });
    }
}
