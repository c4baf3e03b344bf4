package dev.warder.oauth;

import dev.warder.config.ConfigException;
import dev.warder.config.Setting;
import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Where the login of one credential is kept, for this process and for all others that share the place. Its methods wait
 * for files, locks and databases, at most 5 s each. They are called on a thread that may wait. Thread-safe.
 */
public interface TokenStore {
    /**
     * The store of one credential that the configuration names. Opens no file and no database yet.
     *
     * @param name of the credential
     * @param database the DataSource {@code jdbc/warder}, where there is one
     * @throws ConfigException when the configuration sets {@code jdbc} and there is no DataSource
     */
    static TokenStore of(OAuthSettings.Store settings, String name, Optional<DataSource> database) {
        var seal = settings.key().map(key -> new TokenSeal(key, new SecureRandom()));
        var format = new LoginFormat(seal, name, settings.sealedOnly());
        if (settings.file().isPresent()) {
            return new FileTokenStore(new LoginFile(settings.file().get()), format, DeadlinePoll.ofThisThread());
        }
        var source = database.orElseThrow(() -> new ConfigException(List.of(Setting.OAUTH_STORE.publicName()
                + ": jdbc keeps the login in the DataSource jdbc/warder, which is not bound")));
        return new JdbcTokenStore(source, name, format, DeadlinePoll.ofThisThread());
    }

    /**
     * The login that is stored now.
     *
     * @throws TokenStoreException when the place cannot be read or its content is not a login
     */
    Optional<StoredLogin> read() throws TokenStoreException;

    /**
     * Does {@code work} as the only one among all processes and threads that share the place. The lock ends with the
     * work, and with the death of the process.
     *
     * @throws TokenStoreException when the lock cannot be acquired in time, or when {@code work} throws it
     */
    <T, E extends Exception> T exclusively(Work<T, E> work) throws TokenStoreException, E;

    /** The place in an operator's words, such as the file's path; contains no secret. */
    String place();

    default Optional<String> warning() {
        return Optional.empty();
    }

    /**
     * One state of the store.
     *
     * @param refused whether the token endpoint returned {@code invalid_grant} for this very login
     */
    record StoredLogin(OAuthToken token, boolean refused) {}

    /** The work under the lock. */
    interface Work<T, E extends Exception> {
        T with(Held held) throws TokenStoreException, E;
    }

    /**
     * The store, while its lock is held. A change is durable when the method returns. It is the last call that the work
     * makes, because a database releases the lock with it.
     */
    interface Held {
        /** The login that is stored now, read under the lock. */
        Optional<StoredLogin> read() throws TokenStoreException;

        StoredLogin write(OAuthToken token) throws TokenStoreException;

        void refuse() throws TokenStoreException;

        void clear() throws TokenStoreException;
    }

    /** A store could not be read, written or locked. The message names what to check and contains no secret. */
    final class TokenStoreException extends Exception {
        public TokenStoreException(String message) {
            super(message);
        }

        public TokenStoreException(String message, Throwable cause) {
            super(message, cause);
        }

        /** The same about what lies at this place. */
        TokenStoreException at(String place) {
            return new TokenStoreException(place + " " + getMessage(), this);
        }
    }
}
