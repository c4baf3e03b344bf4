package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.contract.Eventually;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Script;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TemporaryFolder;
import dev.warder.testkit.TestCertificate;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.RemoteIpValve;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A front end with one node or none behind it: the address that a container reports of a client,
 * which is the one that the front end saw and never one that the client claims; and a POST whose node dies.
 */
abstract class FrontContract implements Pair {
    private static final String CLIENT = "127.0.0.2";
    private static final int REQUESTS = 12;

    /** How a node fails a request that it has read whole. */
    enum Death {
        RESETS,
        CLOSES,
        BREAKS_OFF_THE_HEAD,
        /** Answers the first request of each connection and drops it at the second, as a node that closes idle ones may. */
        RESETS_A_KEPT_CONNECTION;

        /** Whether it meets front ends that make a connection for each request, too. */
        boolean certain() {
            return this != RESETS_A_KEPT_CONNECTION;
        }

        Script script(Set<Integer> used) {
            return (request, reply) -> {
                if (this == RESETS_A_KEPT_CONNECTION && used.add(request.connection())) {
                    reply.json(200, Messages.message("first"));
                } else if (this == CLOSES) {
                    reply.closeNow();
                } else {
                    reply.send(this == BREAKS_OFF_THE_HEAD ? "HTTP/1.1 200 OK\r\nContent-Ty" : "");
                    reply.reset();
                }
            };
        }
    }

    private List<ScriptedUpstream> nodes = List.of();

    @BeforeEach
    final void startNodes() throws IOException {
        nodes = List.of(ScriptedUpstream.plain(), ScriptedUpstream.plain());
        nodes.forEach(node -> node.on("/health/ready", (request, reply) -> reply.json(200, "{}")));
    }

