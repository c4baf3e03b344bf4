package dev.warder.auth;

import dev.warder.http.ErrorReply;

/** Whether a caller is let in. */
sealed interface Admission {
    /** It is: as this client, by this token, with what it brought beside it. */
    record Admitted(Client client, PresentedToken token, OwnCredential own) implements Admission {}

    /** It is not. */
    record Refused(ErrorReply reply) implements Admission {}
}
