package dev.warder.testkit;

import java.util.concurrent.CountDownLatch;

/** What the scripted upstream does with one request. Runs on a thread of its connection; may block. */
@FunctionalInterface
public interface Script {
    /**
     * Answers the request. An {@link java.io.IOException} ends it silently, because gateways may leave; anything else
     * thrown fails the test when the upstream is closed.
     */
    void run(RecordedRequest request, Reply reply) throws Exception;

    /**
     * The same script, started as soon as the head has come. The body stays unread in the socket until
     * {@link Reply#readBody} asks for it or the script returns: for early answers and stalled uploads.
     */
    static Script atHead(Script script) {
        return new AtHead(script);
    }

    /** An event stream of these chunks. */
    static Script events(String... chunks) {
        return (request, reply) -> {
            reply.events(chunks);
            reply.lastChunk();
        };
    }

    /** An event stream that waits for the latch after its first chunk. */
    static Script events(String before, CountDownLatch latch, String... after) {
        return (request, reply) -> {
            reply.events(before);
            reply.await(latch);
            for (var chunk : after) {
                reply.chunk(chunk);
            }
            reply.lastChunk();
        };
    }

    /** An event stream that stands still after these chunks and ends without the last one, once the latch is open. */
    static Script heldEvents(CountDownLatch latch, String... chunks) {
        return (request, reply) -> {
            reply.events(chunks);
            reply.await(latch);
        };
    }

    /** An event stream whose connection is closed after these chunks. */
    static Script cutEvents(String... chunks) {
        return (request, reply) -> {
            reply.events(chunks);
            reply.closeNow();
        };
    }

    /** A script that starts before the body is read. */
    record AtHead(Script script) implements Script {
        @Override
        public void run(RecordedRequest request, Reply reply) throws Exception {
            script.run(request, reply);
        }
    }
}
