package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are refused at their head, by clients that break off their body or wait before they send it. */
@OnEachContainer
class RefusedBodyContract extends DeployedContract {
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHUNKED + "zz\r\n",
                CHUNKED + "5\r\nhello\r\nzz\r\n",
                CHUNKED + "5\r\nhelloworld\r\n",
                CHUNKED + "ffffffffffffffffff\r\n",
            })
    void refusesABodyWhoseFramingIsBroken(String rest) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var client = client()) {
                checkRefused(client.send(head() + rest));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHUNKED,
                CHUNKED + "5\r\nhe",
                CHUNKED + "5\r\nhello\r\n",
                "Content-Length: 10\r\n\r\n",
                "Content-Length: 10\r\n\r\nhello",
                "Content-Length: 40000000\r\n\r\nhello",
            })
    void refusesABodyThatEndsTooSoon(String rest) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var client = client()) {
                client.send(head() + rest).finishSending();
                checkRefused(client);
            }
        }
    }

    /** The part that breaks comes in a packet of its own, which finds the answer at any stage. */
    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "5\r\nhelloworld\r\n"})
    void refusesABodyWhoseFramingBreaksLater(String broken) throws Exception {
        for (int i = 0; i < 40; i++) {
            try (var client = client()) {
                client.send(head() + CHUNKED + "5\r\nhello\r\n").send(broken);
                checkRefused(client);
            }
        }
    }

    /** Nobody asks a refused client for its body (RFC 9110, section 10.1.1); Tomcat does before the application is called. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000", "Content-Length: 90000000", "Transfer-Encoding: chunked"})
    void asksNobodyForABodyThatIsRefused(String framing) throws Exception {
        try (var client = client()) {
            client.send(head() + "Expect: 100-continue\r\n" + framing + "\r\n\r\n");
            var head = client.readInterimOrHead();
            if (container.name().contains("Tomcat")) {
                assertThat(head.status()).isEqualTo(100);
                head = client.readInterimOrHead();
            }
            Refusal.check(client.readBody(head), 401, "authentication_error");
        }
    }

    @Test
    void answersAClientThatDoesNotWaitLong() throws Exception {
        for (var size : List.of(1000, 4 << 20)) {
            try (var client = client()) {
                client.send(head() + "Expect: 100-continue\r\nContent-Length: " + size + "\r\n\r\n");
                client.send(new byte[size]);
                checkRefused(client);
            }
        }
    }

    private static void checkRefused(RawClient client) throws Exception {
        Refusal.check(client.readResponse(), 401, "authentication_error");
    }

    private static String head() {
        return RawRequest.of("POST", "/v1/messages").head().replace("\r\n\r\n", "\r\n");
    }
}
