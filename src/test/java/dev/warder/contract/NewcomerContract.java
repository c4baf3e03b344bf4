package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawRequest;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators and newcomers read: messages, probes, log lines, and the pages of the container. */
class NewcomerContract extends GroundContract {
    @Test
    void namesEveryPlaceForAMissingAccessToken() throws Exception {
        var usual = ground.container();
        var answer = send(usual, request(usual, "POST", "/v1/messages"));
        assertThat(Answers.refused(answer, 401)).contains("X-Warder-Token, x-api-key or Authorization: Bearer");
        var named = ground.container("named", ground.usual().with("clients.header", "X-Gate"));
        answer = send(named, request(named, "POST", "/v1/messages"));
        assertThat(Answers.refused(answer, 401)).contains("X-Gate, x-api-key or Authorization: Bearer");
    }

    @ParameterizedTest
    @CsvSource({"HEAD", "GET"})
    void answersTheStartUpProbeBelowTheRawRoute(String method) throws Exception {
        var container = ground.container();
        for (var path : new String[] {"/api/hello", "/anthropic/api/hello"}) {
            assertThat(assertStatus(200, send(container, request(container, method, path)))
                            .body())
                    .isEmpty();
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void saysWhatToSetForAModelThatIsNotServed() throws Exception {
        var container = ground.container();
        log.clear();
        var request = authenticated(container, "POST", "/v1/chat/completions")
                .json("{\"model\":\"gpt-none\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        assertText(404, send(container, request))
                .contains("model_not_found", "starts with claude-")
                .doesNotContain("openai.models");
        assertThat(log.lines("dev.warder.openai", Level.INFO))
                .anySatisfy(line -> assertThat(line.text()).contains("openai.models", "openai.defaultModel"));
    }

    /** Formats of Tomcat and Jetty show the class of a line, which is found by looking at the stack. */
    @Test
    void namesAClassOfTheApplicationInEveryLineOfTheStart() throws Exception {
        var classes = new ConcurrentLinkedQueue<String>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                classes.add(line.getSourceClassName() + " " + line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        var logger = Logger.getLogger("dev.warder");
        logger.addHandler(handler);
        try {
            ground.container(
                    "warned",
                    ground.usual()
                            .with("clients.pepper", "value:pepper")
                            .with("limits.body", "1m")
                            .with("limits.memory", "1m"));
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(classes)
                .anyMatch(line -> line.contains("clients.pepper: has no effect"))
                .allMatch(line -> line.startsWith("dev.warder."));
    }

    /** What the container refuses by itself, once it knows that the application is meant. */
    @ParameterizedTest
    @ValueSource(
            strings = {"TRACE /v1/models", "TRACE /anthropic/v1/x", "GET /WEB-INF/web.xml", "GET /META-INF/MANIFEST.MF"
            })
    void showsNoPageOfTheContainer(String line) throws Exception {
        var container = ground.container();
        var words = line.split(" ");
        var answer = send(container, RawRequest.of(words[0], container.contextPath() + words[1]));
        assertThat(answer.status()).isBetween(400, 499);
        // Jetty refuses a TRACE without a body.
        assertThat(answer.text()).matches("|\\{\"type\":\"error\",.*");
        assertThat(answer.text().toLowerCase(Locale.ROOT)).doesNotContain("<html", "tomcat", "jetty", "apache");
        assertThat(answer.fields().has("server")).isFalse();
    }

    @Test
    void servesItsErrorPageToNobody() throws Exception {
        var container = ground.container();
        Answers.refused(send(container, authenticated(container, "GET", "/error")), 404);
        Answers.refused(send(container, request(container, "GET", "/error")), 401);
    }
}
