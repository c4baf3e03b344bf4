package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams through a front end, with HTTP/1.1 and with HTTP/2 on the client's side. */
abstract class ExchangeContract extends RigContract {
    private static final int APART_MILLIS = 20;

    ExchangeContract(FrontEnd kind, Container.Starter starter) {
        super(kind, starter);
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
        var events = new EventReader(answer.body());
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
        var events = new EventReader(Caller.of(rig.uri(), version).stream().body());
        assertThat(events.next().orElseThrow().name()).isEqualTo("content_block_delta");
        read.countDown();
        assertThat(events.names()).containsExactly("error");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void closesTheUpstreamSoonAfterTheClientHasGone(HttpClient.Version version) throws Exception {
        Report.figure(
                rig,
                "client gone (" + version + "), events 50 ms apart",
                lose(version, 50, Duration.ofSeconds(2)) + " ms");
    }

    /** Nobody notices a lost client before the next writes; with 1 s between events one of the next does. */
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void closesTheUpstreamAtOneOfTheNextEvents(HttpClient.Version version) throws Exception {
        Report.figure(
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
        var events = new EventReader(answer.body());
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
}
