package dev.warder.credential;

import java.util.Optional;

/**
 * The session of one request, if it named one. Thread-safe.
 *
 * @param client the name of the caller, see {@link dev.warder.auth.Client#name}
 * @param name the caller's name for the session; ignored unless it is 1 to 200 visible ASCII characters
 */
record Session(StickySessions sessions, String client, Optional<String> name) {
    Session {
        name = name.filter(StickySessions::isName);
    }

    Session named(String other) {
        return StickySessions.isName(other) ? new Session(sessions, client, Optional.of(other)) : this;
    }

    private Optional<StickySessions.Key> key() {
        return name.map(named -> new StickySessions.Key(client, named));
    }

    Optional<Member> member() {
        return key().flatMap(sessions::find);
    }

    /**
     * The credential of the session, or {@code chosen} if it had none. Parallel requests of a new session thus share
     * one credential.
     */
    Member memberOr(Member chosen) {
        return key().map(named -> sessions.findOrPut(named, chosen)).orElse(chosen);
    }

    void move(Member from, Member to) {
        key().ifPresent(named -> sessions.move(named, from, to));
    }
}
