package dev.warder.usage;

import dev.warder.http.Dialect;
import dev.warder.http.RequestHints;
import dev.warder.json.BodyCosts;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The facts of a request at its admission. Immutable.
 *
 * @param id Warder's id of the request
 * @param session the client's name of its conversation
 * @param agent the client's name of the agent within the session
 * @param hints the kind of work, as the client names it
 * @param asked the model in the client's request; empty if the body is not read
 * @param sent the model in the request to the upstream; empty if the body is not read
 * @param length bytes of the body that goes up; empty if it is not read
 * @param maxTokens the most tokens that the client accepts; empty if the body is not read
 * @param costs what the body states about its cost
 * @param ownCredential whether the client's own credential goes up, which the operator does not pay for
 * @param admitted the moment of admission, if a gate has chosen prices or periods by it
 * @param bounds what was learned of earlier requests of this kind; empty if nothing was
 */
public record RequestFacts(
        String id,
        Dialect dialect,
        Optional<String> session,
        Optional<String> agent,
        RequestHints hints,
        Optional<String> asked,
        Optional<String> sent,
        OptionalLong length,
        OptionalLong maxTokens,
        BodyCosts costs,
        boolean ownCredential,
        Optional<Instant> admitted,
        Optional<UsageBounds> bounds) {
    /** Cuts the client's texts to 256 characters. */
    public RequestFacts {
        session = session.map(ReportedText::cut);
        agent = agent.map(ReportedText::cut);
        asked = asked.map(ReportedText::cut);
        sent = sent.map(ReportedText::cut);
    }
}
