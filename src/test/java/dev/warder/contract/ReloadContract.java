package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.auth.TokenHash;
import dev.warder.config.Secret;
import dev.warder.testkit.Container;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code clients.file}, a secret's file and {@code openai.models} change under load, 21 times in all, 1,002 with {@code
 * -Plong}: no request fails, and none sees one half of a version with the other half of another one. Each file names
 * its version twice, so that a mix is seen.
 *
 * <p>Files that change under a running gateway: access tokens, and the secrets behind {@code file:}. Warder looks at
 * them every 2 s and says in the log what it found, which is what these tests wait for.
 */
class ReloadContract extends GroundContract {
    private static final int ROUNDS = Boolean.getBoolean("warder.long") ? 334 : 7;
    private static final String KEY = "sk-" + "ant-api03-";
    private static final Pattern HALVES = Pattern.compile("(\\d{6})-(\\d{6})");
    private static final Pattern ALIAS = Pattern.compile("\"id\":\"(first|second)-(\\d{6})\"");
    private static final String PEPPER = "pepper-" + "mill0".repeat(4);
    private final AccessToken build = AccessToken.generate(new SecureRandom());
    private final AccessToken editor = AccessToken.generate(new SecureRandom());
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final TokenHash peppered = new TokenHash(Optional.of(Secret.of(PEPPER)));
    private Path clients;
    private Path key;
    private Container container;
    private int version;

