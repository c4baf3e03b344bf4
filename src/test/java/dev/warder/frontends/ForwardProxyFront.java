package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.Eventually;
import dev.warder.testkit.ConnectProxy;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.FreePort;
import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.testkit.TomcatContainer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gateways that reach their upstream through Squid and tinyproxy. */
class ForwardProxyFront {
    private static final String KEY = "sk-" + "ant-api03-" + "managed0".repeat(5);
    private static final String TOKEN = "shared-" + "access0".repeat(4);
    private static final String LOGIN = "proxy-user:proxy-password";
    private static final String STREAMING = "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true}";
    private static final int LARGE = 64 << 20;
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final String HELPER =
            """
            #!/bin/sh
            while read -r login; do [ "$login" = "%s" ] && echo OK || echo ERR; done
            """;

    private static final String SQUID =
            """
            http_port 127.0.0.1:%1$d
            pid_filename none
            cache deny all
            cache_log stdio:/dev/stderr
            access_log none
            shutdown_lifetime 0 seconds
            hosts_file %2$s/hosts
            auth_param basic program %2$s/helper
            acl known proxy_auth REQUIRED
            acl allowed port %3$d
            http_access deny !known
            http_access deny !allowed
            http_access allow all
            """;

    private static final String TINYPROXY =
            """
            Port %1$d
            Listen 127.0.0.1
            Timeout 600
            MaxClients 20
            BasicAuth %2$s
            ConnectPort %3$d
            """;

    @TempDir
    private Path folder;

    private final List<AutoCloseable> gateways = new ArrayList<>();
    private final int port = FreePort.next();
    private TestCertificate certificate;

    @BeforeEach
    void makeCertificate() throws Exception {
        // A proxy may read here as another user.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        certificate = TestCertificate.create(folder, "dns:api.test,ip:0.0.0.0");
    }

