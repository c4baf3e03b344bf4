package dev.warder.proxy;

import java.nio.ByteBuffer;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * A further answer to a managed credential, whose first was passed on. That it is refused now is no trouble of the client's
 * (rulings, 10), and no other credential takes over in the middle. One thread at a time.
 */
final class FurtherAnswer implements UpstreamAnswer.Events {
    private static final int UNAUTHORIZED = 401;

    private final Failure rejection;
    private final Runnable onRejection;
    private final ManagedTries.Events client;
    private boolean rejected;

    /**
     * @param rejection what the client gets where the credential is rejected
     * @param onRejection is run then, too
     */
    FurtherAnswer(Failure rejection, Runnable onRejection, ManagedTries.Events client) {
        this.rejection = rejection;
        this.onRejection = onRejection;
        this.client = client;
    }

    @Override
    public void answerHead(HttpResponse head, @Nullable EntityDetails content) {
        if (head.getCode() == UNAUTHORIZED) {
            rejected = true;
            onRejection.run();
            client.failed(rejection);
        } else {
            client.answerHead(head, content);
        }
    }

    @Override
    public void answerPiece(ByteBuffer piece) {
        if (!rejected) {
            client.answerPiece(piece);
        }
    }

    @Override
    public void answerEnd() {
        if (!rejected) {
            client.answerEnd();
        }
    }

    @Override
    public void answerFailed(Exception cause) {
        client.answerFailed(cause);
    }

    @Override
    public void fault(Throwable cause) {
        client.fault(cause);
    }
}
