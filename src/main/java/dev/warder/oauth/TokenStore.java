package dev.warder.oauth;

import java.util.Optional;

/**
 * Where the login of one credential is kept, for this process and for all others that share the place. Its methods wait for
 * files, locks and databases, 5 s at the most each; they are called on a thread that may. Thread-safe.
 */
public interface TokenStore {
    /**
     * What is stored now.
     *
     * @throws TokenStoreException when the place cannot be read or what is there is no login
     */
    Optional<StoredLogin> read() throws TokenStoreException;

    /**
     * Does {@code work} as the only one among all processes and threads that share the place. The lock ends with it, and
     * with the death of the process.
     *
     * @throws TokenStoreException when the lock cannot be had in time, or {@code work} throws it
     */
    <T> T exclusively(Work<T> work) throws TokenStoreException;

    /** The place in an operator's words, such as the file's path; no secret. */
    String place();

    /** Why an operator should look at what is stored, for the log at start; empty when there is nothing to say. */
    default Optional<String> warning() {
        return Optional.empty();
    }

    /**
     * One state of the store.
     *
     * @param generation another one with each change, the same while nothing changes
     * @param refused whether the token endpoint said {@code invalid_grant} to this very login
     */
    record StoredLogin(OAuthToken token, String generation, boolean refused) {}

    /** What is done under the lock. */
    interface Work<T> {
        /** Runs once. */
        T with(Held held) throws TokenStoreException;
    }

    /**
     * The store, while its lock is held. A change is durable when the method returns, and is the last call that the work
     * makes: a database gives the lock up with it.
     */
    interface Held {
        /** What is stored now, read under the lock. */
        Optional<StoredLogin> read() throws TokenStoreException;

        /** Puts {@code token} into the place of what was there. */
        StoredLogin write(OAuthToken token) throws TokenStoreException;

        /** Notes that the token endpoint said {@code invalid_grant} to what is there, for every process. */
        void refuse() throws TokenStoreException;

        /** Forgets the login. */
        void clear() throws TokenStoreException;
    }
}