    @ParameterizedTest
    @CsvSource({
        "squid,jetty",
        "squid,tomcat",
        "squid,standalone",
        "tinyproxy,jetty",
        "tinyproxy,tomcat",
        "tinyproxy,standalone"
    })
    void servesThroughARealProxy(String program, String server) throws Exception {
        var upstream = ScriptedUpstream.tls(certificate).keepBodies(0);
        var proxy = start(program, upstream.uri().getPort());
        try (upstream) {
            // Squid knows the name from a file. This address is the machine itself, but not written as loopback.
            var name = program.equals("squid") ? "api.test" : "0.0.0.0";
            var gateway = gateway(server, ConnectProxy.renamed(upstream.uri(), name), "value:" + LOGIN);
            upstream.next((request, reply) -> reply.messageStream("Hello", " there"));
            assertThat(RawClient.exchange(gateway, message()).text()).contains("Hello", " there", "message_stop");
            assertThat(upstream.take().fields().has("proxy-authorization")).isFalse();
            carriesLargeBodies(gateway, upstream);
            endsWithItsClient(gateway, upstream);
            endsAStreamWithOneErrorIfTheProxyDies(gateway, upstream, proxy);
            assertThat(RawClient.exchange(gateway, message()).text())
                    .contains("the proxy of upstream.proxy could not be reached");
        } finally {
            proxy.destroyForcibly().waitFor();
            for (var each : gateways) {
                each.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"squid,jetty", "tinyproxy,jetty"})
    void reportsWhatARealProxyRefuses(String program, String server) throws Exception {
        var target = URI.create("https://0.0.0.0:" + FreePort.next());
        var proxy = start(program, target.getPort());
        try {
            assertThat(RawClient.exchange(gateway(server, target, "value:proxy-user:other"), message())
                            .text())
                    .containsPattern(
                            "the proxy of upstream.proxy returned 40[17]: it does not accept upstream.proxyLogin");
            assertThat(RawClient.exchange(gateway(server, target, "value:" + LOGIN), message())
                            .text())
                    .containsPattern("the proxy of upstream.proxy returned 50[023] to CONNECT");
            var forbidden = URI.create("https://0.0.0.0:1");
            assertThat(RawClient.exchange(gateway(server, forbidden, "value:" + LOGIN), message())
                            .text())
                    .contains("the proxy of upstream.proxy returned 403 to CONNECT");
        } finally {
            proxy.destroyForcibly().waitFor();
            for (var each : gateways) {
                each.close();
            }
        }
    }

    private static void carriesLargeBodies(URI gateway, ScriptedUpstream upstream) throws Exception {
        upstream.next((request, reply) -> {
            reply.readBody();
            reply.json(200, "{}");
        });
        try (var client = RawClient.connect(gateway)) {
            client.send(request("POST", "/v1/files")
                    .field("Content-Type", "application/octet-stream")
                    .field("Content-Length", Integer.toString(LARGE))
                    .head());
            var piece = new byte[1 << 20];
            for (int sent = 0; sent < LARGE; sent += piece.length) {
                client.send(piece);
            }
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
        assertThat(upstream.take().length()).isEqualTo(LARGE);
        upstream.next((request, reply) -> reply.flood(LARGE));
        assertThat(RawClient.exchange(gateway, request("GET", "/v1/files/f/content"))
                        .body())
                .hasSize(LARGE);
        upstream.take();
    }

    private static void endsWithItsClient(URI gateway, ScriptedUpstream upstream) throws Exception {
        upstream.next((request, reply) -> {
            reply.eventStream();
            while (!request.peerClosed()) {
                reply.event("ping", "{\"type\":\"ping\"}");
            }
        });
        try (var client = RawClient.connect(gateway)) {
            client.send(message()).readHead();
            client.reset();
        }
        upstream.take().awaitPeerClosed(SOON);
    }

    private static void endsAStreamWithOneErrorIfTheProxyDies(URI gateway, ScriptedUpstream upstream, Process proxy)
            throws Exception {
        upstream.next((request, reply) -> {
            reply.eventStream();
            reply.event("ping", "{\"type\":\"ping\"}");
            request.awaitPeerClosed(SOON);
        });
        try (var client = RawClient.connect(gateway)) {
            client.send(message()).readHead();
            assertThat(client.readEvent()).isPresent();
            proxy.descendants().forEach(ProcessHandle::destroyForcibly);
            proxy.destroyForcibly().waitFor();
            var events = new ArrayList<RawEvent>();
            for (var next = client.readEvent(); next.isPresent(); next = client.readEvent()) {
                events.add(next.get());
            }
            assertThat(events).filteredOn(event -> event.name().equals("error")).hasSize(1);
            assertThat(events.get(events.size() - 1).name()).isEqualTo("error");
        }
    }

    private URI gateway(String server, URI upstream, String login) throws Exception {
        var settings = new HashMap<>(Map.of(
                "upstream.proxy",
                "http://127.0.0.1:" + port,
                "upstream.proxyLogin",
                login,
                "upstream.truststore",
                certificate.caPem().toString(),
                "upstream.http2",
                "off",
                "openai.enabled",
                "false"));
        if (server.equals("standalone")) {
            settings.putAll(Map.of(
                    "upstream.url", upstream.toString(),
                    "upstream.credentials", "main=value:" + KEY,
                    "clients.token", "value:" + TOKEN));
            var process = GatewayProcess.start(GatewayProcess.Form.STANDALONE, settings);
            gateways.add(process);
            return process.baseUri();
        }
        var deployment = Deployment.builtWar().withConf(upstream.toString(), KEY, TOKEN);
        for (var setting : settings.entrySet()) {
            deployment = deployment.with(setting.getKey(), setting.getValue());
        }
        var starter = server.equals("jetty") ? JettyContainer.STARTER : TomcatContainer.STARTER;
        var container = starter.start(deployment);
        gateways.add(container);
        return container.baseUri();
    }

    private static RawRequest message() {
        return request("POST", "/v1/messages").json(STREAMING);
    }

    private static RawRequest request(String method, String target) {
        return RawRequest.of(method, target).field("x-api-key", TOKEN);
    }

    private Process start(String program, int allowed) throws Exception {
        var path = FrontEnd.find(program)
                .orElseThrow(() -> new AssertionError("the profile frontends needs " + program + ": apt-get install"))
                .toString();
        var conf = folder.resolve(program + ".conf");
        List<String> command;
        if (program.equals("squid")) {
            Files.writeString(folder.resolve("hosts"), "127.0.0.1 api.test\n");
            Files.writeString(folder.resolve("users"), LOGIN + "\n");
            var helper = Files.writeString(folder.resolve("helper"), HELPER.formatted(LOGIN.replace(':', ' ')));
            Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(conf, SQUID.formatted(port, folder, allowed));
            command = List.of(path, "-N", "-f", conf.toString());
        } else {
            Files.writeString(conf, TINYPROXY.formatted(port, LOGIN.replace(':', ' '), allowed));
            command = List.of(path, "-d", "-c", conf.toString());
        }
        var log = folder.resolve(program + ".log").toFile();
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .redirectInput(new File("/dev/null"))
                .start();
        Eventually.holds(SOON, () -> {
            assertThat(process.isAlive()).as(() -> read(log)).isTrue();
            return accepts();
        });
        return process;
    }

    private static String read(File log) {
        try {
            return Files.readString(log.toPath());
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private boolean accepts() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
