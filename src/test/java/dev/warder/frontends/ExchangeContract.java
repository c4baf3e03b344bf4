package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Flood;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import dev.warder.testkit.TestCertificate;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Streams, large bodies and odd requests through a front end, with HTTP/1.1 and with HTTP/2 on the client's side. Bodies
 * pass piece by piece, are never spooled, and are no faster than the other side takes them. A request that is odd or large
 * reaches the upstream in one form or is refused.
 */
abstract class ExchangeContract extends RigContract {
    private static final int APART_MILLIS = 20;
    private static final int UPLOAD = 20 << 20;
    private static final int CLIENTS = 2;

    /** What would flow if nobody held it. */
    private static final int FLOOD = 192 << 20;

    /** The kernel's buffers on the three hops and the 16 MiB that Java's client takes by HTTP/2, on a generous machine. */
    private static final long MOST_HELD = 128L << 20;

    /** What a front end's processes may grow by meanwhile: no more than further workers that it may have started. */
    private static final long MOST_GROWTH = 64L << 20;
    /**
     * The requests that each front end lets through to the upstream; every other one is refused. Before Jetty a raw query
     * passes as well.
     */
    private static final Map<String, Set<OddRequest>> PASSING = Map.of(
            "nginx", Set.of(OddRequest.BARE_LINE_FEED, OddRequest.OTHER_HOST_IN_TARGET),
            "HAProxy", Set.of(OddRequest.LENGTH_AND_CHUNKS, OddRequest.FOLDED_FIELD, OddRequest.BARE_LINE_FEED),
            "Apache", Set.of(OddRequest.LENGTH_AND_CHUNKS, OddRequest.FOLDED_FIELD, OddRequest.OTHER_HOST_IN_TARGET));

    /** Of a flood no more is kept. */
    @Override
    Rig startRig() throws Exception {
        var started = super.startRig();
        started.upstream().keepBodies(64 * 1024);
        return started;
    }

