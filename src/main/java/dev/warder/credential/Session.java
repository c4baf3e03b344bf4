package dev.warder.credential;

import java.util.Optional;

/** The session of one request, where it named one. Thread-safe. */
record Session(StickySessions places, Optional<StickySessions.Key> key) {
    /** Where it is. */
    Optional<Member> place() {
        return key.flatMap(places::find);
    }

    /** The same, and {@code chosen} when it was nowhere; parallel requests of a new session so meet at one place. */
    Member placeOr(Member chosen) {
        return key.map(named -> places.findOrPut(named, chosen)).orElse(chosen);
    }

    /** Moves it from where its request saw it to the one that answered. */
    void move(Member from, Member to) {
        key.ifPresent(named -> places.move(named, from, to));
    }
}
