package dev.warder.credential;

import dev.warder.http.ErrorReply;

/** The choice of the credential for a request; the filter puts it on the request under this type. */
public sealed interface CredentialChoice {
    /** The caller's own. It is never replaced by another: the caller handles the upstream's responses to it. */
    record Passthrough(UpstreamCredential credential) implements CredentialChoice {}

    /**
     * One of the operator's, or several in turn.
     *
     * @param candidates the credentials that this request may use
     */
    record Managed(Candidates candidates) implements CredentialChoice {}

    /**
     * None. The refusal is sent only after the body was read, because errors in the request itself are reported first.
     *
     * @param reply the response that is then sent
     */
    record Refused(ErrorReply reply) implements CredentialChoice {}
}
