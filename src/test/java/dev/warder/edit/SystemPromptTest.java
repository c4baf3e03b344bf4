package dev.warder.edit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Chunks;
import dev.warder.config.Sources;
import dev.warder.json.JsonException;
import dev.warder.json.JsonOutline;
import dev.warder.json.OutlineScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's prompt and its settings. */
class SystemPromptTest {
    private static final String TEXT = "Answer briefly.";
    private static final String OURS = "{\"type\":\"text\",\"text\":\"Answer briefly.\"}";

    private static final String BEFORE =
            " {\"model\": \"claude-x\",\"n\":123456789012345678901234567890, \"r\":1.0,\"e\":1e3, \"u\":\"\\u00e9\\/é\",";

    private static final String AFTER =
            " ,\"dup\":1,\"dup\":2,\r\n\t\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\\ude00😀\"}] } \n";

    @TempDir
    private Path folder = Path.of("");

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
    void p06LeavesAnArrayThatHasOurTextUnderEscapes() {
        assertUntouched(
                "[{ \"cache_control\":{\"type\":\"ephemeral\"}, \"t\\u0065xt\" : \"Answer\\u0020briefly.\",\"type\":\"te\\u0078t\"}]");
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
    void p12KeepsAttributionUnderEscapesFirst() {
        String escaped = "{\"text\":\"\\u0078-anthropic-billing-header\",\"type\":\"text\"}";
        assertBecomes("[" + escaped + "]", "[" + escaped + "," + OURS + "]");
    }

    @Test
    void p20KeepsDuplicatesAndDeepNesting() {
        String deep = "{\"x\":[".repeat(60) + "]}".repeat(60);
        String block = "{\"type\":\"text\",\"text\":\"X\",\"text\":\"Y\",\"d\":" + deep + "}";
        assertBecomes("[" + block + "]", "[" + OURS + "," + block + "]");
    }

    @Test
    void leavesAlsoAloneWhatIsNamedWithItsSuffixOnly() {
        var prompt =
                Sources.with("prompt.skipModels", "claude-x[1m],[y]").read().prompt();
        assertThat(prompt.skips("claude-x[1m]")).isTrue();
        assertThat(prompt.skips("claude-x")).isFalse();
        assertThat(prompt.skips("claude-x[2m]")).isFalse();
        assertThat(prompt.skips("[y]")).isTrue();
    }

    @Test
    void refusesAStarInsideAModel() {
        assertThat(Sources.with("prompt.skipModels", "cl*de").problem()).startsWith("prompt.skipModels: ");
        assertThat(Sources.with("prompt.skipModels", "*").read().prompt().skips("anything"))
                .isTrue();
    }

    @Test
    void refusesAPromptFileThatIsMissingBlankOrNotUtf8() throws IOException {
        assertThat(Sources.with("prompt.text", "file:" + folder.resolve("none")).problem())
                .startsWith("prompt.text: file: does not exist");
        Path file = folder.resolve("prompt.txt");
        Files.writeString(file, " \n");
        assertThat(Sources.with("prompt.text", "file:" + file).problem()).contains("is blank");
        Files.write(file, new byte[] {'a', (byte) 0xe4});
        assertThat(Sources.with("prompt.text", "file:" + file).problem()).contains("is not UTF-8");
        Files.writeString(file, "\uFEFFtext");
        assertThat(Sources.with("prompt.text", "file:" + file).problem()).contains("byte order mark");
    }
}
