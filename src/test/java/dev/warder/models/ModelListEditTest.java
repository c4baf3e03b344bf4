package dev.warder.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aliases follow the models of the last page, whose other bytes stay. */
class ModelListEditTest {
    private static final String HAIKU =
            "{ \"type\":\"model\", \"id\" : \"claude-haiku\",\"capabilities\":{\"id\":\"x\",\"batch\":{\"supported\":true}} }";
    private static final String OPUS = "{\"id\":\"claude-opus\",\"created_at\":\"2026-01-01T00:00:00Z\"}";
    private static final String UNKNOWN =
            "{\"type\":\"model\",\"id\":\"other\",\"display_name\":\"other\",\"created_at\":\"1970-01-01T00:00:00Z\"}";
    private static final List<Integer> SIZES = List.of(1, 10, 10_000);

    @Test
    void appendsEachAliasAsItsModel() {
        var page = "{\"data\" : [" + HAIKU + ", " + OPUS + "\n],\"has_more\":false,\"last_id\":\"claude-opus\"}\n";
        expect(page, page.replace("\n]", "\n," + HAIKU.replace("claude-haiku", "fa\\\"st") + "," + UNKNOWN + "]"));
    }

    @Test
    void appendsToAnEmptyList() {
        expect(
                "{\"has_more\":false,\"data\":[ ]}",
                "{\"has_more\":false,\"data\":[ " + UNKNOWN.replace("other", "fa\\\"st") + "," + UNKNOWN + "]}");
    }

    @Test
    void listsNoNameTwice() {
        var page = "{\"data\":[{\"id\":\"other\"},7,{\"id\":\"fa\\u0022st\"}],\"has_more\":false}";
        expect(page, page);
    }

    @Test
    void escapesWhatTheListWrote() {
        var page =
                "{\"data\":[{\"id\":\"claude-ha\\u0069ku\"},null,[{\"id\":\"other\"}],{\"id\":1}],\"has_more\":false}";
        expect(page, page.replace("],\"has", ",{\"id\":\"fa\\\"st\"}," + UNKNOWN + "],\"has"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "<html>",
                "{\"data\":[],\"has_more\":true}",
                "{\"data\":[],\"has_more\":null}",
                "{\"data\":[]}",
                "{\"data\":{},\"has_more\":false}",
                "{\"data\":[],\"data\":[],\"has_more\":false}",
                "{\"data\":[],\"data\":[],\"data\":[],\"has_more\":false}",
                "{\"data\":[],\"x\":{\"has_more\":false}}",
                "{\"x\":{\"data\":[]},\"has_more\":false}",
                "{\"data\":[],\"has_more\":false",
                "{\"has_more\":false}"
            })
    void passesAnyOtherDocument(String document) {
        expect(document, document);
    }

    @Test
    void passesAListThatIsTooLargeToHold() {
        var large = "{\"data\":[],\"has_more\":false," + " ".repeat(1 << 20) + "\"x\":1}";
        assertThat(Pieces.edited(new ModelListEdit(aliases()), large, 60_000).equals(large))
                .isTrue();
    }

    @Test
    void passesAListWhoseAliasesWouldMakeItTooLarge() {
        var large = "{\"data\":[{\"id\":\"m\",\"x\":\"" + "x".repeat(500_000) + "\"}],\"has_more\":false}";
        var aliases = Map.of("a", "m", "b", "m", "c", "m", "d", "m");
        assertThat(Pieces.edited(new ModelListEdit(aliases), large, 60_000).equals(large))
                .isTrue();
    }

    private static void expect(String page, String edited) {
        for (int size : SIZES) {
            assertThat(Pieces.edited(new ModelListEdit(aliases()), page, size)).isEqualTo(edited);
        }
    }

    private static Map<String, String> aliases() {
        var aliases = new LinkedHashMap<String, String>();
        aliases.put("fa\"st", "claude-haiku");
        aliases.put("other", "claude-missing");
        return aliases;
    }
}
