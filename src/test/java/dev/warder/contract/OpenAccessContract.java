package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Web pages and a gateway that everybody on this machine may call: 401 is beyond the guard, for want of a credential. */
class OpenAccessContract extends GroundContract {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rebound.example",
                "rebound.example:8080",
                "127.0.0.1.rebound.example",
                "localhost.rebound.example",
                "xlocalhost",
                "localhost.",
                "1.2.3.4.5.example:80"
            })
    void refusesANameThatMayHaveBeenRebound(String host) throws Exception {
        var answer = send(host, "");
        assertThat(Answers.refused(answer, 403, "permission_error")).contains("Host", "localhost");
        assertThat(answer.text()).doesNotContain("rebound");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080", "10.0.0.7"})
    void acceptsAddressesAndLocalhost(String host) throws Exception {
        Answers.refused(send(host, ""), 401, "authentication_error");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080,http://rebound.example",
        "localhost:8080,http://rebound.example:8080",
        "localhost:8080,null",
        "localhost:8080,http://localhost:3000",
        "localhost:8080,http://localhost",
        "localhost:8080,https://localhost:8080",
        "localhost:8080,http://localhost:8080.rebound.example",
        "127.0.0.1:8080,http://localhost:8080",
    })
    void refusesPagesOfOtherOrigins(String host, String origin) throws Exception {
        var answer = send(host, origin);
        assertThat(Answers.refused(answer, 403, "permission_error")).contains("origins");
        assertThat(answer.text()).doesNotContain("rebound");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080,http://localhost:8080",
        "LocalHost:8080,http://localhost:8080",
        "localhost,http://localhost:80",
        "127.0.0.1:80,http://127.0.0.1",
    })
    void acceptsPagesOfItsOwnOrigin(String host, String origin) throws Exception {
        Answers.refused(send(host, origin), 401, "authentication_error");
    }

    private RawResponse send(String host, String origin) throws Exception {
        return send(Setup.OPEN_NONE.on(ground), host, origin);
    }

    private static RawResponse send(Container container, String host, String origin) throws IOException {
        var request = RawRequest.bare("GET", container.contextPath() + "/anthropic/v1/models")
                .field("Host", host);
        return Ground.send(container, origin.isEmpty() ? request : request.field("Origin", origin));
    }
}
