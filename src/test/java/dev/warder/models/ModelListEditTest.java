package dev.warder.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Aliases follow the models of the last page, whose other bytes stay. */
class ModelListEditTest {
    private static final String HAIKU =
            "{ \"type\":\"model\", \"id\" : \"claude-haiku\",\"capabilities\":{\"id\":\"x\",\"batch\":{\"supported\":true}} }";
    private static final String OPUS = "{\"id\":\"claude-opus\",\"created_at\":\"2026-01-01T00:00:00Z\"}";
    private static final String UNKNOWN =
            "{\"type\":\"model\",\"id\":\"other\",\"display_name\":\"other\",\"created_at\":\"1970-01-01T00:00:00Z\"}";
    private static final String FAST = UNKNOWN.replace("other", "fa\\\"st");
    private static final String NOTHING = "{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}";
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
        assertThat(Pieces.edited(new ModelListEdit(aliases(), Optional.empty()), large, 60_000)
                        .equals(large))
                .isTrue();
    }

    @Test
    void passesAListWhoseAliasesWouldMakeItTooLarge() {
        var large = "{\"data\":[{\"id\":\"m\",\"x\":\"" + "x".repeat(500_000) + "\"}],\"has_more\":false}";
        var aliases = Map.of("a", "m", "b", "m", "c", "m", "d", "m");
        assertThat(Pieces.edited(new ModelListEdit(aliases, Optional.empty()), large, 60_000)
                        .equals(large))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'A, O, B', 'A,B', claude-haiku, claude-haiku-2",
        "'O, B', 'B', claude-haiku-2, claude-haiku-2",
        "'7, N, null, O, A, []', 'A', claude-haiku, claude-haiku"
    })
    void removesWhatItsReaderMayNotUse(String models, String left, String first, String last) {
        String alias = left.contains("A") ? HAIKU.replace("claude-haiku", "fa\\\"st") : FAST;
        expectFor(
                ModelListEditTest::isHaiku,
                "{'first_id':'x','data':[" + data(models) + "],'has_more':false,'last_id':'claude-opus'}",
                "{'first_id':'" + first + "','data':[" + data(left) + "," + alias + "],'has_more':false,'last_id':'"
                        + last + "'}");
    }

    @Test
    void leavesAnEmptyListWhereNothingMayBeUsed() {
        String page =
                "{'data':[" + data("O,O") + "],'has_more':false,'first_id':'claude-opus','last_id':'claude-opus'}";
        String empty = "{'data':[],'has_more':false,'first_id':null,'last_id':null}";
        expectFor(name -> false, page, empty);
        expectFor(name -> false, empty, empty);
    }

    /** A client sends the last name of this page to get the next one, even if it may not use that model. */
    @Test
    void keepsTheCursorsOfAPageThatIsNotTheLast() {
        String page = "{'data':[%s],'has_more':true,'first_id':'claude-opus','last_id':'claude-opus'}";
        expectFor(ModelListEditTest::isHaiku, page.formatted(data("O,A,O")), page.formatted(data("A")));
        expectFor(ModelListEditTest::isHaiku, page.formatted(data("O")), page.formatted(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "{'data':[{'id':'claude-opus'}],'data':[],'has_more':false}",
                "{'models':[{'id':'claude-opus'}]}",
                "{'data':[{'id':'claude-opus'}],'has_more':false"
            })
    void showsNothingOfADocumentThatIsNoList(String document) {
        expectFor(ModelListEditTest::isHaiku, document, NOTHING);
    }

    @Test
    void showsNothingOfAListThatIsTooLargeToHold() {
        var large = "{'data':[" + HAIKU + "],'has_more':false," + " ".repeat(1 << 20) + "'x':1}";
        assertThat(Pieces.edited(new ModelListEdit(aliases(), Optional.of(ModelListEditTest::isHaiku)), large, 60_000))
                .isEqualTo(NOTHING);
    }

    /** A and B may be used, O may not, and N has no name. */
    private static String data(String models) {
        return models.replace("A", HAIKU)
                .replace("B", "{'id':'claude-haiku-2'}")
                .replace("O", OPUS)
                .replace("N", "{'name':'claude-haiku'}");
    }

    private static boolean isHaiku(String name) {
        return name.startsWith("claude-haiku") || name.equals("fa\"st");
    }

    private static void expectFor(Predicate<String> listed, String page, String edited) {
        expectFor(Optional.of(listed), page.replace('\'', '"'), edited.replace('\'', '"'));
    }

    private static void expect(String page, String edited) {
        expectFor(Optional.empty(), page, edited);
    }

    private static void expectFor(Optional<Predicate<String>> listed, String page, String edited) {
        for (int size : SIZES) {
            assertThat(Pieces.edited(new ModelListEdit(aliases(), listed), page, size))
                    .isEqualTo(edited);
        }
    }

    private static Map<String, String> aliases() {
        var aliases = new LinkedHashMap<String, String>();
        aliases.put("fa\"st", "claude-haiku");
        aliases.put("other", "claude-missing");
        return aliases;
    }
}
