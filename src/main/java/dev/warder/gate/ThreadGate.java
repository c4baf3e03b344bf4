package dev.warder.gate;

import dev.warder.auth.Right;
import dev.warder.credential.CredentialPool;
import dev.warder.http.ErrorReply;

/**
 * Refuses to continue a thread that is not known to be the client's, or whose credential cannot be used now: another one belongs to an
 * organization that does not have it. Clients then send the conversation as a whole. With the right {@code workspace}, what is not
 * known passes, and holds the longest prompt. A client's own credential has threads of its own. Thread-safe.
 */
public final class ThreadGate implements Gate {
    private final boolean refuses;
    private final CredentialPool pool;

    /** @param refuses whether no request with a thread passes, setting {@code threads} */
    public ThreadGate(boolean refuses, CredentialPool pool) {
        this.refuses = refuses;
        this.pool = pool;
    }

    @Override
    public Needs needs() {
        return Needs.BODY;
    }

    @Override
    public Verdict ask(Inquiry inquiry) {
        var thread = inquiry.costs().thread();
        if (thread.isEmpty()) {
            return Verdict.granted();
        }
        if (refuses) {
            return refused("This gateway does not serve message threads.");
        }
        if (inquiry.ownCredential() || !thread.get().continues()) {
            return Verdict.granted();
        }
        var keeper = thread.get().keeper();
        if (keeper.isEmpty()) {
            return inquiry.client().has(Right.WORKSPACE)
                    ? Verdict.granted()
                    : refused("This thread is not known to this gateway. Send the whole conversation.");
        }
        return pool.serves(keeper.get(), inquiry.model())
                ? Verdict.granted()
                : refused("This thread cannot be continued now. Send the whole conversation.");
    }

    private static Verdict refused(String message) {
        return Verdict.refused(ErrorReply.invalidRequest(message).withErrorCode("thread_unsupported_request"));
    }
}
