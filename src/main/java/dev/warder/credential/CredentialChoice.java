package dev.warder.credential;

import dev.warder.http.ErrorReply;

/** Which credential goes upstream with a request; the filter puts it on the request under this type. */
public sealed interface CredentialChoice {
    /** The caller's own. What the upstream says to it is the caller's business: it is never replaced by another. */
    record Passthrough(UpstreamCredential credential) implements CredentialChoice {}

    /**
     * One of the operator's, or several in turn.
     *
     * @param candidates the way of this request through them
     */
    record Managed(Candidates candidates) implements CredentialChoice {}

    /**
     * None. Not yet an answer: what is wrong with the request itself is said first, after its body was read.
     *
     * @param reply what is then answered
     */
    record Refused(ErrorReply reply) implements CredentialChoice {}
}
