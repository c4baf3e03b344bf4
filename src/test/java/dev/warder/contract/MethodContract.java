package dev.warder.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.EOFException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that are not served, request lines that are none, and the field Host. */
@OnEachContainer
class MethodContract extends SharedContract {
    private static final String BODY = "{\"model\":\"claude-x\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "HEAD",
                "PUT",
                "PATCH",
                "DELETE",
                "OPTIONS",
                "PROPFIND",
                "TRACK",
                "post",
                "POSTX",
                "M-SEARCH"
            })
    void refusesOtherMethods(String method) throws Exception {
        var request = RawRequest.of(method, "/v1/messages")
                .field("x-api-key", Contract.ACCESS_TOKEN)
                .field("X-HTTP-Method-Override", "POST")
                .json(BODY);
        var answer = RawClient.exchange(gateway().baseUri(), request);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.fields().values("Allow")).containsExactly("POST");
        if (!method.equals("HEAD")) {
            Refusal.check(answer, 405, "invalid_request_error");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /** What a container refuses by itself gets a 4xx (or 501, 505), or no answer at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRACE /v1/messages HTTP/1.1",
                "TRACE /anthropic/v1/x HTTP/1.1",
                "CONNECT /v1/messages HTTP/1.1",
                "CONNECT localhost:80 HTTP/1.1",
                "PO ST /v1/messages HTTP/1.1",
                "POST /v1/messages HTTP/1.1 x",
                "POST /v1/messages HTTP/3.0",
                "POST /v1/messages",
                "PO\u0001ST /v1/messages HTTP/1.1",
                "P(ST /v1/messages HTTP/1.1",
                "GET /v1/messages",
                "{LONG} /v1/messages HTTP/1.1",
                "POST  HTTP/1.1"
            })
    void refusesOddRequestLines(String line) throws Exception {
        var status = sendLine(line.replace("{LONG}", "M".repeat(64 << 10)));
        assertThat(status).as(line).isNotEqualTo(200);
        assertThat(upstream.requests()).isEmpty();
    }

    /** RFC 9112, section 3, lets a recipient split a line at any white space; what goes upstream is always a clean one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST\t/v1/messages HTTP/1.1",
                "POST  /v1/messages HTTP/1.1",
                "POST /v1/messages\t HTTP/1.1",
                "POST /v1/messages http/1.1",
                "POST /v1/messages  HTTP/1.1"
            })
    void sendsNoOddRequestLineOn(String line) throws Exception {
        if (sendLine(line) == 200) {
            assertThat(upstream.take().rawHead()).startsWith("POST /v1/messages HTTP/1.1\r\n");
        } else {
            assertThat(upstream.requests()).isEmpty();
        }
    }

    /** The status of the answer; 0 when there is none, or none of this protocol. */
    private int sendLine(String line) throws Exception {
        var fields = "\r\nHost: localhost\r\nx-api-key: " + Contract.ACCESS_TOKEN + "\r\nContent-Length: 20\r\n\r\n";
        try (var client = RawClient.connect(gateway().baseUri())) {
            var answer =
                    client.send((line + fields + BODY).getBytes(ISO_8859_1)).readResponse();
            Refusal.showsNothingPresented(answer);
            assertThat(answer.status()).isIn(200, 400, 403, 404, 405, 414, 431, 501, 505);
            return answer.status();
        } catch (EOFException | SocketException | NumberFormatException noAnswer) {
            return 0;
        }
    }

    @Test
    void refusesTwoHostsAndNone() throws Exception {
        var twice = RawRequest.bare("POST", "/v1/messages").field("Host", "a").field("Host", "b");
        var none = RawRequest.bare("POST", "/v1/messages");
        for (var request : new RawRequest[] {twice, none}) {
            request.field("x-api-key", Contract.ACCESS_TOKEN).json(BODY);
            assertThat(RawClient.exchange(gateway().baseUri(), request).status())
                    .isEqualTo(400);
        }
        assertThat(upstream.requests()).isEmpty();
    }
}
