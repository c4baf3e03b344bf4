package dev.warder.auth;

import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import java.util.Optional;

/**
 * Refuses a request that the policy in use no longer permits. A request is admitted when its head arrives; its body may
 * need hours, and retries follow later still. The gate is asked once the body is known, and again before each try. A
 * response that has begun is not ended: see {@link RemovedClientGate}. Thread-safe.
 */
public record CurrentPolicyGate(ClientDirectory directory) implements Gate {
    @Override
    public Verdict ask(Inquiry inquiry) {
        var question = new Question(directory, inquiry.call(), inquiry.client(), inquiry.model());
        return question.beforeTry().<Verdict>map(Verdict::refused).orElseGet(() -> Verdict.granted(question));
    }

    /** The question that is asked again before each try. It keeps neither the fields nor the outline of the request. */
    private record Question(ClientDirectory directory, Call call, Client admitted, Optional<String> model)
            implements Meter {
        @Override
        public Optional<ErrorReply> beforeTry() {
            return directory.refusalNow(call, admitted, model);
        }
    }
}
