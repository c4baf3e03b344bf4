package dev.warder.testkit;

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

    /** A script that starts before the body is read. */
    record AtHead(Script script) implements Script {
        @Override
        public void run(RecordedRequest request, Reply reply) throws Exception {
            script.run(request, reply);
        }
    }
}