    @Test
    void servesEveryRequestByOneVersion(@TempDir Path folder) throws Exception {
        log.level("dev.warder", Level.INFO).level("org.apache.hc", Level.WARNING);
        write(folder, 0);
        var container = deployed(
                "reloaded",
                ground.bare()
                        .with("clients.file", folder.resolve("clients").toString())
                        .with("upstream.credentials", "rotated=file:" + folder.resolve("key"))
                        .with("openai.models", "file:" + folder.resolve("models")));
        upstream.script((request, reply) -> {
            reply.readBody();
            check(request);
            boolean list = request.target().contains("/v1/models");
            reply.json(200, list ? "{\"data\":[],\"has_more\":false}" : Messages.message("hi"));
        });
        var threads = Executors.newFixedThreadPool(3);
        try {
            var callers = new ArrayList<Future<Boolean>>();
            callers.add(threads.submit(() -> repeat(() -> message(container))));
            callers.add(threads.submit(() -> repeat(() -> chat(container))));
            callers.add(threads.submit(() -> repeat(() -> models(container))));
            for (int round = 1; round <= ROUNDS; round++) {
                log.clear();
                write(folder, round);
                for (var file : List.of("clients", "key", "models")) {
                    log.await("dev.warder.config", text -> text.contains("file " + file + ": reloaded"), PATIENCE);
                }
                int before = served.get();
                eventually(() -> served.get() >= before + 6 || !faults.isEmpty());
                assertThat(faults).isEmpty();
                upstream.clear();
            }
            over.set(true);
            for (var caller : callers) {
                assertThat(caller.get(30, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
            log.level("dev.warder", Level.ALL).level("org.apache.hc", Level.ALL);
        }
        assertThat(faults).isEmpty();
    }

    private void write(Path folder, int round) throws IOException {
        String version = "%06d".formatted(round);
        var hash = new TokenHash(Optional.empty());
        replace(
                folder.resolve("clients"),
                build.line("build-" + version, hash) + "\n" + editor.line("editor-" + version, hash) + "\n");
        replace(folder.resolve("key"), KEY + version + "-" + version + "\n");
        replace(
                folder.resolve("models"),
                "first-%1$s=claude-x\nsecond-%1$s=claude-x\nfixed=claude-%1$s-%1$s\n".formatted(version));
    }

    private static void replace(Path file, String text) throws IOException {
        var fresh = Files.writeString(file.resolveSibling("fresh"), text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private boolean repeat(Call call) throws Exception {
        while (!over.get()) {
            call.run();
            served.incrementAndGet();
        }
        return true;
    }

    private interface Call {
        void run() throws Exception;
    }

    private void message(Container container) throws IOException {
        expect(container, request(container, "POST", "/v1/messages", build).json("{\"model\":\"claude-x\"}"));
    }

    private void chat(Container container) throws IOException {
        expect(
                container,
                request(container, "POST", "/v1/chat/completions", editor)
                        .json("{\"model\":\"fixed\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"));
    }

    private void models(Container container) throws IOException {
        var text = expect(container, request(container, "GET", "/openai/v1/models", build));
        var versions =
                ALIAS.matcher(text).results().map(found -> found.group(2)).toList();
        if (versions.size() != 2 || !versions.get(0).equals(versions.get(1))) {
            faults.add("models of " + versions + " in " + text);
        }
    }

    private String expect(Container container, RawRequest request) throws IOException {
        var answer = send(container, request);
        if (answer.status() != 200) {
            faults.add("status " + answer.status() + ": " + answer.text());
        }
        return answer.text();
    }

    private static RawRequest request(Container container, String method, String path, AccessToken token) {
        return request(container, method, path).field("x-api-key", token.reveal());
    }

    /** What arrived upstream: the key, and the model that {@code fixed} stands for. */
    private void check(RecordedRequest request) {
        request.fields().values("x-api-key").forEach(key -> whole("key", key.substring(KEY.length())));
        var model = HALVES.matcher(new String(request.body(), StandardCharsets.UTF_8));
        if (model.find()) {
            whole("model", model.group());
        }
    }

    private void whole(String what, String text) {
        var halves = HALVES.matcher(text);
        if (!halves.matches() || !halves.group(1).equals(halves.group(2))) {
            faults.add(what + " of two versions: " + text);
        }
    }

    @BeforeAll
    final void prepare() throws Exception {
        clients = folder.resolve("clients.txt");
        key = folder.resolve("key.txt");
        log.plant(build.reveal(), editor.reveal(), PEPPER);
        Files.write(clients, List.of(line(build, "build")));
        Files.writeString(key, MANAGED_KEY + "\n");
        container = deployed(
                "files",
                ground.bare()
                        .with("clients.file", clients.toString())
                        .withSecret("clients.pepper", PEPPER)
                        .with("upstream.credentials", "rotated=file:" + key));
    }

    @BeforeEach
    final void startAnew() throws Exception {
        log.clear();
        replace(clients, line(build, "build") + "\n# version " + ++version + "\n");
        await("clients.file: file clients.txt: reloaded");
        log.clear();
        upstream.clear();
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
        log.clear();
        replace(clients, "# nobody\n");
        await("reloaded");
        assertThat(status(editor)).isEqualTo(401);
    }

    @Test
    void heedsExpiryAndPepperOfTheNewVersion() throws Exception {
        var research = AccessToken.generate(new SecureRandom());
        log.plant(research.reveal());
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
        log.plant(rotated);
        replace(key, rotated);
        await("upstream.credentials: file key.txt: reloaded");
        assertThat(sentKey()).containsExactly(rotated);
        replace(key, "\n");
        assertThat(await("upstream.credentials: file key.txt: is empty").level())
                .isEqualTo(Level.WARNING);
        assertThat(sentKey()).containsExactly(rotated);
    }

    private List<String> sentKey() throws Exception {
        upstream.clear();
        assertThat(status(build)).isEqualTo(200);
        return upstream.take().fields().values("x-api-key");
    }

    private int status(AccessToken token) throws IOException {
        var request = request(container, "GET", "/v1/models").field("x-api-key", token.reveal());
        return send(container, request).status();
    }

    private LogLine await(String words) throws InterruptedException {
        return log.await("dev.warder.config", text -> text.contains(words), PATIENCE);
    }

    private String line(AccessToken token, String name) {
        return token.line(name, peppered);
    }
}
