package dev.warder.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Bodies;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\": 1, \"a\": 2}",
                "{\"a\": 1, \"\\u0061\": 1}",
                "{\"b\": [{\"a\": {}, \"a\": null}]}",
                "{\"a\": 1e99999999999}",
                "{\"a\": 1E-99999999999}",
            })
    void readsNothingOfWhatItCouldNotKeep(String text) {
        assertThat(JsonTree.parseDistinctObject(text)).isEmpty();
        assertThat(JsonTree.parseDistinctObject(Bodies.of(text))).isEmpty();
        assertThat(JsonTree.parseWholeDistinctObject(text)).isEmpty();
    }

    @Test
    void readsNothingOfWhatIsTooDeep() {
        String deep = "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
        assertThat(JsonTree.parse(deep)).isEmpty();
        assertThat(JsonTree.parseObject(deep)).isEmpty();
        assertThat(JsonTree.parseLeadingObject(deep)).isEmpty();
        assertThat(JsonTree.parseDistinctObject(deep)).isEmpty();
        assertThat(JsonTree.parseWholeDistinctObject(deep)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{}x", "{} {}", "nul", "{\"a\": 1e99999999999}", "\"\\x\"", "{\"a\":01}"})
    void parsesNothingButAWholeDocument(String text) {
        assertThat(JsonTree.parse(text)).isEmpty();
        assertThat(JsonTree.parseObject(text)).isEmpty();
        assertThat(JsonTree.parseWholeDistinctObject(text)).isEmpty();
    }

    @Test
    void readsAWholeObjectOfDistinctMembers() {
        String text = " {\"a\": [{\"b\": 1}, {\"b\": 2}]} \n";
        assertThat(JsonTree.parseWholeDistinctObject(text))
                .isEqualTo(JsonTree.parseObject(text))
                .isPresent();
    }

    @Test
    void parsesAnyValue() {
        assertThat(JsonTree.parse(" null \n")).contains(JsonValue.NULL);
        assertThat(JsonTree.parse("[1,\"a\"]").map(JsonValue::toString)).contains("[1,\"a\"]");
        assertThat(JsonTree.parseObject("[1]")).isEmpty();
        assertThat(JsonTree.parseObject(" {\"a\":1,\"a\":2} ").map(JsonValue::toString))
                .contains("{\"a\":2}");
    }

    @Test
    void parsesPartOfAnArray() {
        byte[] bytes = "xx{\"a\":\"\u00e4\"}yy".getBytes(StandardCharsets.UTF_8);
        assertThat(JsonTree.parseObject(bytes, 2, bytes.length - 2).map(JsonValue::toString))
                .contains("{\"a\":\"\u00e4\"}");
        assertThat(JsonTree.parseObject(bytes, 0, bytes.length)).isEmpty();
    }

    @Test
    void ignoresWhatFollowsALeadingObject() {
        assertThat(JsonTree.parseLeadingObject("{\"a\":1} trailing").map(JsonValue::toString))
                .contains("{\"a\":1}");
        assertThat(JsonTree.parseLeadingObject("x{\"a\":1}")).isEmpty();
        assertThat(JsonTree.parseLeadingObject("[]")).isEmpty();
        assertThat(JsonTree.parseLeadingObject("")).isEmpty();
    }

    @Test
    void readsABodyAsItsText() {
        String text = "{\"a\":\"\u00e4\"}";
        assertThat(JsonTree.parseDistinctObject(Bodies.of(text))).isEqualTo(JsonTree.parseDistinctObject(text));
        assertThat(JsonTree.parseDistinctObject(Bodies.of("{} {}"))).isEmpty();
    }

    /** Whichever method reads it, so that no caller has to think of it. */
    @Test
    void readsNothingThatWouldFillTheMemory() {
        String most = "{\"a\":[" + "1,".repeat(ValueCount.MOST - 4) + "1]}";
        String more = "{\"a\":[" + "1,".repeat(ValueCount.MOST - 3) + "1]}";
        assertThat(JsonTree.parse(more)).isEmpty();
        assertThat(JsonTree.parseObject(more)).isEmpty();
        assertThat(JsonTree.parseLeadingObject(more + "x")).isEmpty();
        assertThat(JsonTree.parseDistinctObject(more)).isEmpty();
        assertThat(JsonTree.parseWholeDistinctObject(more)).isEmpty();
        assertThat(JsonTree.parseDistinctObject(Bodies.of(more))).isEmpty();
        assertThat(JsonTree.parseDistinctObject(Bodies.of(most)).orElseThrow().getJsonArray("a"))
                .hasSize(ValueCount.MOST - 3);
        assertThat(JsonTree.parseWholeDistinctObject(most)).isPresent();
    }

    @Test
    void readsNumbersAsTheyAre() {
        String text = "{\"a\":1.50,\"b\":9007199254740993,\"c\":1E+9,\"d\":1e-400}";
        assertThat(JsonTree.parseDistinctObject(text).orElseThrow().toString().toLowerCase(Locale.ROOT))
                .isEqualTo(text.toLowerCase(Locale.ROOT));
    }

    @Test
    void readsMoreThanTheParsersOwnLimit() {
        String text = "x".repeat(16 << 20);
        assertThat(JsonTree.parseDistinctObject("{\"a\":\"" + text + "\"}")
                        .orElseThrow()
                        .getString("a"))
                .isEqualTo(text);
    }

    @Test
    void countsEveryNameAndValue() {
        assertThat(count("{}")).isEqualTo(1);
        assertThat(count("{\"a\":0}")).isEqualTo(3);
        assertThat(count("{\"a\":[1,true,null,\"x,y,z\",{}]}")).isEqualTo(8);
    }

    /** A parser of JSON-P goes deeper than the scanner that counts. */
    @Test
    void hasNoDocumentThatHidesWhatIsNotCounted() {
        String values = "1,".repeat(ValueCount.MOST) + "1]";
        assertThat(ValueCount.fits("[" + "1,".repeat(ValueCount.MOST - 2) + "1]"))
                .isTrue();
        assertThat(ValueCount.fits("[" + "1,".repeat(ValueCount.MOST - 1) + "1]"))
                .isFalse();
        assertThat(ValueCount.fits("[" + "[".repeat(200) + "]".repeat(200) + "," + values))
                .isFalse();
        assertThat(ValueCount.fits("[" + "[".repeat(200) + "]".repeat(200) + "]"))
                .isTrue();
    }

    private static int count(String json) {
        var values = new ValueCount();
        assertThat(values.add(json)).isTrue();
        return values.count();
    }
}
