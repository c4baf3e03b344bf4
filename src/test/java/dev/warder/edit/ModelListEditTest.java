package dev.warder.edit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.edit.EditedList.ListPage;
import dev.warder.json.JsonTree;
import dev.warder.stream.ResponseEdit.ContentEdit;
import jakarta.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A page is cut out of the whole list, which has the aliases after its models. */
class ModelListEditTest {
    private static final String HAIKU =
            "{\"type\":\"model\",\"id\":\"claude-haiku\",\"capabilities\":{\"id\":\"x\",\"n\":1.0}}";
    private static final String OPUS = "{\"id\":\"claude-opus\",\"created_at\":\"2026-01-01T00:00:00Z\"}";
    private static final String UNKNOWN =
            "{\"type\":\"model\",\"id\":\"other\",\"display_name\":\"other\",\"created_at\":\"1970-01-01T00:00:00Z\"}";
    private static final String FAST = HAIKU.replace("claude-haiku", "fa\\\"st");
    private static final String NOTHING = "{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}";
    private static final ListPage ALL = new ListPage(1000, Optional.empty(), Optional.empty());
    private static final List<Integer> SIZES = List.of(1, 10, 10_000);

    @ParameterizedTest
    @CsvSource({
        "claude-haiku-4-5, claude-haiku-4-5-20251001",
        "claude-haiku-4-5-20251001, claude-haiku-4-5",
        "claude-haiku-4-5[1m], claude-haiku-4-5"
    })
    void knowsAModelWithADateToo(String target, String listed) {
        var page = OPUS.replace("claude-opus", listed);
        assertThat(edited(ALL, Map.of("a", target), Optional.empty(), "{\"data\":[" + page + "]}"))
                .contains("," + OPUS.replace("claude-opus", "a") + "]");
    }

    /** The whole list: m1, m2, m3, and the aliases a1 and a2. */
    @ParameterizedTest
    @CsvSource({
        "20, -, -, m1 m2 m3 a1 a2, false",
        "5, -, -, m1 m2 m3 a1 a2, false",
        "4, -, -, m1 m2 m3 a1, true",
        "2, -, -, m1 m2, true",
        "2, m2, -, m3 a1, true",
        "2, m3, -, a1 a2, false",
        "2, a1, -, a2, false",
        "2, a2, -, '', false",
        "2, gone, -, '', false",
        "2, -, a2, m3 a1, true",
        "2, -, m3, m1 m2, false",
        "2, -, m1, '', false",
        "2, -, gone, '', false",
        "1, m1, a2, m2, true",
        "9, a1, m2, '', false",
    })
    void cutsThePageThatIsAskedFor(int limit, String after, String before, String page, boolean more) {
        var asked = new ListPage(limit, cursor(after), cursor(before));
        var aliases = new LinkedHashMap<String, String>();
        List.of("m2", "a1", "a2").forEach(alias -> aliases.put(alias, "m1"));
        var list = JsonTree.parseObject(edited(
                        asked,
                        aliases,
                        Optional.empty(),
                        "{\"data\":[{\"id\":\"m1\"},{\"id\":\"m2\"},{\"id\":\"m3\"}]}"))
                .orElseThrow();
        var ids = list.getJsonArray("data").getValuesAs(JsonObject.class).stream()
                .map(ListedModels::id)
                .toList();
        assertThat(String.join(" ", ids)).isEqualTo(page);
        assertThat(list.getBoolean("has_more")).isEqualTo(more);
        assertThat(list.getString("first_id", "")).isEqualTo(ids.isEmpty() ? "" : ids.get(0));
        assertThat(list.getString("last_id", "")).isEqualTo(ids.isEmpty() ? "" : ids.get(ids.size() - 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "<html>",
                "{\"data\":{},\"has_more\":false}",
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
        assertThat(Pieces.edited(edit(ALL, aliases(), Optional.empty()), large, 60_000)
                        .equals(large))
                .isTrue();
    }

    @Test
    void appendsNoMoreThanAMebibyte() {
        var large = "{\"data\":[{\"id\":\"m\",\"x\":\"" + "x".repeat(500_000) + "\"}],\"has_more\":false}";
        var aliases = Map.of("a", "m", "b", "m", "c", "m", "d", "m");
        assertThat(Pieces.edited(edit(ALL, aliases, Optional.empty()), large, 60_000))
                .hasSizeBetween(1_500_000, 1_600_000);
    }

    @ParameterizedTest
    @CsvSource({
        "'A, O, B', 'A,B', claude-haiku",
        "'O, B', 'B', claude-haiku-2",
        "'7, N, null, O, A, []', 'A', claude-haiku"
    })
    void removesWhatItsReaderMayNotUse(String models, String left, String first) {
        String alias = left.contains("A") ? FAST : UNKNOWN.replace("other", "fa\\\"st");
        expectFor(
                ModelListEditTest::isHaiku,
                "{'first_id':'x','data':[" + data(models) + "],'has_more':false,'last_id':'claude-opus'}",
                "{'first_id':'" + first + "','data':[" + data(left) + "," + alias
                        + "],'has_more':false,'last_id':'fa\\'st'}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "{'models':[{'id':'claude-opus'}]}",
                "{'data':[{'id':'claude-opus'}],'has_more':false"
            })
    void showsNothingOfADocumentThatIsNoList(String document) {
        expectFor(ModelListEditTest::isHaiku, document, NOTHING);
    }

    @Test
    void showsNothingOfAListThatIsTooLargeToHold() {
        var large = "{'data':[" + HAIKU + "],'has_more':false," + " ".repeat(1 << 20) + "'x':1}";
        assertThat(Pieces.edited(edit(ALL, aliases(), Optional.of(ModelListEditTest::isHaiku)), large, 60_000))
                .isEqualTo(NOTHING);
    }

    private static Optional<String> cursor(String name) {
        return name.equals("-") ? Optional.empty() : Optional.of(name);
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
            assertThat(Pieces.edited(edit(ALL, aliases(), listed), page, size)).isEqualTo(edited);
        }
    }

    private static String edited(
            ListPage page, Map<String, String> aliases, Optional<Predicate<String>> listed, String list) {
        return Pieces.edited(edit(page, aliases, listed), list, 50);
    }

    private static Map<String, String> aliases() {
        var aliases = new LinkedHashMap<String, String>();
        aliases.put("fa\"st", "claude-haiku");
        aliases.put("other", "claude-missing");
        return aliases;
    }

    private static ContentEdit edit(ListPage page, Map<String, String> aliases, Optional<Predicate<String>> listed) {
        return new EditedList(Optional.of(page), new ListedModels(aliases, Map.of()), listed)
                .ofDocument(Optional.empty())
                .orElseThrow();
    }
}
