package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Flood;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Script;
import java.io.InputStream;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Large bodies through a front end: piece by piece, never spooled, and no faster than the other side takes them. */
abstract class FlowContract extends RigContract {
    private static final int UPLOAD = 20 << 20;
    private static final int CLIENTS = 2;

    /** What would flow if nobody held it. */
    private static final int FLOOD = 192 << 20;

    /** The kernel's buffers on the three hops and the 16 MiB that Java's client takes by HTTP/2, on a generous machine. */
    private static final long MOST_HELD = 128L << 20;

    /** What a front end's processes may grow by meanwhile: no more than further workers that it may have started. */
    private static final long MOST_GROWTH = 64L << 20;

    FlowContract(FrontEnd kind, Container.Starter starter) {
        super(kind, starter);
    }

    @Override
    Rig start(FrontEnd front, Container.Starter node) throws Exception {
        var started = super.start(front, node);
        started.upstream().keepBodies(0);
        return started;
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void bringsUpTwentyMebibytesWithALength(Version version) throws Exception {
        var body = new Upload(UPLOAD);
        upload(version, body, BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> body), UPLOAD));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void bringsUpTwentyMebibytesWithoutALength(Version version) throws Exception {
        var body = new Upload(UPLOAD);
        upload(version, body, BodyPublishers.ofInputStream(() -> body));
    }

    /** The client stops in the middle until the upstream has what was sent before: whoever spools stops the test. */
    private void upload(Version version, Upload body, BodyPublisher publisher) throws Exception {
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
    @EnumSource(Version.class)
    void holdsTheUpstreamWhileClientsDoNotRead(Version version) throws Exception {
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
    @EnumSource(Version.class)
    void holdsTheClientWhileTheUpstreamDoesNotRead(Version version) throws Exception {
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
}
