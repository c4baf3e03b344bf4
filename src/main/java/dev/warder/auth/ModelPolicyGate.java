package dev.warder.auth;

/** Refuses a request that names a model which its client may not use (rule "Models of a restricted client"). */
public final class ModelPolicyGate implements Gate {
    @Override
    public Verdict ask(Inquiry inquiry) {
        boolean permitted =
                inquiry.content().map(content -> content.outline().permitted()).orElse(true);
        return permitted ? Verdict.granted() : Verdict.refused(inquiry.client().refusalOfModel());
    }
}
