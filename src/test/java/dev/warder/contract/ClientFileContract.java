package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.auth.TokenHash;
import dev.warder.config.Secret;
import dev.warder.testkit.Container;
import dev.warder.testkit.Limit;
import dev.warder.testkit.LogLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Files that change under a running gateway: access tokens, and the secrets behind {@code file:}. Warder looks at them
 * every 2 s and says in the log what it found, which is what these tests wait for.
 */
class ClientFileContract extends GroundContract {
    private static final Duration PATIENCE = Limit.seconds(10);
    private static final String PEPPER = "pepper-" + "mill0".repeat(4);

    private final AccessToken build = AccessToken.generate(new SecureRandom());
    private final AccessToken editor = AccessToken.generate(new SecureRandom());
    private final TokenHash peppered = TokenHash.of(Optional.of(Secret.of(PEPPER)));
    private Path clients;
    private Path key;
    private Container container;
    private int version;

    @BeforeAll
    final void prepare() throws Exception {
        clients = folder.resolve("clients.txt");
        key = folder.resolve("key.txt");
        ground.log().plant(build.reveal(), editor.reveal(), PEPPER);
        Files.write(clients, List.of(line(build, "build")));
        Files.writeString(key, Contract.MANAGED_KEY + "\n");
        container = ground.container(
                "files",
                ground.bare()
                        .with("clients.file", clients.toString())
                        .withSecret("clients.pepper", PEPPER)
                        .with("upstream.credentials", "rotated=file:" + key));
        assertThat(container.deployed()).isTrue();
    }

    @BeforeEach
    final void startAnew() throws Exception {
        ground.log().clear();
        replace(clients, line(build, "build") + "\n# version " + ++version + "\n");
        await("clients.file: file clients.txt: reloaded");
        ground.log().clear();
        ground.upstream().clear();
    }

    @Test
    void takesANewTokenWithoutARestartAndRevokesARemovedOne() throws Exception {
        replace(clients, line(editor, "editor") + "\n");
        await("clients.file: file clients.txt: reloaded");
        assertThat(status(editor)).isEqualTo(200);
        assertThat(status(build)).isEqualTo(401);
    }

    @Test
    void keepsTheOldVersionWhenTheNewOneIsBroken() throws Exception {
        replace(clients, "# new\n" + line(editor, "editor") + "\nresearch sha256=" + "0".repeat(63) + "\n");
        var warning = await("clients.file: file clients.txt: line 3 ");
        assertThat(warning.level()).isEqualTo(Level.WARNING);
        assertThat(warning.text()).contains("needs id=", "stays in use").doesNotContain("research", folder.toString());
        assertThat(status(build)).isEqualTo(200);
        assertThat(status(editor)).isEqualTo(401);
    }

    @Test
    void keepsTheOldVersionWhenTheFileVanishesAndTakesItsReturn() throws Exception {
        Files.delete(clients);
        assertThat(await("clients.file: file clients.txt: does not exist").level())
                .isEqualTo(Level.WARNING);
        assertThat(status(build)).isEqualTo(200);
        replace(clients, line(editor, "editor"));
        await("reloaded");
        assertThat(status(editor)).isEqualTo(200);
        assertThat(status(build)).isEqualTo(401);
        ground.log().clear();
        replace(clients, "# nobody\n");
        await("reloaded");
        assertThat(status(editor)).isEqualTo(401);
    }

    @Test
    void heedsExpiryAndPepperOfTheNewVersion() throws Exception {
        var research = AccessToken.generate(new SecureRandom());
        ground.log().plant(research.reveal());
        replace(
                clients,
                String.join(
                        "\n",
                        line(build, "build") + " expires=2020-01-01T00:00:00Z",
                        line(editor, "editor") + " expires=2999-01-01T00:00:00Z",
                        research.line("research")));
        await("reloaded");
        assertThat(status(build)).isEqualTo(401);
        assertThat(status(editor)).isEqualTo(200);
        assertThat(status(research)).isEqualTo(401);
    }

    @Test
    void rotatesTheManagedKeyWithoutARestartAndKeepsItWhenTheFileIsEmptied() throws Exception {
        var rotated = "sk-" + "ant-api03-" + "rotated0".repeat(5);
        ground.log().plant(rotated);
        replace(key, rotated);
        await("upstream.credentials: file key.txt: reloaded");
        assertThat(sentKey()).containsExactly(rotated);
        replace(key, "\n");
        assertThat(await("upstream.credentials: file key.txt: is empty").level())
                .isEqualTo(Level.WARNING);
        assertThat(sentKey()).containsExactly(rotated);
    }

    private List<String> sentKey() throws Exception {
        ground.upstream().clear();
        assertThat(status(build)).isEqualTo(200);
        return ground.upstream().take().fields().values("x-api-key");
    }

    private int status(AccessToken token) throws IOException {
        var request = Ground.request(container, "GET", "/v1/models").field("x-api-key", token.reveal());
        return Ground.send(container, request).status();
    }

    private LogLine await(String words) throws InterruptedException {
        return ground.log().await("dev.warder.config", text -> text.contains(words), PATIENCE);
    }

    private String line(AccessToken token, String name) {
        return token.line(name, peppered);
    }

    /** As careful administrators do it: the new version is whole before it has the name. */
    private void replace(Path file, String text) throws IOException {
        var fresh = Files.writeString(folder.resolve("fresh"), text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
