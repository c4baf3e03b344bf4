package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Http2;
import dev.warder.testkit.Field;
import dev.warder.testkit.ScriptedUpstream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each method that HttpCore and HttpClient call throws in turn: its own call ends, and the client goes on. */
class CallbackFaultsTest {
    /** Not called in an exchange that goes well. */
    private static final Set<String> NOT_CALLED = Set.of("AsyncRequestProducer.failed", "AsyncResponseConsumer.failed");

    /** HttpClient asks for some of them only where there is more to send or to read than here. */
    private static final Set<String> PERHAPS_CALLED = Set.of(
            "AsyncRequestProducer.isRepeatable",
            "AsyncRequestProducer.available",
            "AsyncResponseConsumer.informationResponse",
            "AsyncResponseConsumer.updateCapacity");

    static Stream<Arguments> faults() {
        return Stream.of(AsyncRequestProducer.class, AsyncResponseConsumer.class)
                .flatMap(part ->
                        Stream.of(part.getMethods()).map(method -> part.getSimpleName() + "." + method.getName()))
                .distinct()
                .filter(method -> !NOT_CALLED.contains(method))
                .flatMap(method -> Stream.<Supplier<Throwable>>of(
                                () -> new IllegalStateException("a fault of the test"),
                                () -> new IOException("a fault of the test"),
                                () -> new LinkageError("a fault of the test"),
                                () -> new StackOverflowError("a fault of the test"))
                        .map(fault ->
                                Arguments.of(method, fault.get().getClass().getSimpleName(), fault)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("faults")
    void endsItsCallOnly(String method, String name, Supplier<Throwable> fault) throws Exception {
        try (var upstream = ScriptedUpstream.plain();
                var client = new UpstreamClient(
                        upstream.uri(), Duration.ofSeconds(30), Http2.OFF, Thread::new, System::nanoTime)) {
            client.start();
            upstream.script((request, reply) -> {
                reply.informational(103, new Field("Link", "</style.css>"));
                reply.json(200, "{}");
            });
            endsItsCallOnly(client, method, fault);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("faults")
    void endsItsCallOnlyOfThoseThatShareAConnection(String method, String name, Supplier<Throwable> fault)
            throws Exception {
        try (var calls = Calls.start()) {
            assertThat(calls.execute().end()).isEqualTo("200");
            endsItsCallOnly(calls.client(), method, fault);
        }
    }

    @SuppressWarnings("unchecked")
    private static void endsItsCallOnly(UpstreamClient client, String method, Supplier<Throwable> fault)
            throws Exception {
        var thrown = new CountDownLatch(1);
        var answer = Answer.taken();
        var request = new BasicRequestProducer(
                new BasicHttpRequest("POST", client.host(), "/v1/messages"),
                new StringAsyncEntityProducer("{}", ContentType.APPLICATION_JSON));
        Supplier<Throwable> counted = () -> {
            thrown.countDown();
            return fault.get();
        };
        client.execute(
                false,
                throwing(AsyncRequestProducer.class, request, method, counted),
                throwing(AsyncResponseConsumer.class, answer, method, counted),
                answer);
        assertThat(answer.end()).isNotEmpty();
        assertThat(PERHAPS_CALLED.contains(method) || thrown.await(10, TimeUnit.SECONDS))
                .as("%s was called", method)
                .isTrue();
        var next = Answer.taken();
        client.execute(
                false, new BasicRequestProducer(new BasicHttpRequest("GET", client.host(), "/"), null), next, next);
        assertThat(next.end()).isEqualTo("200");
    }

    /** The same part, of which one method always throws. */
    @SuppressWarnings("unchecked")
    private static <T> T throwing(Class<T> type, Object part, String method, Supplier<Throwable> fault) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
            if (method.equals(type.getSimpleName() + "." + called.getName())) {
                throw fault.get();
            }
            return invoke(part, called, arguments);
        });
    }

    private static Object invoke(Object part, Method called, Object[] arguments) throws Throwable {
        try {
            return called.invoke(part, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
