package dev.warder.credential;

import java.util.Optional;

/** The session of one request, if it named one. Thread-safe. */
record Session(StickySessions sessions, Optional<StickySessions.Key> key) {
    /** The credential of the session. */
    Optional<Member> member() {
        return key.flatMap(sessions::find);
    }

    /**
     * The credential of the session, or {@code chosen} if it had none. Parallel requests of a new session thus share
     * one credential.
     */
    Member memberOr(Member chosen) {
        return key.map(named -> sessions.findOrPut(named, chosen)).orElse(chosen);
    }

    /** Moves the session from the credential that its request saw to the one that responded. */
    void move(Member from, Member to) {
        key.ifPresent(named -> sessions.move(named, from, to));
    }
}
