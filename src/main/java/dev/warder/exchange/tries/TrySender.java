package dev.warder.exchange.tries;

import dev.warder.credential.CredentialUse;
import dev.warder.credential.UpstreamCredential;

/** Sends the tries of one request. */
public interface TrySender {
    void send(ManagedTry with);

    /** The upstream refused this value with 401, and the request is not sent with another one in its place. */
    void rejected(CredentialUse use, UpstreamCredential value);

    /** Something begins that is waited for: the time for it begins before {@link ManagedTries#check} can see it. */
    void moved();
}
