package dev.warder.edit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.LiveText;
import dev.warder.config.Sources;
import dev.warder.edit.PromptSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptSettingsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsThePrompt() {
        PromptSettings prompt = Sources.with("prompt.text", "Be brief.")
                .set("prompt.mode", "managed")
                .set("prompt.countTokens", "true")
                .set("prompt.skipModels", " claude-haiku-* , claude-x ,")
                .read()
                .prompt();
        assertThat(prompt.text().map(LiveText::current)).contains("Be brief.");
        assertThat(prompt.mode()).isEqualTo(Mode.MANAGED);
        assertThat(prompt.countTokens()).isTrue();
        assertThat(prompt.skips("claude-haiku-4")).isTrue();
        assertThat(prompt.skips("claude-x")).isTrue();
        assertThat(prompt.skips("claude-x[1m]")).isTrue();
        assertThat(prompt.skips("claude-x2")).isFalse();
        assertThat(prompt.skips("other")).isFalse();
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
