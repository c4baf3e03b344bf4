package dev.warder.gate;

/** Refuses a request for which there is no usable credential. It comes last in the order of refusals. */
public final class CredentialGate implements Gate {
    /** Creates it. */
    public CredentialGate() {}

    @Override
    public Needs needs() {
        return Needs.BODY;
    }

    @Override
    public Verdict ask(Inquiry inquiry) {
        return inquiry.noCredential().<Verdict>map(Verdict::refused).orElseGet(Verdict::granted);
    }
}
