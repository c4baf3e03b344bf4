package dev.warder.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.contract.Eventually;
import dev.warder.testkit.FreePort;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Script;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.catalina.startup.Bootstrap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Containerfile copies, run by Tomcat's own start class in a folder instead of an image. */
class LayoutIT {
    private static final String KEY = "sk-" + "ant-api03-" + "mounted0".repeat(5);
    private static final Duration START = Duration.ofSeconds(60);

    private final AccessToken token = AccessToken.generate(new SecureRandom());

    private Path folder;
    private ScriptedUpstream upstream;
    private Path tomcat;
    private ImageFolder image;
    private Process process;
    private URI uri;

    @BeforeEach
    final void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        upstream = ScriptedUpstream.plain();
        uri = URI.create("http://127.0.0.1:" + FreePort.next());
        tomcat = Files.createDirectory(folder.resolve("tomcat"));
        image = new ImageFolder(tomcat);
        image.layOut(uri.getPort());
        var secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("key"), KEY + "\n");
        Files.writeString(secrets.resolve("clients"), token.line("build") + "\n");
        process = launch(secrets);
    }

    @AfterEach
    final void stop() throws Exception {
        process.destroyForcibly().waitFor();
        upstream.close();
    }

    @Test
    void servesWithSecretsFromFilesAndWritesNowhereElse() throws Exception {
        Eventually.holds(START, () -> status("/health/ready") == 200);
        var before = image.files();
        var request = RawRequest.of("POST", "/v1/messages").field("x-api-key", token.reveal());
        assertThat(RawClient.exchange(uri, request.json("{\"model\":\"claude-x\"}"))
                        .status())
                .isEqualTo(200);
        assertThat(upstream.take().fields().values("x-api-key")).containsExactly(KEY);
        drainWithAnOpenStream();
        assertThat(status("/health/live")).isEqualTo(200);
        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(image.files()).isEqualTo(before);
        assertThat(log()).contains("dev.warder").doesNotContain(KEY, token.reveal(), "SEVERE");
    }

    /** As before a stop: the script returns when the last stream has ended, and not before. */
    private void drainWithAnOpenStream() throws Exception {
        var mayEnd = new CountDownLatch(1);
        upstream.next(Script.events(Messages.ping(), mayEnd, Messages.end()));
        try (var client = RawClient.connect(uri)) {
            var stream = RawRequest.of("POST", "/v1/messages").field("x-api-key", token.reveal());
            var head = client.send(stream.json("{\"model\":\"claude-x\",\"stream\":true}"))
                    .readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
            var script = drainScript();
            Eventually.holds(START, () -> status("/health/ready") == 503);
            assertThat(script.waitFor(3, TimeUnit.SECONDS)).isFalse();
            mayEnd.countDown();
            assertThat(client.readBody(head).text()).isEqualTo(Messages.end());
            assertThat(script.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(script.exitValue()).isZero();
        }
    }

    private Process drainScript() throws IOException {
        var builder = new ProcessBuilder("bash", tomcat.resolve("bin/drain.sh").toString());
        var port = Integer.toString(uri.getPort());
        builder.environment()
                .putAll(Map.of("CATALINA_HOME", tomcat.toString(), "WARDER_PORT", port, "WARDER_UNLIST", "1"));
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("drain.log").toFile())
                .start();
    }

    private Process launch(Path secrets) throws Exception {
        var jar = Path.of(Bootstrap.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        var options = Containerfile.shipped().arguments("ENV").get(0);
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.command().addAll(List.of("-cp", jar + ":" + annotations(), "-Xmx256m"));
        builder.command().addAll(List.of("-Dcatalina.base=" + tomcat, "-Dcatalina.home=" + tomcat));
        builder.command().add("-Djava.io.tmpdir=" + tomcat.resolve("temp"));
        builder.command().add("-Djava.util.logging.config.file=" + tomcat.resolve("conf/logging.properties"));
        builder.command()
                .addAll(List.of(options.substring(options.indexOf('"') + 1, options.length() - 1)
                        .split(" ")));
        builder.command().addAll(List.of(Bootstrap.class.getName(), "start"));
        builder.environment()
                .putAll(Map.of("WARDER_UPSTREAM_URL", upstream.uri().toString(), "WARDER_SECRETS", secrets.toString()));
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private static String annotations() {
        return List.of(System.getProperty("java.class.path").split(":")).stream()
                .filter(path -> path.contains("tomcat-annotations-api"))
                .collect(Collectors.joining(":"));
    }

    private int status(String path) throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("Tomcat ended:\n" + log());
        }
        try {
            return RawClient.exchange(uri, RawRequest.of("GET", path)).status();
        } catch (IOException notYet) {
            return 0;
        }
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    /**
     * A folder in the place of the image's own, with what the Containerfile copies.
     *
     * @param tomcat where the image has Tomcat
     */
    private record ImageFolder(Path tomcat) {
        private static final List<String> WRITABLE = List.of("temp", "work");

        /** Copies the files and makes the writable folders; Tomcat will listen on this port of 127.0.0.1. */
        void layOut(int port) throws IOException {
            for (var copy : Containerfile.shipped().copies()) {
                for (var source : copy.sources()) {
                    var from = source.equals("target/warder.war")
                            ? Path.of(System.getProperty("warder.war", "target/warder.war"))
                            : Containerfile.conf().resolveSibling(source);
                    var to = destination(copy.destination(), from);
                    Files.createDirectories(to.getParent());
                    Files.copy(from, to);
                }
            }
            for (var writable : WRITABLE) {
                Files.createDirectory(tomcat.resolve(writable));
            }
            var server = tomcat.resolve("conf/server.xml");
            var text = Files.readString(server);
            assertThat(text).contains("port=\"8080\"");
            Files.writeString(server, text.replace("port=\"8080\"", "address=\"127.0.0.1\" port=\"" + port + "\""));
        }

        private Path destination(String named, Path from) {
            var below = tomcat.resolve(named.substring(Containerfile.TOMCAT.length() + 1));
            return named.endsWith("/") ? below.resolve(from.getFileName()) : below;
        }

        /** Every file outside the writable folders, with its time. */
        Map<String, String> files() throws IOException {
            var found = new TreeMap<String, String>();
            try (var paths = Files.walk(tomcat)) {
                for (var path : paths.toList()) {
                    var below = tomcat.relativize(path);
                    if (WRITABLE.stream().noneMatch(below::startsWith)
                            && !below.toString().isEmpty()) {
                        found.put(below.toString(), Files.getLastModifiedTime(path) + " " + Files.isDirectory(path));
                    }
                }
            }
            return found;
        }
    }
}
