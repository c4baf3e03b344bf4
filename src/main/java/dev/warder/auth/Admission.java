package dev.warder.auth;

import dev.warder.http.ErrorReply;

/** Whether a caller is let in. */
sealed interface Admission {
    /** It is: as this client, with what it brought beside its access token. */
    record Admitted(Client client, OwnCredential own) implements Admission {}

    /** It is not. */
    record Refused(ErrorReply reply) implements Admission {}
}
