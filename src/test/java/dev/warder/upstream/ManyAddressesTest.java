package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.TestCertificate;
import dev.warder.upstream.UpstreamSettings.Http2;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.junit.jupiter.api.Test;

/** An upstream with several addresses, of which not all answer. */
class ManyAddressesTest {
    private static final String DEAF = "127.0.0.2";
    private static final String ALIVE = "127.0.0.1";

    @Test
    void triesOneAfterTheOther() throws Exception {
        assertThat(endWith(DEAF, ALIVE)).isEqualTo("200");
    }

    @Test
    void failsWhenNoneAnswers() throws Exception {
        assertThat(endWith(DEAF, DEAF)).contains("ConnectException");
    }

    /** URI schemes have no case (RFC 3986, section 3.1). */
    @Test
    void isSecureHoweverTheSchemeIsSpelt() throws Exception {
        assertThat(end("HTTPS", ALIVE)).isEqualTo("200");
    }

    private static String endWith(String... addresses) throws Exception {
        return end("https", addresses);
    }

    private static String end(String scheme, String... addresses) throws Exception {
        try (var upstream = StreamUpstream.start(TestCertificate.shared());
                var client = client(
                        URI.create(scheme + "://localhost:" + upstream.uri().getPort()), addresses)) {
            client.start();
            var answer = Answer.taken();
            var request = new BasicHttpRequest("POST", client.host(), "/v1/messages");
            client.execute(true, new BasicRequestProducer(request, null), answer, answer);
            return answer.end();
        }
    }

    private static UpstreamClient client(URI url, String... addresses) throws Exception {
        var all = new InetAddress[addresses.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = InetAddress.getByName(addresses[i]);
        }
        return TestCertificate.shared()
                .whileTrusted(() -> new UpstreamClient(
                        url, Duration.ofSeconds(30), Http2.STREAMING, Thread::new, host -> all, System::nanoTime));
    }
}