    /** An event is sent only when the client has read the one before: whoever gathers them stops the test. */
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void bringsOneHundredEventsOneByOne(HttpClient.Version version) throws Exception {
        var read = new Semaphore(1);
        rig.upstream().next((request, reply) -> {
            reply.eventStream();
            for (int i = 0; i < 100; i++) {
                assertThat(read.tryAcquire(10, TimeUnit.SECONDS))
                        .as("event %s was read", i)
                        .isTrue();
                pause(APART_MILLIS);
                reply.chunk(Messages.delta("number " + i));
            }
            reply.chunk(Messages.end());
            reply.lastChunk();
        });
        var answer = Caller.of(rig.uri(), version).stream();
        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        var events = new Caller.EventReader(answer.body());
        for (int i = 0; i < 100; i++) {
            assertThat(events.next().orElseThrow().data()).contains("number " + i);
            read.release();
        }
        assertThat(events.names()).endsWith("message_stop");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void endsAStreamWithOneErrorWhenTheUpstreamDies(HttpClient.Version version) throws Exception {
        var read = new CountDownLatch(1);
        rig.upstream().next((request, reply) -> {
            reply.eventStream();
            reply.chunk(Messages.delta("the only one"));
            reply.await(read);
            reply.reset();
        });
        var events =
                new Caller.EventReader(Caller.of(rig.uri(), version).stream().body());
        assertThat(events.next().orElseThrow().name()).isEqualTo("content_block_delta");
        read.countDown();
        assertThat(events.names()).containsExactly("error");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void closesTheUpstreamSoonAfterTheClientHasGone(HttpClient.Version version) throws Exception {
        Rig.Report.figure(
                rig,
                "client gone (" + version + "), events 50 ms apart",
                lose(version, 50, Duration.ofSeconds(2)) + " ms");
    }

    /** Nobody notices a lost client before the next writes; with 1 s between events one of the next does. */
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void closesTheUpstreamAtOneOfTheNextEvents(HttpClient.Version version) throws Exception {
        Rig.Report.figure(
                rig,
                "client gone (" + version + "), events 1 s apart",
                lose(version, 1000, Duration.ofSeconds(10)) + " ms");
    }

    /** By the second request on each connection, because not every HTTP client can cancel on one that it uses again. */
    private long lose(HttpClient.Version version, long apart, Duration limit) throws Exception {
        var caller = Caller.of(rig.uri(), version);
        assertThat(caller.count()).isEqualTo(200);
        rig.upstream().take();
        rig.upstream().next((request, reply) -> streamWithPauses(reply, apart));
        var answer = caller.stream();
        var events = new Caller.EventReader(answer.body());
        assertThat(events.next()).isPresent();
        assertThat(events.next()).isPresent();
        RecordedRequest request = rig.upstream().take();
        long left = System.nanoTime();
        answer.body().close();
        return TimeUnit.NANOSECONDS.toMillis(request.awaitPeerClosed(limit) - left);
    }

    private static void streamWithPauses(Reply reply, long millis) throws Exception {
        reply.eventStream();
        while (true) {
            reply.chunk(Messages.delta("on and on"));
            pause(millis);
        }
    }

    private static void pause(long millis) throws InterruptedException {
        assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void bringsUpTwentyMebibytesWithALength(HttpClient.Version version) throws Exception {
        var body = new Upload(UPLOAD);
        upload(version, body, BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> body), UPLOAD));
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void bringsUpTwentyMebibytesWithoutALength(HttpClient.Version version) throws Exception {
        var body = new Upload(UPLOAD);
        upload(version, body, BodyPublishers.ofInputStream(() -> body));
    }

    /** The client stops in the middle until the upstream has what was sent before: whoever spools stops the test. */
    private void upload(HttpClient.Version version, Upload body, BodyPublisher publisher) throws Exception {
        body.pauseAt(UPLOAD / 2);
        var caller = Caller.of(rig.uri(), version);
        var answer = later(() -> caller.post("/v1/files", publisher));
        var request = rig.upstream().take();
        request.received().awaitAtLeast(UPLOAD / 2 - (1 << 20), Duration.ofSeconds(20));
        body.goOn();
        assertThat(Caller.status(answer.get(20, TimeUnit.SECONDS))).isEqualTo(200);
        assertThat(request.length()).isEqualTo(UPLOAD);
        assertThat(request.crc32c()).isEqualTo(Flood.crc32c(UPLOAD));
    }

    /** Several clients read nothing; the upstream stands still, others are served, and nothing is lost in the end. */
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void holdsTheUpstreamWhileClientsDoNotRead(HttpClient.Version version) throws Exception {
        rig.upstream().on("/v1/files/1/content", (request, reply) -> reply.flood(FLOOD));
        var before = rig.front().residentBytes();
        var answers = new ArrayList<HttpResponse<InputStream>>();
        var requests = new ArrayList<RecordedRequest>();
        for (int i = 0; i < CLIENTS; i++) {
            var caller = Caller.of(rig.uri(), version);
            answers.add(caller.send(caller.get("/v1/files/1/content")));
            requests.add(rig.upstream().take());
        }
        awaitStandstill(() ->
                requests.stream().mapToLong(each -> each.written().value()).sum());
        assertThat(requests)
                .allSatisfy(each -> assertThat(each.written().value()).isLessThan(MOST_HELD));
        assertThat(rig.front().residentBytes() - before).isLessThan(MOST_GROWTH);
        assertThat(Caller.of(rig.uri(), version).count()).isEqualTo(200);
        for (int i = 0; i < CLIENTS; i++) {
            assertThat(Upload.read(answers.get(i).body())).isEqualTo(FLOOD);
            assertThat(requests.get(i).written().value()).isEqualTo(FLOOD);
        }
    }

    /** The upstream reads nothing of an upload; the client can send no more, and all comes whole in the end. */
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void holdsTheClientWhileTheUpstreamDoesNotRead(HttpClient.Version version) throws Exception {
        var mayRead = new CountDownLatch(1);
        rig.upstream().next(Script.atHead((request, reply) -> {
            reply.await(mayRead);
            assertThat(reply.readBody()).isTrue();
            reply.json(200, "{}");
        }));
        var before = rig.front().residentBytes();
        var body = new Upload(FLOOD);
        var caller = Caller.of(rig.uri(), version);
        var answer = later(() -> caller.post("/v1/files", BodyPublishers.ofInputStream(() -> body)));
        var request = rig.upstream().take();
        awaitStandstill(body::given);
        assertThat(body.given()).isLessThan(MOST_HELD);
        assertThat(rig.front().residentBytes() - before).isLessThan(MOST_GROWTH);
        assertThat(Caller.of(rig.uri(), version).count()).isEqualTo(200);
        mayRead.countDown();
        assertThat(Caller.status(answer.get(20, TimeUnit.SECONDS))).isEqualTo(200);
        assertThat(request.crc32c()).isEqualTo(Flood.crc32c(FLOOD));
    }

    /** Waits until the number has not grown for a second and a half. */
    private static void awaitStandstill(LongSupplier number) throws InterruptedException {
        long before;
        do {
            before = number.getAsLong();
            assertThat(new CountDownLatch(1).await(1500, TimeUnit.MILLISECONDS)).isFalse();
        } while (number.getAsLong() > before);
    }

    private static <T> CompletableFuture<T> later(Callable<T> work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return work.call();
            } catch (Exception broken) {
                throw new CompletionException(broken);
            }
        });
    }

    /**
     * The bytes of {@link Flood} as a body that can be stopped in its middle, and read to be compared. One reader at a time.
     */
    private static final class Upload extends InputStream {
        private static final int PIECE = 16 * 1024;

        private final long length;
        private final AtomicLong given = new AtomicLong();
        private final CountDownLatch mayGoOn = new CountDownLatch(1);
        private volatile long pause = Long.MAX_VALUE;

        Upload(long length) {
            this.length = length;
        }

        /** Compares a body with these bytes and answers how many came; an {@link AssertionError} at the first other one. */
        static long read(InputStream body) throws IOException {
            long at = 0;
            try (body) {
                for (var piece = body.readNBytes(PIECE); piece.length > 0; piece = body.readNBytes(PIECE)) {
                    if (!Arrays.equals(piece, Flood.piece(at, piece.length))) {
                        throw new AssertionError("other bytes came behind " + at);
                    }
                    at += piece.length;
                }
            }
            return at;
        }

        /** Gives nothing behind this many bytes until {@link #goOn}. */
        void pauseAt(long bytes) {
            pause = bytes;
        }

        void goOn() {
            mayGoOn.countDown();
        }

        /** How many bytes were taken. */
        long given() {
            return given.get();
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int wanted) throws IOException {
            var at = given.get();
            if (at >= pause) {
                awaitGoOn();
            }
            int count = (int) Math.min(Math.min(wanted, PIECE), length - at);
            if (count == 0) {
                return -1;
            }
            System.arraycopy(Flood.piece(at, count), 0, buffer, offset, count);
            given.addAndGet(count);
            return count;
        }

        private void awaitGoOn() throws InterruptedIOException {
            try {
                mayGoOn.await();
            } catch (InterruptedException stop) {
                throw new InterruptedIOException();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(OddRequest.class)
    void isReadInOneWayOrRefused(OddRequest odd) throws Exception {
        var answer = send(odd.text(Rig.ACCESS_TOKEN));
        Rig.Report.figure(rig, odd.name().toLowerCase(Locale.ROOT).replace('_', ' '), told(answer));
        var passed = answer.map(RawResponse::status).equals(Optional.of(200));
        assertThat(passed).as("%s: %s", odd, answer).isEqualTo(passes(odd));
        if (passed) {
            var request = rig.upstream().take();
            assertThat(request.target()).isEqualTo(odd.upstreamTarget());
            assertThat(request.text()).isEqualTo(odd.upstreamBody());
            assertThat(rig.upstream().requests()).hasSize(1);
        } else {
            assertThat(answer.map(RawResponse::status).orElse(400)).isBetween(400, 501);
            assertThat(rig.upstream().requests()).isEmpty();
        }
    }

    private boolean passes(OddRequest odd) {
        return PASSING.getOrDefault(kind().name(), Set.of()).contains(odd)
                || odd == OddRequest.RAW_QUERY && this instanceof BeforeJetty;
    }

    /** Longer than any front end takes by itself. */
    @Test
    void bringsUpALongField() throws Exception {
        var value = "b".repeat(20_000);
        var answer = send(get().field("anthropic-beta", value).head()).orElseThrow();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(rig.upstream().take().fields().values("anthropic-beta")).containsExactly(value);
    }

    @Test
    void bringsDownALongField() throws Exception {
        var value = "v".repeat(12_000);
        rig.upstream()
                .next((request, reply) -> reply.field("anthropic-long", value).json(200, "{}"));
        var answer = send(get().head()).orElseThrow();
        assertThat(answer.fields().values("anthropic-long")).containsExactly(value);
    }

    @Test
    void refusesABodyThatTheApiWouldNotTake() throws Exception {
        var head = "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 600000000\r\n\r\n";
        assertThat(send(head).map(RawResponse::status)).contains(413);
        assertThat(rig.upstream().requests()).isEmpty();
    }

    private static RawRequest get() {
        return RawRequest.of("GET", "/v1/models")
                .field("x-api-key", Rig.ACCESS_TOKEN)
                .field("Connection", "close");
    }

    private Optional<RawResponse> send(String text) throws Exception {
        var context = TestCertificate.shared().clientContext();
        try (var client = RawClient.connect(rig.uri(), context)) {
            return Optional.of(client.send(text).readResponse());
        } catch (EOFException | SocketException closed) {
            return Optional.empty();
        }
    }

    /** Who refused, as far as the answer shows: only Warder gives its requests an id. */
    private static String told(Optional<RawResponse> answer) {
        if (answer.isEmpty()) {
            return "closed";
        }
        var status = answer.get().status();
        if (status == 200) {
            return "passes";
        }
        return (answer.get().fields().has("X-Warder-Request-Id") ? "Warder " : "before Warder ") + status;
    }
}
