package dev.warder.auth;

import dev.warder.http.ErrorReply;

/** The decision about a caller. */
sealed interface CallerAdmission {
    /** Admitted as this client, by this token, with the caller's own credential. */
    record Admitted(Client client, PresentedToken token, OwnCredential own) implements CallerAdmission {}

    /** Refused. */
    record Refused(ErrorReply reply) implements CallerAdmission {}
}
