package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class TestCertificateTest {
    @Test
    void servesByNameAndAddressToThoseWhoTrustTheCa() throws Exception {
        var client = HttpClient.newBuilder()
                .sslContext(TestCertificate.shared().clientContext())
                .build();
        try (var upstream = ScriptedUpstream.tls(TestCertificate.shared())) {
            for (var host : new String[] {"localhost", "127.0.0.1"}) {
                var uri = URI.create("https://" + host + ":" + upstream.uri().getPort() + "/");
                var response = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
                assertThat(response.body()).isEqualTo(Messages.message("Hello."));
            }
            Assertions.assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(upstream.uri()).build(),
                                    HttpResponse.BodyHandlers.discarding()))
                    .hasMessageContaining("PKIX");
        }
    }
}
