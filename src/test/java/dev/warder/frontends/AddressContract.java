package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.TestCertificate;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a container reports of a client behind a front end: what the front end saw, never what the client claims. */
abstract class AddressContract {
    private static final String CLIENT = "127.0.0.2";

    private final FrontEnd kind;

    AddressContract(FrontEnd kind) {
        this.kind = kind;
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
        try (var front = RunningFrontEnd.start(kind, List.of(probe.uri(), probe.uri()));
                var client = RawClient.connect(
                        front.uri(), TestCertificate.shared().clientContext(), InetAddress.getByName(CLIENT))) {
            return client.exchange(request).text();
        }
    }
}