    @AfterEach
    final void stopNodes() throws IOException {
        for (var node : nodes) {
            node.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void neverSendsAPostTwice(Death death) throws Exception {
        nodes.forEach(node -> node.script(death.script(ConcurrentHashMap.newKeySet())));
        try (var front = startFront()) {
            var caller = Caller.of(front.uri(), HttpClient.Version.HTTP_2);
            var failed = 0;
            for (int i = 0; i < REQUESTS; i++) {
                failed += post(caller, i) == 200 ? 0 : 1;
            }
            assertThat(failed).as("requests that met a death").isGreaterThanOrEqualTo(death.certain() ? 1 : 0);
            assertThat(bodies()).doesNotHaveDuplicates();
        }
    }

    /** Where no connection comes about, nothing was sent: the other node may have the request. */
    @Test
    void asksTheOtherNodeWhenOneDoesNotListen() throws Exception {
        try (var front = startFront()) {
            nodes.get(0).close();
            var caller = Caller.of(front.uri(), HttpClient.Version.HTTP_2);
            Eventually.holds(Duration.ofSeconds(10), () -> post(caller, 1000) == 200);
            nodes.get(1).clear();
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(post(caller, i)).isEqualTo(200);
            }
            assertThat(bodies()).hasSize(REQUESTS).doesNotHaveDuplicates();
        }
    }

    private RunningFrontEnd startFront() throws Exception {
        return RunningFrontEnd.start(
                kind(), nodes.stream().map(ScriptedUpstream::uri).toList());
    }

    /** Fails where the stream is reset instead of answered: a client takes REFUSED_STREAM as leave to send once more. */
    private static int post(Caller caller, int number) throws Exception {
        return Caller.status(caller.post("/v1/messages", BodyPublishers.ofString("{\"number\":" + number + "}")));
    }

    private List<String> bodies() {
        return nodes.stream()
                .map(ScriptedUpstream::requests)
                .flatMap(List::stream)
                .filter(request -> request.method().equals("POST"))
                .map(RecordedRequest::text)
                .toList();
    }

    @Test
    void tellsTomcatTheClientsAddressAndScheme() throws Exception {
        try (var probe = AddressProbe.tomcat()) {
            assertThat(ask(probe)).isEqualTo(CLIENT + " https true " + CLIENT);
        }
    }

    @Test
    void tellsJettyTheClientsAddressAndScheme() throws Exception {
        try (var probe = AddressProbe.jetty()) {
            assertThat(ask(probe)).isEqualTo(CLIENT + " https true " + CLIENT);
        }
    }

    private String ask(AddressProbe probe) throws Exception {
        var request = RawRequest.of("GET", "/tell")
                .field("Connection", "close")
                .field("X-Forwarded-For", "192.0.2.66")
                .field("X-Forwarded-For", "192.0.2.67, 192.0.2.68")
                .field("X-Forwarded-Proto", "http")
                .field("X-Forwarded-Host", "forged.example")
                .field("X-Forwarded-Port", "1")
                .field("X-Forwarded-Server", "forged.example")
                .field("X-Proxied-Https", "off")
                .field("Proxy-ip", "192.0.2.70")
                .field("Forwarded", "for=192.0.2.69;proto=http;host=forged.example");
        try (var front = RunningFrontEnd.start(kind(), List.of(probe.uri(), probe.uri()));
                var client = RawClient.connect(
                        front.uri(), TestCertificate.shared().clientContext(), InetAddress.getByName(CLIENT))) {
            return client.exchange(request).text();
        }
    }

    /**
     * A container that believes a front end as {@code front-ends.md} says, with a servlet that tells the address and the
     * scheme which the container reports to an application.
     *
     * @param uri where it listens
     * @param end stops it
     */
    private record AddressProbe(URI uri, Ending end) implements AutoCloseable {
        /** Tomcat with a {@link RemoteIpValve}. */
        static AddressProbe tomcat() throws Exception {
            var folder = TemporaryFolder.create("probe");
            var tomcat = new Tomcat();
            tomcat.setBaseDir(folder.toString());
            tomcat.setPort(0);
            tomcat.getConnector().setProperty("address", "127.0.0.1");
            var valve = new RemoteIpValve();
            valve.setProtocolHeader("X-Forwarded-Proto");
            valve.setInternalProxies("127\\.0\\.0\\.1");
            tomcat.getEngine().getPipeline().addValve(valve);
            var context = tomcat.addContext("", folder.toString());
            Tomcat.addServlet(context, "tell", new Telling()).addMapping("/");
            tomcat.start();
            return new AddressProbe(address(tomcat.getConnector().getLocalPort()), () -> {
                tomcat.stop();
                tomcat.destroy();
                TemporaryFolder.delete(folder);
            });
        }

        /** Jetty with a {@link ForwardedRequestCustomizer}, as its module {@code http-forwarded} adds it. */
        static AddressProbe jetty() throws Exception {
            var server = new Server();
            var configuration = new HttpConfiguration();
            configuration.addCustomizer(new ForwardedRequestCustomizer());
            var connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            var context = new ServletContextHandler();
            context.addServlet(new ServletHolder(new Telling()), "/");
            server.setHandler(context);
            server.start();
            return new AddressProbe(address(connector.getLocalPort()), server::stop);
        }

        @Override
        public void close() {
            try {
                end.run();
            } catch (Exception broken) {
                throw new IllegalStateException(broken);
            }
        }

        /** Stops a container in its own way. */
        interface Ending {
            void run() throws Exception;
        }

        private static URI address(int port) {
            return URI.create("http://127.0.0.1:" + port);
        }

        /** Says address and scheme, and the field from which GlassFish and Payara would take the address. */
        private static final class Telling extends HttpServlet {
            private static final long serialVersionUID = 1;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.getOutputStream()
                        .print(String.join(
                                " ",
                                request.getRemoteAddr(),
                                request.getScheme(),
                                Boolean.toString(request.isSecure()),
                                String.join(",", Collections.list(request.getHeaders("Proxy-ip")))));
            }
        }
    }
}
