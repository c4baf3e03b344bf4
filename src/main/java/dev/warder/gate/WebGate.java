package dev.warder.gate;

import dev.warder.auth.Right;

/**
 * Refuses tools by which the upstream searches the web or fetches from it, with a credential of the operator, to a token without
 * the right {@code web}. A request in OpenAI's dialect has none of them by now. Thread-safe.
 */
public final class WebGate implements Gate {
    /** Creates it. */
    public WebGate() {}

    @Override
    public Needs needs() {
        return Needs.BODY;
    }

    @Override
    public Verdict ask(Inquiry inquiry) {
        boolean searches =
                inquiry.route().runsModel() && inquiry.costs().prompt().searches();
        return searches && !inquiry.ownCredential() && !inquiry.client().has(Right.WEB)
                ? Verdict.refused(inquiry.client().refusalWithout(Right.WEB))
                : Verdict.granted();
    }
}
