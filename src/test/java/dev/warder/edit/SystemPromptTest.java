package dev.warder.edit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.body.Chunks;
import dev.warder.json.JsonException;
import dev.warder.json.JsonOutline;
import dev.warder.json.OutlineScanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemPromptTest {
    private static final String TEXT = "Answer briefly.";
    private static final String OURS = "{\"type\":\"text\",\"text\":\"Answer briefly.\"}";
    private static final String BILLING = "{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: cc_version=1\"}";
    private static final String BEFORE =
            " {\"model\": \"claude-x\",\"n\":123456789012345678901234567890, \"r\":1.0,\"e\":1e3, \"u\":\"\\u00e9\\/é\",";
    private static final String AFTER =
            " ,\"dup\":1,\"dup\":2,\r\n\t\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\\ude00😀\"}] } \n";

    private static String edit(String text, String document) {
        byte[] bytes = document.getBytes(UTF_8);
        Chunks body = new Chunks();
        for (int i = 0; i < bytes.length; i++) {
            body.append(bytes, i, 1);
        }
        try {
            JsonOutline outline = OutlineScanner.outline(body);
            Chunks edited = body.splice(new SystemPrompt(text).splices(outline, body));
            OutlineScanner.outline(edited);
            return new String(edited.copy(0, edited.length()), UTF_8);
        } catch (JsonException broken) {
            throw new AssertionError(document, broken);
        }
    }

    /** Everything around the value of {@code system} is compared to the byte. */
    private static void assertBecomes(String system, String expected) {
        assertThat(edit(TEXT, BEFORE + "\"system\" :" + system + AFTER))
                .isEqualTo(BEFORE + "\"system\" :" + expected + AFTER);
    }

    private static void assertUntouched(String system) {
        assertBecomes(system, system);
    }

    private static String block(String text) {
        return "{\"type\":\"text\",\"text\":\"" + text + "\"}";
    }

    @Test
    void p01InsertsBeforeTheClosingBraceWhenAbsent() {
        String document = BEFORE + "\"x\":{}" + AFTER;
        int brace = document.lastIndexOf('}');
        assertThat(edit(TEXT, document))
                .isEqualTo(document.substring(0, brace) + ",\"system\":[" + OURS + "]" + document.substring(brace));
        assertThat(edit(TEXT, "{}")).isEqualTo("{\"system\":[" + OURS + "]}");
        assertThat(edit(TEXT, "{ }")).isEqualTo("{ \"system\":[" + OURS + "]}");
    }

    @Test
    void p01LooksAtTheTopLevelOnly() {
        assertThat(edit(TEXT, "{\"a\":{\"system\":\"x\"}}"))
                .isEqualTo("{\"a\":{\"system\":\"x\"},\"system\":[" + OURS + "]}");
    }

    @Test
    void p02AndP10ReplaceEmptyTextAndNull() {
        assertBecomes("\"\"", "[" + OURS + "]");
        assertBecomes(" null ", " [" + OURS + "] ");
    }

    @Test
    void p03PutsABlockBeforeAText() {
        assertBecomes("\"X\"", "[" + OURS + "," + block("X") + "]");
        assertBecomes(" \"\\u0058\\n\\/é\" ", " [" + OURS + "," + block("\\u0058\\n\\/é") + "] ");
    }

    @Test
    void p04LeavesATextThatIsOurs() {
        assertUntouched("\"Answer briefly.\"");
        assertUntouched("\"\\u0041nswer briefly\\u002e\"");
    }

    @Test
    void p05InsertsAtTheFrontOfAnArray() {
        assertBecomes("[" + block("X") + "]", "[" + OURS + "," + block("X") + "]");
        assertBecomes("[ " + block("X") + "]", "[" + OURS + ", " + block("X") + "]");
        assertBecomes("[]", "[" + OURS + "]");
        assertBecomes("[ \n]", "[" + OURS + " \n]");
    }

    @Test
    void p06AndP07LeaveAnArrayThatHasOurText() {
        assertUntouched("[" + OURS + "," + block("X") + "]");
        assertUntouched("[" + block("X") + "," + OURS + "]");
        assertUntouched(
                "[{ \"cache_control\":{\"type\":\"ephemeral\"}, \"t\\u0065xt\" : \"Answer\\u0020briefly.\",\"type\":\"te\\u0078t\"}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"answer briefly.", "Answer briefly", "Answer briefly. And well.", " Answer briefly."})
    void p08InsertsBesideATextThatIsOnlySimilar(String similar) {
        assertBecomes("[" + block(similar) + "]", "[" + OURS + "," + block(similar) + "]");
        assertBecomes("\"" + similar + "\"", "[" + OURS + "," + block(similar) + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"Answer briefly.\"",
                "1",
                "null",
                "[\"type\",\"text\",\"Answer briefly.\"]",
                "[]",
                "{}",
                "{\"type\":\"image\",\"text\":\"Answer briefly.\"}",
                "{\"type\":\"text\",\"text\":5}",
                "{\"type\":\"text\",\"x\":{\"text\":\"Answer briefly.\"}}",
                "{\"text\":\"Answer briefly.\"}",
                "{\"type\":\"document\",\"text\":\"x-anthropic-billing-header\"}"
            })
    void p09InsertsAtTheFrontBeforeAnItemThatIsNotText(String item) {
        assertBecomes("[" + item + "]", "[" + OURS + "," + item + "]");
        assertBecomes("[" + item + ",7]", "[" + OURS + "," + item + ",7]");
    }

    @Test
    void p09DoesNotMixUpTheMembersOfTwoItems() {
        String items = "{\"type\":\"text\"},{\"text\":\"Answer briefly.\"},[\"text\"]";
        assertBecomes("[" + items + "]", "[" + OURS + "," + items + "]");
    }

    @Test
    void p11KeepsCacheMarksAndAddsNone() {
        String marked = "{\"type\":\"text\",\"text\":\"X\",\"cache_control\":{\"type\":\"ephemeral\"}}";
        assertBecomes("[" + marked + "," + marked + "]", "[" + OURS + "," + marked + "," + marked + "]");
        assertThat(OURS).doesNotContain("cache_control");
    }

    @Test
    void p12KeepsAttributionFirst() {
        assertUntouched("[" + BILLING + "," + OURS + "," + block("X") + "]");
        assertBecomes("[ " + BILLING + " ," + block("X") + "]", "[ " + BILLING + "," + OURS + " ," + block("X") + "]");
        assertBecomes("[" + BILLING + "]", "[" + BILLING + "," + OURS + "]");
        String escaped = "{\"text\":\"\\u0078-anthropic-billing-header\",\"type\":\"text\"}";
        assertBecomes("[" + escaped + "]", "[" + escaped + "," + OURS + "]");
        String text = "x-anthropic-billing-header: a; b";
        assertBecomes("\"" + text + "\"", "[" + block(text) + "," + OURS + "]");
    }

    @Test
    void p12KeepsAttributionFirstOnlyWhereItLeads() {
        assertBecomes("[" + block("X") + "," + BILLING + "]", "[" + OURS + "," + block("X") + "," + BILLING + "]");
        assertBecomes("[1," + BILLING + "]", "[" + OURS + ",1," + BILLING + "]");
        assertBecomes("\" x-anthropic-billing-header\"", "[" + OURS + "," + block(" x-anthropic-billing-header") + "]");
    }

    @Test
    void p13KeepsALongUnicodeSystemToTheByte() {
        String text = "Ünïcödé 😀 \\ud83d\\ude00 \\u4e2d文\\n".repeat(1000);
        assertBecomes("\"" + text + "\"", "[" + OURS + "," + block(text) + "]");
        assertBecomes("[" + block(text) + "]", "[" + OURS + "," + block(text) + "]");
    }

    @Test
    void p20KeepsDuplicatesAndDeepNesting() {
        String deep = "{\"x\":[".repeat(60) + "]}".repeat(60);
        String block = "{\"type\":\"text\",\"text\":\"X\",\"text\":\"Y\",\"d\":" + deep + "}";
        assertBecomes("[" + block + "]", "[" + OURS + "," + block + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "false", "{}", "{\"type\":\"text\",\"text\":\"X\"}"})
    void leavesASystemOfAnotherType(String system) {
        assertUntouched(system);
    }

    @Test
    void escapesTheTextAndFindsItAgain() {
        String text = "a \"quote\" \\ slash / \n\t\b\u0001 é € 😀 \u2028";
        String once = edit(text, "{\"model\":\"m\"}");
        assertThat(once).contains("a \\\"quote\\\" \\\\ slash / \\n\\t\\u0008\\u0001 é € 😀 \u2028");
        assertThat(edit(text, once)).isEqualTo(once);
        String escaped =
                once.replace("😀", "\\ud83d\\ude00").replace("é", "\\u00E9").replace("/", "\\/");
        assertThat(edit(text, escaped)).isEqualTo(escaped);
    }

    @Test
    void refusesABlankText() {
        assertThatThrownBy(() -> new SystemPrompt(" \n")).isInstanceOf(IllegalArgumentException.class);
    }
}
