package dev.warder.credential;

import dev.warder.auth.Client.Right;
import dev.warder.auth.Gate;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Verdict;
import dev.warder.http.ErrorReply;
import java.util.Optional;

/**
 * Refuses what the credential for a request cannot or may not do, after all other rules of access. A client's own credential may do
 * everything. Thread-safe.
 *
 * @param refusesThreads whether no request with a thread passes, setting {@code threads}
 */
public record CredentialGate(boolean refusesThreads, CredentialPool pool) implements Gate {
    @Override
    public Verdict ask(Inquiry inquiry) {
        return inquiry.noCredential()
                .or(() -> web(inquiry))
                .or(() -> thread(inquiry))
                .<Verdict>map(Verdict::refused)
                .orElseGet(Verdict::granted);
    }

    /** Searches of the web need the right {@code web}. A request in OpenAI's dialect has no such tools by now. */
    private static Optional<ErrorReply> web(Inquiry inquiry) {
        boolean searches =
                inquiry.call().route().runsModel() && inquiry.costs().prompt().searches();
        return searches && !inquiry.ownCredential() && !inquiry.client().has(Right.WEB)
                ? Optional.of(inquiry.client().refusalWithout(Right.WEB))
                : Optional.empty();
    }

    /**
     * A thread has to be known as the client's, and its credential usable now: another one belongs to an organization that does not
     * have it. Clients then send the conversation as a whole. With the right {@code workspace}, what is not known passes, and holds
     * the longest prompt. With a client's own credential, only the setting counts.
     */
    private Optional<ErrorReply> thread(Inquiry inquiry) {
        var thread = inquiry.costs().thread();
        if (thread.isEmpty()) {
            return Optional.empty();
        }
        if (refusesThreads) {
            return unsupported("This gateway does not serve message threads.");
        }
        if (inquiry.ownCredential() || !thread.get().continues()) {
            return Optional.empty();
        }
        var keeper = thread.get().keeper();
        if (keeper.isEmpty()) {
            return inquiry.client().has(Right.WORKSPACE)
                    ? Optional.empty()
                    : unsupported("This thread is not known to this gateway. Send the whole conversation.");
        }
        return pool.serves(keeper.get(), inquiry.model())
                ? Optional.empty()
                : unsupported("This thread cannot be continued now. Send the whole conversation.");
    }

    private static Optional<ErrorReply> unsupported(String message) {
        return Optional.of(ErrorReply.invalidRequest(message).withErrorCode("thread_unsupported_request"));
    }
}
