package dev.warder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Field;
import dev.warder.testkit.Script;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.StreamRequest;
import dev.warder.testkit.StreamUpstream;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each method that HttpCore and HttpClient call throws in turn: its own exchange ends, and the client goes on. In the gate it throws one
 * kind of fault, in the slice each.
 */
@Tag("turn-3")
class CallbackFaultsTest {
    /** Not called in an exchange that goes well. */
    private static final Set<String> NOT_CALLED = Set.of("AsyncRequestProducer.failed", "AsyncResponseConsumer.failed");

    /** HttpClient asks for some of them only where there is more to send or to read than here. */
    private static final Set<String> PERHAPS_CALLED = Set.of(
            "AsyncRequestProducer.isRepeatable",
            "AsyncRequestProducer.available",
            "AsyncResponseConsumer.informationResponse",
            "AsyncResponseConsumer.updateCapacity");

    private static final List<String> LOST = List.of(
            "AsyncRequestProducer.failed",
            "AsyncRequestProducer.releaseResources",
            "AsyncResponseConsumer.failed",
            "AsyncResponseConsumer.releaseResources",
            "FutureCallback.failed");

    private static final List<String> CANCELS =
            Stream.concat(LOST.stream(), Stream.of("FutureCallback.cancelled")).toList();

    /** How an exchange ends. */
    enum End {
        SERVED(
                List.of("FutureCallback.completed"),
                List.of(),
                (request, reply) -> reply.json(200, "{}"),
                request -> request.json(200, "{}")),
        CLOSED(
                LOST,
                List.of("AsyncRequestProducer.failed", "AsyncResponseConsumer.failed"),
                (request, reply) -> reply.closeNow(),
                request -> request.reset(StreamRequest.INTERNAL_ERROR)),
        CANCELLED(CANCELS, CANCELS, (request, reply) -> reply.await(new CountDownLatch(1)), request -> {});

        private final List<String> methods;
        private final List<String> perhaps;
        private final Script script;
        private final StreamUpstream.Script shared;

        /** @param perhaps methods that HttpClient need not call */
        End(List<String> methods, List<String> perhaps, Script script, StreamUpstream.Script shared) {
            this.methods = methods;
            this.perhaps = perhaps;
            this.script = script;
            this.shared = shared;
        }
    }

    static Stream<Arguments> faults() {
        var all = Stream.of(AsyncRequestProducer.class, AsyncResponseConsumer.class)
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
        return chosen(all.toList(), 4);
    }

    /** In the gate each method throws one of its faults, the next method the next one; in the slice all of them. */
    private static Stream<Arguments> chosen(List<Arguments> all, int faults) {
        return IntStream.range(0, all.size())
                .filter(i -> Turns.inTurn() || i % faults == i / faults % faults)
                .mapToObj(all::get);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("faults")
    void endsItsCallOnly(String method, String name, Supplier<Throwable> fault) throws Exception {
        try (var upstream = ScriptedUpstream.plain();
                var client = ExchangeGround.plain(upstream.uri())) {
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
        try (var ground = ExchangeGround.start()) {
            assertThat(ground.execute().end()).isEqualTo("200");
            endsItsCallOnly(ground.client(), method, fault);
        }
    }

    static Stream<Arguments> lastFaults() {
        var all = Stream.of(End.values())
                .flatMap(end -> end.methods.stream().flatMap(method -> Stream.<Supplier<Throwable>>of(
                                () -> new IllegalStateException("a fault of the test"),
                                () -> new LinkageError("a fault of the test"),
                                () -> new StackOverflowError("a fault of the test"))
                        .map(fault ->
                                Arguments.of(end, method, fault.get().getClass().getSimpleName(), fault))));
        return chosen(all.toList(), 3);
    }

    /** What is called when an exchange ends, fails or is cancelled: its connection is given back, and the client goes on. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("lastFaults")
    void givesBackTheConnectionOfACallWhoseEndThrows(End end, String method, String name, Supplier<Throwable> fault)
            throws Exception {
        try (var upstream = ScriptedUpstream.plain();
                var client = ExchangeGround.plain(upstream.uri())) {
            upstream.next(end.script).script((request, reply) -> reply.json(200, "{}"));
            endsThrowing(client, end, method, fault, upstream::take);
            givesBack(client);
            goesOn(client);
        }
    }

    /** The same of exchanges that share a connection, which stays open for the others. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("lastFaults")
    void givesBackTheStreamOfACallWhoseEndThrows(End end, String method, String name, Supplier<Throwable> fault)
            throws Exception {
        try (var ground = ExchangeGround.start()) {
            assertThat(ground.execute().end()).isEqualTo("200");
            ground.upstream().take();
            ground.upstream().next(end.shared);
            endsThrowing(ground.client(), end, method, fault, ground.upstream()::take);
            // HttpCore 5.4.4 resets a cancelled stream only when its next frame comes, and this upstream sends none.
            if (end != End.CANCELLED) {
                givesBack(ground.client());
            }
            goesOn(ground.client());
        }
    }

    @SuppressWarnings("unchecked")
    private static void endsThrowing(
            UpstreamClient client, End end, String method, Supplier<Throwable> fault, Callable<?> sent)
            throws Exception {
        var thrown = new CountDownLatch(1);
        Supplier<Throwable> counted = () -> {
            thrown.countDown();
            return fault.get();
        };
        var answer = Answer.taken();
        var exchange = client.origin()
                .execute(
                        false,
                        throwing(AsyncRequestProducer.class, post(client), method, counted),
                        throwing(AsyncResponseConsumer.class, answer, method, counted),
                        throwing(FutureCallback.class, answer, method, counted));
        sent.call();
        if (end == End.CANCELLED) {
            exchange.cancel();
        }
        assertThat(end.perhaps.contains(method) || thrown.await(10, TimeUnit.SECONDS))
                .as("%s was called", method)
                .isTrue();
    }

    private static void givesBack(UpstreamClient client) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (client.leased() > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(client.leased()).isZero();
    }

    /** The next exchange is served. */
    private static void goesOn(UpstreamClient client) throws Exception {
        var next = Answer.taken();
        client.origin()
                .execute(
                        false,
                        new BasicRequestProducer(
                                new BasicHttpRequest("GET", client.origin().host(), "/"), null),
                        next,
                        next);
        assertThat(next.end()).isEqualTo("200");
    }

    private static BasicRequestProducer post(UpstreamClient client) {
        return new BasicRequestProducer(
                new BasicHttpRequest("POST", client.origin().host(), "/v1/messages"),
                new StringAsyncEntityProducer("{}", ContentType.APPLICATION_JSON));
    }

    @SuppressWarnings("unchecked")
    private static void endsItsCallOnly(UpstreamClient client, String method, Supplier<Throwable> fault)
            throws Exception {
        var thrown = new CountDownLatch(1);
        var answer = Answer.taken();
        Supplier<Throwable> counted = () -> {
            thrown.countDown();
            return fault.get();
        };
        client.origin()
                .execute(
                        false,
                        throwing(AsyncRequestProducer.class, post(client), method, counted),
                        throwing(AsyncResponseConsumer.class, answer, method, counted),
                        answer);
        assertThat(answer.end()).isNotEmpty();
        assertThat(PERHAPS_CALLED.contains(method) || thrown.await(10, TimeUnit.SECONDS))
                .as("%s was called", method)
                .isTrue();
        goesOn(client);
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
