package dev.warder.openai;

import dev.warder.http.ErrorReply;
import dev.warder.openai.shared.RequestRefusal;
import dev.warder.stream.Translation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refusals of requests that cannot be translated. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private Refusals() {}

    static Translation.Outcome unreadable() {
        return new Translation.Outcome.Refused(ErrorReply.invalidRequest(
                "The request body has a member twice or too many values, or cannot be read."));
    }

    static Translation.Outcome of(RequestRefusal refusal) {
        if (refusal.status() == 404) {
            // The line of the access log of the same request names the model.
            LOG.info("A model matches no entry of openai.models or models.aliases, and openai.defaultModel is not set");
            return new Translation.Outcome.Refused(ErrorReply.modelNotFound(refusal.message()));
        }
        return new Translation.Outcome.Refused(ErrorReply.invalidRequest(refusal.message(), refusal.param()));
    }
}
