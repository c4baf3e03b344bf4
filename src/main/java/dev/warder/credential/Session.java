package dev.warder.credential;

import java.util.Optional;

/** The session of one request, if it named one. Thread-safe. */
record Session(StickySessions places, Optional<StickySessions.Key> key) {
    /** The credential of the session. */
    Optional<Member> place() {
        return key.flatMap(places::find);
    }

    /**
     * The credential of the session, or {@code chosen} if it had none. Parallel requests of a new session thus share
     * one credential.
     */
    Member placeOr(Member chosen) {
        return key.map(named -> places.findOrPut(named, chosen)).orElse(chosen);
    }

    /** Moves the session from the credential that its request saw to the one that responded. */
    void move(Member from, Member to) {
        key.ifPresent(named -> places.move(named, from, to));
    }
}
