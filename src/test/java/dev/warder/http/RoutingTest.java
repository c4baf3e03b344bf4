package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which dialect a path speaks where two share it (rule "Dialect of shared paths"), and what is left of the one that is
 * switched off.
 */
class RoutingTest {
    private static final Routing BOTH = new Routing(true);

    @ParameterizedTest
    @CsvSource({
        "GET, user-agent, OpenAI/JS 6.49.0, CHAT_MODELS",
        "GET, user-agent, curl/8, CHAT_MODELS",
        "GET, authorization, Bearer x, CHAT_MODELS",
        "HEAD, authorization, Bearer x, MODELS",
        "GET, anthropic-version, 2023-06-01, MODELS",
        "GET, x-api-key, x, MODELS",
        "GET, user-agent, claude-code/2.1.328, MODELS",
        "GET, user-agent, Claude-Code/2.1.328, MODELS",
        "GET, user-agent, claudette, CHAT_MODELS",
    })
    void answersForModelsAsTheCallerSpeaks(String method, String field, String value, Route route) {
        for (String path : new String[] {"/v1/models", "/v1/models/claude-x"}) {
            assertThat(BOTH.of(request(method, field, value), target(path))).isEqualTo(route);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 'text/html,application/xhtml+xml,*/*;q=0.8', WELCOME",
        "GET, 'application/json, text/html', ROOT",
        "GET, */*, ROOT",
        "POST, text/html, ROOT",
        "HEAD, text/html, ROOT"
    })
    void welcomesBrowsersAtTheRootOnly(String method, String accept, Route route) {
        assertThat(BOTH.of(request(method, "accept", accept), target("/"))).isEqualTo(route);
        assertThat(BOTH.of(request(method, "accept", accept), target("/v1/files")))
                .isEqualTo(Route.FILES);
    }

    private static RequestTarget target(String path) {
        return new RequestTarget(path, Optional.empty());
    }

    /** A request of which only the method and one field can be asked. */
    private static HttpServletRequest request(String method, String field, String value) {
        var answers = Map.of("getMethod", method);
        return (HttpServletRequest) Proxy.newProxyInstance(
                RoutingTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, asked, arguments) -> asked.getName().equals("getHeader")
                        ? (field.equalsIgnoreCase((String) arguments[0]) ? value : null)
                        : answers.get(asked.getName()));
    }
}
