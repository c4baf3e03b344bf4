package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContainerTest {
    private static Deployment probe;

    @BeforeAll
    static void writeWar(@TempDir Path folder) throws IOException {
        probe = Deployment.of(ProbeWar.write(folder));
    }

    static Stream<Named<Container.Starter>> containers() {
        return Stream.of(Named.of("Jetty", JettyContainer::start), Named.of("Tomcat", TomcatContainer::start));
    }

    @ParameterizedTest
    @MethodSource("containers")
    void deploysWithTheFilesOfConf(Container.Starter starter) throws Exception {
        var deployment = probe.at("/gw")
                .withConf("http://127.0.0.1:9", "the-key", "the-token")
                .withJndi("warder/secret.key2", "k2");
        try (var container = starter.start(deployment.with("stream.keepAlive", "0s"))) {
            assertThat(container.deployed()).isTrue();
            assertThat(ask(container, "jndi?warder/upstream.url")).isEqualTo("found http://127.0.0.1:9");
            assertThat(ask(container, "jndi?warder/upstream.credentials"))
                    .isEqualTo("found primary=jndi:warder/secret.key");
            assertThat(ask(container, "jndi?warder/secret.key")).isEqualTo("found the-key");
            assertThat(ask(container, "jndi?warder/clients.token")).isEqualTo("found jndi:warder/secret.token");
            assertThat(ask(container, "jndi?warder/secret.token")).isEqualTo("found the-token");
            assertThat(ask(container, "jndi?warder/secret.key2")).isEqualTo("found k2");
            assertThat(ask(container, "param?warder.stream.keepAlive")).isEqualTo("0s");
        }
        assertThat(System.getProperty("WARDER_UPSTREAM_KEY")).isNull();
    }

    @ParameterizedTest
    @MethodSource("containers")
    void deploysWithoutAnything(Container.Starter starter) throws Exception {
        try (var container = starter.start(probe)) {
            assertThat(ask(container, "jndi?warder/upstream.url")).isEqualTo("missing");
            assertThat(ask(container, "jndi?warder/unset")).isIn("missing", "found null");
        }
    }

    @ParameterizedTest
    @MethodSource("containers")
    void hidesTheTestClassPath(Container.Starter starter) throws Exception {
        try (var container = starter.start(probe)) {
            assertThat(ask(container, "class?dev.warder.testkit.ProbeServlet")).isEqualTo("own");
            assertThat(ask(container, "class?dev.warder.testkit.Flood")).isEqualTo("hidden");
            assertThat(ask(container, "class?launch.Main")).isEqualTo("hidden");
            assertThat(ask(container, "class?org.slf4j.Logger")).isEqualTo("hidden");
            assertThat(ask(container, "class?jakarta.json.Json")).isEqualTo("hidden");
            assertThat(ask(container, "class?jakarta.servlet.Servlet")).isEqualTo("container");
        }
    }

    @ParameterizedTest
    @MethodSource("containers")
    void tellsThatADeploymentFailed(Container.Starter starter) throws Exception {
        try (var container = starter.start(probe.with("refuse", "true"))) {
            assertThat(container.deployed()).isFalse();
            assertThat(RawClient.exchange(container.baseUri(), RawRequest.of("GET", "/probe/x"))
                            .status())
                    .isIn(404, 503);
        }
    }

    @ParameterizedTest
    @MethodSource("containers")
    void readsTheBeanUntilTheContextIsDestroyed(Container.Starter starter) throws Exception {
        try (var container = starter.start(probe.at("/bean"))) {
            assertThat(container.gateway("Seven")).isEqualTo(7);
            assertThatThrownBy(() -> container.gateway("Eight")).isInstanceOf(AssertionError.class);
            container.stop();
            assertThatThrownBy(() -> container.gateway("Seven")).hasMessageContaining("/bean");
        }
    }

    @ParameterizedTest
    @MethodSource("containers")
    void takesLongHeads(Container.Starter starter) throws Exception {
        try (var container = starter.start(probe)) {
            var request = RawRequest.of("GET", "/probe/head?X-Long").field("X-Long", "x".repeat(30_000));
            assertThat(RawClient.exchange(container.baseUri(), request).text()).isEqualTo("30000");
        }
    }

    @Test
    void runsSeveralAtATimeEachWithItsOwnNames() throws Exception {
        try (var one = JettyContainer.start(probe.at("/one").withJndi("warder/x", "1"));
                var two = TomcatContainer.start(probe.at("/two").withJndi("warder/x", "2"));
                var three = JettyContainer.start(probe.at("/three").withJndi("warder/x", "3"));
                var four = TomcatContainer.start(probe.at("/four").withJndi("warder/x", "4"))) {
            for (var container : new Container[] {one, two, three, four}) {
                assertThat(container.deployed()).isTrue();
                assertThat(container.gateway("Seven")).isEqualTo(7);
            }
            assertThat(ask(one, "jndi?warder/x")).isEqualTo("found 1");
            assertThat(ask(two, "jndi?warder/x")).isEqualTo("found 2");
            assertThat(ask(three, "jndi?warder/x")).isEqualTo("found 3");
            assertThat(ask(four, "jndi?warder/x")).isEqualTo("found 4");
        }
    }

    @Test
    void leavesNoFolderBehind() throws Exception {
        var before = folders();
        JettyContainer.start(probe).stop();
        TomcatContainer.start(probe).stop();
        assertThat(folders()).isEqualTo(before);
    }

    private static long folders() throws IOException {
        // Other processes have folders there too.
        var own = "warder-(jetty|tomcat)-" + ProcessHandle.current().pid() + "-.*";
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().matches(own))
                    .count();
        }
    }

    private static String ask(Container container, String what) throws IOException {
        var uri = URI.create(container.baseUri() + "/probe/" + what);
        var target = uri.getRawPath() + "?" + uri.getRawQuery();
        var response = RawClient.exchange(container.baseUri(), RawRequest.of("GET", target));
        assertThat(response.status()).as(response.toString()).isEqualTo(200);
        return response.text();
    }
}
