package dev.warder.oauth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.oauth.TokenStore.TokenStoreException;
import java.util.Optional;

/** A login in memory, which other processes may change and which fails when a test wants it. Thread-safe. */
final class MemoryStore implements TokenStore {
    private volatile boolean unreadable;
    private volatile boolean unwritable;
    private volatile boolean faulty;
    private volatile Runnable lockedByAnother = () -> {};

    @GuardedBy("this")
    private Optional<StoredLogin> stored = Optional.empty();

    /** What another process, or an operator, puts there. */
    synchronized void put(OAuthToken token) {
        stored = Optional.of(new StoredLogin(token, false));
    }

    synchronized Optional<StoredLogin> stored() {
        return stored;
    }

    /** What happens instead of the next locking, which fails. */
    void lockedByAnother(Runnable meanwhile) {
        lockedByAnother = () -> {
            meanwhile.run();
            throw new IllegalStateException("locked");
        };
    }

    void unreadable(boolean now) {
        unreadable = now;
    }

    void unwritable(boolean now) {
        unwritable = now;
    }

    /** Whether reading ends as no store should let it end. */
    void faulty(boolean now) {
        faulty = now;
    }

    @Override
    public Optional<StoredLogin> read() throws TokenStoreException {
        if (faulty) {
            throw new IllegalStateException("a fault");
        }
        if (unreadable) {
            throw new TokenStoreException("the store is no login");
        }
        return stored();
    }

    @Override
    public <T, E extends Exception> T exclusively(Work<T, E> work) throws TokenStoreException, E {
        try {
            lockedByAnother.run();
        } catch (IllegalStateException locked) {
            lockedByAnother = () -> {};
            throw new TokenStoreException("another process holds the lock");
        }
        return work.with(new Lock());
    }

    @Override
    public String place() {
        return "memory";
    }

    private synchronized void change(Optional<StoredLogin> login) throws TokenStoreException {
        if (unwritable) {
            throw new TokenStoreException("the store cannot be written");
        }
        stored = login;
    }

    private final class Lock implements Held {
        @Override
        public Optional<StoredLogin> read() throws TokenStoreException {
            return MemoryStore.this.read();
        }

        @Override
        public StoredLogin write(OAuthToken token) throws TokenStoreException {
            var login = new StoredLogin(token, false);
            change(Optional.of(login));
            return login;
        }

        @Override
        public void refuse() throws TokenStoreException {
            change(stored().map(login -> new StoredLogin(login.token(), true)));
        }

        @Override
        public void clear() throws TokenStoreException {
            change(Optional.empty());
        }
    }
}
