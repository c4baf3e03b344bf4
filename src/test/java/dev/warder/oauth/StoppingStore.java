package dev.warder.oauth;

import dev.warder.oauth.TokenStore.TokenStoreException;
import java.util.Optional;
import java.util.function.Consumer;

/** A store that tells where a renewal has come to, when that is the step it was given. Thread-safe. */
record StoppingStore(TokenStore store, Step step, Consumer<Step> reached) implements TokenStore {
    /** How far a renewal is, as the store can see it. */
    enum Step {
        /** The lock is taken, the endpoint not asked. */
        LOCKED,
        /** The endpoint has answered, and nothing is stored. */
        ANSWERED,
        /** The new token is stored, and the work under the lock not ended. */
        STORED,
        /** The lock is given up, and nobody has the new token. */
        RELEASED
    }

    @Override
    public Optional<StoredLogin> read() throws TokenStoreException {
        return store.read();
    }

    @Override
    public <T, E extends Exception> T exclusively(Work<T, E> work) throws TokenStoreException, E {
        T result = store.exclusively(held -> {
            at(Step.LOCKED);
            return work.with(new Watched(held));
        });
        at(Step.RELEASED);
        return result;
    }

    @Override
    public String place() {
        return store.place();
    }

    private void at(Step now) {
        if (now == step) {
            reached.accept(now);
        }
    }

    /** The store, while its lock is held. */
    private final class Watched implements Held {
        private final Held held;

        Watched(Held held) {
            this.held = held;
        }

        @Override
        public Optional<StoredLogin> read() throws TokenStoreException {
            return held.read();
        }

        @Override
        public StoredLogin write(OAuthToken token) throws TokenStoreException {
            at(Step.ANSWERED);
            var stored = held.write(token);
            at(Step.STORED);
            return stored;
        }

        @Override
        public void refuse() throws TokenStoreException {
            held.refuse();
        }

        @Override
        public void clear() throws TokenStoreException {
            held.clear();
        }
    }
}
