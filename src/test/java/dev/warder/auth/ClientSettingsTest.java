package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.config.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientSettingsTest {
    private static final String TOKEN = "planted-" + "t".repeat(20);

    @TempDir
    private Path folder = Path.of("");

    private static Secret token(Sources sources) {
        return sources.read().clients().token().orElseThrow();
    }

    @Test
    void namesTheVariableOfASecretThatIsTooShort() {
        var sources = Sources.with("clients.token", "env:TOKEN").env("TOKEN", "t".repeat(15));
        assertThat(sources.problems())
                .containsExactly("clients.token: env:TOKEN has 15 characters; 16 to 512 are needed"
                        + " (JNDI warder/clients.token)");
    }

    @Test
    void refusesOpenAccessTogetherWithTokens() throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), "# none\n");
        var sources = Sources.with("clients.open", true);
        assertThat(sources.read().clients().configured()).isTrue();
        sources.set("clients.file", file.toString());
        assertThat(sources.problem()).startsWith("clients.open: ");
        sources.set("clients.file", "").set("clients.token", "value:" + "t".repeat(20));
        assertThat(sources.problem()).startsWith("clients.open: ");
    }

    @Test
    void takesAClientsFileThatCanBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), "# none\n");
        assertThat(Sources.with("clients.file", file.toString())
                        .read()
                        .clients()
                        .file())
                .contains(file.toAbsolutePath());
        assertThat(Sources.with("clients.file", folder.resolve("other").toString())
                        .problem())
                .startsWith("clients.file: file: ");
        assertThat(Sources.with("clients.file", folder.toString()).problem()).startsWith("clients.file: ");
        assertThat(Sources.with("clients.file", "file:" + file).problem()).contains("plain path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "x-api-key",
                "HOST",
                "Content-Length",
                "transfer-encoding",
                "Connection",
                "Cookie",
                "anthropic-beta",
                "Proxy-Authorization",
                "Sec-Token",
                "with blank",
                "with:colon",
                "tökén"
            })
    void refusesFieldsThatMeanSomethingElse(String name) {
        assertThat(Sources.with("clients.header", name).problem()).startsWith("clients.header: ");
    }

    @Test
    void takesAnotherDedicatedField() {
        assertThat(Sources.with("clients.header", "X-Gateway_Key")
                        .read()
                        .clients()
                        .header())
                .isEqualTo("X-Gateway_Key");
    }

    @Test
    void holdsAccessTokensToTheirRules() {
        var sources = Sources.with("clients.token", "env:T");
        for (String bad : new String[] {"t".repeat(15), "t".repeat(513), "with a blank " + TOKEN}) {
            assertThat(sources.env("T", bad).problem()).contains("16 to 512");
        }
        assertThat(sources.env("T", "sk-" + "ant-" + TOKEN).problem())
                .contains("Anthropic credential")
                .doesNotContain(TOKEN);
        assertThat(token(sources.env("T", "t".repeat(16))).reveal()).hasSize(16);
        assertThat(token(sources.env("T", "t".repeat(512))).reveal()).hasSize(512);
    }
}
