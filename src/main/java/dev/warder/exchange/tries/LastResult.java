package dev.warder.exchange.tries;

import dev.warder.credential.CredentialUnavailableException;
import dev.warder.credential.CredentialUse;
import dev.warder.exchange.down.Failure;
import dev.warder.exchange.down.ResponseSink;
import dev.warder.http.ErrorReply;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.record.UsedCredential;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client's result when no credential brings a better one: the last response that came, or else the last failure. One
 * thread at a time.
 */
final class LastResult {
    private static final int RENEWAL_RETRY_SECONDS = 5;

    private final RequestRecord record;
    private final ResponseSink client;
    private @Nullable Runnable response;
    private @Nullable Failure failure;

    LastResult(RequestRecord record, ResponseSink client) {
        this.record = record;
        this.client = client;
    }

    void is(CredentialUse use, TriedResponse kept) {
        response = () -> {
            name(use);
            kept.passTo(client);
        };
    }

    /** The upstream refused a credential; its response is not for the client. */
    void isRefusal(CredentialUse use) {
        var refusal = error("The upstream refused the gateway's credential \"%s\".", use);
        response = () -> {
            name(use);
            client.failed(refusal);
        };
    }

    void is(Failure last) {
        failure = last;
    }

    void isUnavailable(CredentialUse use, CredentialUnavailableException cause) {
        failure = cause.isTerminal()
                ? error("The gateway's credential \"%s\" cannot be used until an operator has seen to it.", use)
                : unrenewed(use);
    }

    void forget() {
        response = null;
        failure = null;
    }

    /**
     * Gives it to the client.
     *
     * @param refusal where no credential was tried
     */
    void give(Supplier<ErrorReply> refusal) {
        if (response != null) {
            response.run();
        } else {
            client.failed(failure != null ? failure : new Failure(refusal.get(), RequestEnd.REFUSED));
        }
    }

    void name(CredentialUse use) {
        record.credential(named(use));
    }

    static UsedCredential named(CredentialUse use) {
        return new UsedCredential(use.source().name(), use.source().kind().word());
    }

    private static Failure error(String message, CredentialUse use) {
        var reply = ErrorReply.badGateway(message.formatted(use.source().name()));
        return new Failure(reply.withoutRetry(), RequestEnd.ERROR);
    }

    private static Failure unrenewed(CredentialUse use) {
        String message = "The gateway's credential \"%s\" cannot be renewed at the moment.";
        var reply = ErrorReply.overloaded(message.formatted(use.source().name()), RENEWAL_RETRY_SECONDS);
        return new Failure(reply, RequestEnd.ERROR);
    }
}
