package dev.warder.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.LogCapture;
import dev.warder.config.Secret;
import dev.warder.config.Sources;
import dev.warder.config.WatchedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiSettingsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsEverySetting() {
        OpenAiSettings openAi = Sources.with("openai.enabled", "false")
                .set("openai.models", "gpt-*=claude-opus-5; o3 = claude-sonnet-5-5")
                .set("openai.defaultModel", "claude-haiku-5-5")
                .set("openai.maxTokens", 1)
                .set("openai.reasoning", "false")
                .set("openai.reasoningKey", "value:the first of two keys; value:the second of two keys")
                .read()
                .openAi();
        assertThat(openAi.enabled()).isFalse();
        assertThat(openAi.maxTokens()).isEqualTo(1);
        assertThat(openAi.reasoning()).isFalse();
        assertThat(openAi.reasoningKeys())
                .extracting(Secret::reveal)
                .containsExactly("the first of two keys", "the second of two keys");
        assertThat(openAi.models().get().resolve("gpt-4o")).contains("claude-opus-5");
        assertThat(openAi.models().get().resolve("llama")).contains("claude-haiku-5-5");
        assertThat(openAi.models().get().aliases()).containsExactly("o3");
    }

    @Test
    void followsTheFileOfModels() throws IOException {
        Path file = Files.writeString(folder.resolve("models"), "# names\ngpt-*=a\n");
        var sources = Sources.with("openai.models", "file:" + file).set("openai.defaultModel", "d");
        var models = sources.read().openAi().models();
        assertThat(models.get().resolve("gpt-4o")).contains("a");
        Files.writeString(file, "gpt-4o=bb\n/x;y/=c\n");
        sources.files.poll();
        assertThat(models.get().resolve("gpt-4o")).contains("bb");
        assertThat(models.get().resolve("x;y")).contains("c");
        assertThat(models.get().resolve("llama")).contains("d");
    }

    @Test
    void keepsTheModelsWhenTheNewVersionIsBadAndSaysItOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("models"), "gpt-4o=a\n");
        var sources = Sources.with("openai.models", "file:" + file);
        var models = sources.read().openAi().models();
        try (var log = new LogCapture(WatchedFile.class)) {
            Files.writeString(file, "gpt-4o=b\nplanted-text\n");
            sources.files.poll();
            sources.files.poll();
            assertThat(models.get().resolve("gpt-4o")).contains("a");
            assertThat(log.warnings()).singleElement().asString().contains("openai.models", "line 2: ");
            assertThat(log.all().toString()).doesNotContain("planted-text", folder.toString());
        }
        Files.writeString(file, "gpt-4o=c\n");
        sources.files.poll();
        assertThat(models.get().resolve("gpt-4o")).contains("c");
    }

    @Test
    void followsTheFileOfCapabilities() throws IOException {
        Path file = Files.writeString(folder.resolve("rows.json"), "{\"data\": [{\"id\": \"mine\"}]}\n");
        var sources = Sources.with("openai.capabilities", "file: " + file);
        var rows = sources.read().openAi().capabilities();
        assertThat(rows.get().getJsonArray("data").getJsonObject(0).getString("id"))
                .isEqualTo("mine");
        var before = rows.get();
        sources.files.poll();
        assertThat(rows.get()).isSameAs(before);
        Files.writeString(file, "{\"data\": [{\"ids\": [\"one\", \"two\"]}, {\"id\": \"three\"}]}");
        sources.files.poll();
        assertThat(rows.get().getJsonArray("data")).hasSize(2);
        Files.writeString(file, "{\"data\": [{\"ids\": [\"one\"");
        sources.files.poll();
        assertThat(rows.get().getJsonArray("data")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai.enabled      | yes         | must be true or false",
                "openai.reasoning    | 1           | must be true or false",
                "openai.reasoningKey | value:fifteen letters | the secret of value: must have at least 16 characters",
                "openai.reasoningKey | no reference | must be a reference to a secret: jndi:NAME, env:NAME, file:PATH or, discouraged, value:TEXT",
                "openai.maxTokens    | 0           | must be a number from 1 to 9999999",
                "openai.maxTokens    | -1          | must be a number from 1 to 9999999",
                "openai.defaultModel | two words   | must be visible ASCII characters without blanks",
                "openai.models       | a=b; c; =d  | entry 2: must be PATTERN=MODEL; entry 3: needs a pattern and a model",
                "openai.models       | a*b=c       | entry 1: may have * only at the beginning or the end of the pattern",
                "openai.models       | /(/=c       | entry 1: has a regular expression that cannot be read",
                "openai.models       | file:none   | file: does not exist",
                "openai.capabilities | rows.json   | must be file:PATH",
                "openai.capabilities | file:none   | file: does not exist",
                "limits.event        | 1023        | must be at least 1024 bytes",
                "limits.event        | 1025m       | must be at most 1g",
                "limits.event        | 16mb        | must be a size such as 65536, 512k, 32m, 1g, or as a part of the heap 30%",
            })
    void saysWhatIsWrongWithAValue(String setting, String value, String reason) {
        assertThat(Sources.with(setting, value).problem())
                .isEqualTo(setting + ": " + reason + " (JNDI warder/" + setting + ")");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "# rows               | is no JSON",
                "{'data': [           | is no JSON",
                "{'data': []} x       | is no JSON",
                "[]                   | is not {'data': [...]}",
                "{'data': {}}         | is not {'data': [...]}",
                "{'data': [1]}        | row 1 needs 'id' or 'ids' with the names of models",
                "{'data': [{'id':''}]} | row 1 needs 'id' or 'ids' with the names of models",
                "{'data': [{'ids':[]}]} | row 1 needs 'id' or 'ids' with the names of models",
                "{'data': [{'id':'a'}, {'ids':['b', 1]}]} | row 2 needs 'id' or 'ids' with the names of models",
            })
    void saysWhatIsWrongWithTheFileOfCapabilities(String content, String reason) throws IOException {
        Path file = Files.writeString(folder.resolve("rows.json"), content.replace('\'', '"'));
        assertThat(Sources.with("openai.capabilities", "file:" + file).problem())
                .isEqualTo("openai.capabilities: file: " + reason.replace('\'', '"')
                        + " (JNDI warder/openai.capabilities)");
    }
}
