package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Field;
import dev.warder.testkit.FieldList;
import dev.warder.testkit.Limit;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;

/**
 * Ground that every contract stands on: a scripted upstream, the log of the whole virtual machine, and secrets that no log
 * may hold. The secrets are assembled here, so that no source holds a token.
 */
@OnChosenContainer
abstract class CommonGround {
    /** A managed key as the API makes them. */
    static final String MANAGED_KEY = "sk-" + "ant-api03-" + "managed0".repeat(5);

    /** The shared access token. */
    static final String ACCESS_TOKEN = "shared-" + "access0".repeat(4);

    /** An API key of a client's own. */
    static final String OWN_KEY = "sk-" + "ant-api03-" + "clients0".repeat(5);

    /** An OAuth token of a client's own. */
    static final String OWN_OAUTH = "sk-" + "ant-oat01-" + "clients1".repeat(5);

    /** For what should happen at once, on a machine that is busy. */
    static final Duration SOON = Limit.seconds(5);

    /** For what the gateway looks at every 2 s, such as files. */
    static final Duration PATIENCE = Limit.seconds(10);

    /** The upstream that the usual deployment points to. */
    ScriptedUpstream upstream;

    /** What was logged since the ground was made. */
    LogCapture log;

    /** Starts the containers of this contract. */
    Container.Starter starter() {
        return ChosenContainer.starter();
    }

    /** A request for a message with a valid access token in {@code x-api-key}. */
    static RawRequest message(String json) {
        return authenticated("POST", "/v1/messages").json(json);
    }

    /** A request with the access token in {@code x-api-key}. */
    static RawRequest authenticated(String method, String path) {
        return RawRequest.of(method, path).field("x-api-key", ACCESS_TOKEN);
    }

    /** A client of this container; the test closes it. */
    static RawClient connect(Container container) throws IOException {
        return RawClient.connect(container.baseUri());
    }

    /** Sends a request on a connection of its own and reads the whole response. */
    static RawResponse exchange(Container container, RawRequest request) throws IOException {
        return RawClient.exchange(container.baseUri(), request);
    }

    /** Asserts the status of a response, which is shown where it has another one. */
    static RawResponse assertStatus(int status, RawResponse response) {
        assertThat(response.status()).as("%s", response).isEqualTo(status);
        return response;
    }

    /** Asserts the status, and what comes of the text. */
    static AbstractStringAssert<?> assertText(int status, RawResponse response) {
        return assertThat(assertStatus(status, response).text());
    }

    /** Asserts that fields have one value each: names and values, in turn. */
    static void assertFields(FieldList fields, String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            assertThat(fields.values(namesAndValues[i])).as(namesAndValues[i]).containsExactly(namesAndValues[i + 1]);
        }
    }

    static void assertNoFields(FieldList fields, String... names) {
        assertThat(names).noneMatch(fields::has);
    }

    /** The upstream answers the coming requests so, one after the other. */
    final void next(Script... scripts) {
        for (var script : scripts) {
            upstream.next(script);
        }
    }

    /** A response of the upstream with this body. */
    static Script json(int status, String text) {
        return (request, reply) -> reply.json(status, text);
    }

    /** The same once the latch is open. */
    static Script json(CountDownLatch latch, int status, String text) {
        return (request, reply) -> {
            reply.await(latch);
            reply.json(status, text);
        };
    }

    /** Waits until the condition holds. */
    static void eventually(Callable<Boolean> condition) throws Exception {
        Eventually.holds(PATIENCE, condition);
    }

    /** A number of the application's MBean. */
    static long number(Container container, String attribute) {
        return ((Number) container.gateway(attribute)).longValue();
    }

    /** The texts of these lines of the log. */
    final List<String> texts(String logger, Level from) {
        return log.lines(logger, from).stream().map(LogLine::text).toList();
    }

    /** The id under which the exchange is in the log. */
    static String id(RawResponse answer) {
        return id(answer.fields());
    }

    static String id(FieldList answer) {
        return answer.first("X-Warder-Request-Id").orElseThrow();
    }

    /** How many seconds the client should wait. */
    static int retryAfter(RawResponse answer) {
        return Integer.parseInt(answer.fields().first("retry-after").orElseThrow());
    }

    /** For something that happens once. */
    static CountDownLatch latch() {
        return new CountDownLatch(1);
    }

    /** Lets this many milliseconds pass, for scripts that keep a pace. */
    static void pause(long millis) throws InterruptedException {
        assertThat(latch().await(millis, TimeUnit.MILLISECONDS)).isFalse();
    }

    /** The fields of a text, which {@code |} and the ends of lines separate. */
    static List<Field> fields(String text) {
        return Stream.of(text.split("\\s*[|\n]\\s*"))
                .map(line -> line.split(": ", 2))
                .map(parts -> new Field(parts[0], parts[1]))
                .toList();
    }

    /** The items of a text, see {@link EachItem}. */
    static List<String> items(String text) {
        return EachItem.Provider.items(text);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
