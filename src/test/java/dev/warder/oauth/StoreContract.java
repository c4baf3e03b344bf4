package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.oauth.JdbcTokenStore.DeadlinePoll;
import dev.warder.oauth.TokenStore.Held;
import dev.warder.oauth.TokenStore.StoredLogin;
import dev.warder.oauth.TokenStore.TokenStoreException;
import dev.warder.testkit.AtOnce;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every store does, seen by two objects that share one place. */
interface StoreContract {
    /** Another object for the place of this test. */
    TokenStore store(DeadlinePoll poll) throws Exception;

    private TokenStore store() throws Exception {
        return store(DeadlinePoll.ofThisThread());
    }

    private static StoredLogin write(TokenStore store, OAuthToken token) throws TokenStoreException {
        return store.exclusively(held -> held.write(token));
    }

    @Test
    default void givesBackWhatAnotherHasWritten() throws Exception {
        var reader = store();
        assertThat(reader.read()).isEmpty();
        var written = write(store(), Logins.token(1));
        assertThat(written.token()).isEqualTo(Logins.token(1));
        assertThat(written.refused()).isFalse();
        assertThat(reader.read()).contains(written);
        assertThat(reader.exclusively(Held::read)).contains(written);
    }

    @Test
    default void readsTheLastOfTwoWritings() throws Exception {
        var store = store();
        write(store, Logins.token(1));
        var second = write(store, Logins.token(2));
        assertThat(store().read()).contains(second);
    }

    @Test
    default void writesATokenThatTheEndpointSaidLittleOf() throws Exception {
        var token = new OAuthToken(
                Logins.access(1), Optional.empty(), Logins.EXPIRY, Optional.empty(), List.of(), Optional.empty());
        write(store(), token);
        assertThat(store().read().orElseThrow().token()).isEqualTo(token);
    }

    @Test
    default void remembersARefusalForAllUntilAnotherLogin() throws Exception {
        var store = store();
        write(store, Logins.token(1));
        store.exclusively(held -> {
            held.refuse();
            return true;
        });
        var refused = store().read().orElseThrow();
        assertThat(refused.refused()).isTrue();
        assertThat(refused.token()).isEqualTo(Logins.token(1));
        write(store, Logins.token(2));
        assertThat(store().read().orElseThrow().refused()).isFalse();
    }

    @Test
    default void forgetsALogin() throws Exception {
        var store = store();
        write(store, Logins.token(1));
        store.exclusively(held -> {
            held.clear();
            return true;
        });
        assertThat(store().read()).isEmpty();
        assertThat(write(store(), Logins.token(2)).token()).isEqualTo(Logins.token(2));
    }

    @Test
    default void givesTheLockBackWhenTheWorkFails() throws Exception {
        assertThatThrownBy(() -> store().exclusively(held -> {
                    throw new IllegalStateException("the work fails");
                }))
                .hasMessage("the work fails");
        assertThat(write(store(), Logins.token(1)).token()).isEqualTo(Logins.token(1));
    }

    @Test
    default void letsOneWorkAtATime() throws Exception {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        AtOnce.run(6, thread -> {
            var store = store();
            for (int round = 0; round < 5; round++) {
                store.exclusively(held -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    int last = held.read()
                            .map(login ->
                                    (int) (login.token().expiry().getEpochSecond() - Logins.EXPIRY.getEpochSecond()))
                            .orElse(0);
                    // Before the change, which may end the lock.
                    inside.decrementAndGet();
                    return held.write(Logins.token(last + 1));
                });
            }
            return true;
        });
        assertThat(most).hasValue(1);
        // No writing was lost over another one.
        assertThat(store().read().orElseThrow().token()).isEqualTo(Logins.token(30));
    }

    @Test
    default void givesUpWhenAnotherWorksForTooLongAndReadsMeanwhile() throws Exception {
        var written = write(store(), Logins.token(1));
        var entered = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        var thread = Executors.newSingleThreadExecutor();
        var holder = store();
        var work = thread.submit(() -> holder.exclusively(held -> {
            entered.countDown();
            return awaited(leave);
        }));
        try {
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            var hurried = store(Logins.hurried());
            assertThatThrownBy(() -> hurried.exclusively(Held::read))
                    .isInstanceOf(TokenStoreException.class)
                    .hasMessageContaining("is locked by another")
                    .hasMessageStartingWith(hurried.place());
            assertThat(hurried.read()).contains(written);
        } finally {
            leave.countDown();
            assertThat(work.get(20, TimeUnit.SECONDS)).isTrue();
            thread.shutdown();
        }
        assertThat(store().exclusively(Held::read)).contains(written);
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
