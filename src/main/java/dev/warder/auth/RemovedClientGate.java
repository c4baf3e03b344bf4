package dev.warder.auth;

import dev.warder.http.ErrorReply;
import java.util.Optional;

/**
 * Ends the requests of a client that is removed from the policy, wherever they are: while a body arrives, while another
 * gate decides, and while a response is sent. It refuses no request when it is asked, because the first filter has just
 * admitted it. Thread-safe.
 */
public record RemovedClientGate(ClientDirectory directory) implements Gate {
    @Override
    public Needs needs() {
        return Needs.HEAD;
    }

    @Override
    public Verdict ask(Inquiry inquiry) {
        var admitted = inquiry.client();
        return Verdict.granted(new Meter() {
            @Override
            public Optional<ErrorReply> tick(long nanoTime) {
                return directory.refusalIfRemoved(admitted);
            }
        });
    }
}
