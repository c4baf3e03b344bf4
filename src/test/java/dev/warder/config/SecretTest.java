package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
    private static final String TOKEN = "planted-" + "t".repeat(20);

    @TempDir
    private Path folder = Path.of("");

    private static Secret token(Sources sources) {
        return sources.read().clients().token().orElseThrow();
    }

    @Test
    void followsEveryKindOfReference() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\r\n");
        assertThat(token(Sources.with("clients.token", "jndi:warder/secret.token")
                                .set("secret.token", TOKEN))
                        .reveal())
                .isEqualTo(TOKEN);
        assertThat(token(Sources.with("clients.token", "env:MY_TOKEN").env("MY_TOKEN", TOKEN + "\n"))
                        .reveal())
                .isEqualTo(TOKEN);
        assertThat(token(Sources.with("clients.token", "file:" + file)).reveal())
                .isEqualTo(TOKEN);
        assertThat(token(Sources.with("clients.token", "value:" + TOKEN)).reveal())
                .isEqualTo(TOKEN);
    }

    @Test
    void showsOnlyTheKindAndIsEqualToItselfOnly() {
        Secret secret = token(Sources.with("clients.token", "env:T").env("T", TOKEN));
        assertThat(secret).hasToString("Secret[env]").isNotInstanceOf(Serializable.class);
        assertThat(Secret.of(TOKEN)).hasToString("Secret[value]").isNotEqualTo(Secret.of(TOKEN));
        assertThatThrownBy(() -> Secret.of(TOKEN + "\u0001")).hasMessageNotContaining(TOKEN);
    }

    @Test
    void readsJndiAndEnvironmentOnce() {
        var sources = Sources.with("clients.token", "jndi:warder/secret.token").set("secret.token", TOKEN);
        Secret secret = token(sources);
        sources.set("secret.token", "another-" + TOKEN);
        sources.files.poll();
        assertThat(secret.reveal()).isEqualTo(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ldap://planted", "java:comp/env/x", "jndi:ldap://planted/x", "jndi:java:comp/env/x", "jndi:/x"})
    void refusesNamesWithAScheme(String reference) {
        assertThat(Sources.with("clients.token", reference).problem())
                .startsWith("clients.token: ")
                .doesNotContain("planted");
    }

    @Test
    void neverRepeatsAValueWithoutAScheme() {
        assertThat(Sources.with("clients.token", TOKEN).problem())
                .startsWith("clients.token: ")
                .contains("env:NAME")
                .doesNotContain("planted");
    }

    @Test
    void namesWhatIsMissing() {
        assertThat(Sources.with("clients.token", "jndi:warder/secret.token").problem())
                .contains("no JNDI entry warder/secret.token");
        assertThat(Sources.with("clients.token", "env:MY_TOKEN").problem())
                .contains("no environment variable MY_TOKEN");
        assertThat(Sources.with("clients.token", "env:").problem()).contains("no environment variable");
        assertThat(Sources.with("clients.token", "file:" + folder.resolve("none"))
                        .problem())
                .contains("file: does not exist")
                .doesNotContain(folder.toString());
        assertThat(Sources.with("clients.token", "file:").problem()).startsWith("clients.token: ");
    }

    @ParameterizedTest
    @CsvSource({"'',is empty", "'\n',is empty", "'a\nb',control", "'a\n\n',control", "'a\tb',control", "ä,ASCII"})
    void refusesWhatCannotTravelInAField(String content, String reason) throws IOException {
        Path file = Files.writeString(folder.resolve("pepper"), content, StandardCharsets.UTF_8);
        assertThat(Sources.with("clients.pepper", "file:" + file).problem()).contains(reason);
        assertThat(Sources.with("clients.pepper", "env:P").env("P", content).problem())
                .contains(reason);
    }

    @Test
    void namesAByteOrderMark() throws IOException {
        Path file = Files.writeString(folder.resolve("pepper"), "\ufeffkey");
        assertThat(Sources.with("clients.pepper", "file:" + file).problem()).contains("begins with a byte order mark");
    }

    @ParameterizedTest
    @ValueSource(strings = {" key", "key "})
    void refusesBlanksAtTheEnds(String content) {
        assertThat(Sources.with("clients.pepper", "env:P").env("P", content).problem())
                .contains("begins or ends with a blank");
    }

    /** A server that does not know the variable gives the text itself, which would go upstream, or be everybody's token. */
    @ParameterizedTest
    @ValueSource(strings = {"${WARDER_CLIENTS_TOKEN}", "${ALIAS=warder-token}", "${env.WARDER_CLIENTS_TOKEN}\n"})
    void refusesAPlaceholderThatTheServerDidNotReplace(String content) {
        for (String setting : new String[] {"clients.token", "clients.pepper"}) {
            assertThat(Sources.with(setting, "env:P").env("P", content).problem())
                    .contains("placeholder ${...} that the server has not replaced")
                    .doesNotContain("WARDER");
        }
    }
}
