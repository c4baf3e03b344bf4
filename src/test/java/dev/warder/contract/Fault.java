package dev.warder.contract;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Reply;
import dev.warder.testkit.Script;
import java.util.concurrent.CountDownLatch;

/** What goes wrong with one credential, before a byte of an answer has reached the client or after. */
enum Fault implements Script {
    NONE(200),
    UNAUTHORIZED(401),
    UNPAID(402),
    FORBIDDEN(403),
    LIMITED(429),
    LIMITED_FOR_A_SECOND(429),
    FAULT(500),
    BAD_GATEWAY(502),
    UNAVAILABLE(503),
    OVERLOADED(529),
    RESET(0),
    CLOSED(0),
    GARBAGE(0),
    HANGS(0),
    ERROR_FIRST(200),
    /** Another credential must not take over. */
    BREAKS_AFTER_ITS_FIRST_EVENT(200);

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private final int status;

    Fault(int status) {
        this.status = status;
    }

    /** The status of the answer; 0 where none begins. */
    int status() {
        return status;
    }

    /** The answer's body: text that no other fault has. */
    String body() {
        return switch (this) {
            case NONE -> Messages.message("Hello.");
            case ERROR_FIRST -> Messages.event("error", Messages.error("overloaded_error", name()));
            case BREAKS_AFTER_ITS_FIRST_EVENT -> Messages.start();
            default -> Messages.error("api_error", name());
        };
    }

    @Override
    public void run(RecordedRequest request, Reply reply) throws Exception {
        switch (this) {
            case RESET -> reply.reset();
            case CLOSED -> reply.closeNow();
            case GARBAGE -> {
                reply.send("220 speaks another protocol\r\n\r\n");
                reply.closeNow();
            }
            case HANGS -> reply.await(NEVER);
            case ERROR_FIRST -> {
                reply.eventStream();
                reply.chunk(body());
                reply.lastChunk();
            }
            case BREAKS_AFTER_ITS_FIRST_EVENT -> {
                reply.eventStream();
                reply.chunk(body());
                reply.closeNow();
            }
            case LIMITED_FOR_A_SECOND -> reply.field("retry-after", "1").json(status, body());
            default -> reply.json(status, body());
        }
    }
}
