package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.oauth.TokenStore.TokenStoreException;
import dev.warder.testkit.LogCapture;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** What a store does besides where {@code oauth.storeKey} is set. */
interface SealedStoreContract extends StoreContract {
    /** Another object for the place of this test. */
    TokenStore store(LoginFormat format) throws Exception;

    /** Another object for another place. */
    TokenStore elsewhere(LoginFormat format) throws Exception;

    /** What is stored at the place of {@code store}, as it is. */
    String stored(TokenStore store) throws Exception;

    /** Puts {@code text} there, as somebody does who has no key. */
    void put(TokenStore store, String text) throws Exception;

    private static String plain(int number) {
        return "{\"access_token\":\"" + Logins.access(number) + "\",\"expires_at\":" + Logins.EXPIRY.getEpochSecond()
                + "}";
    }

    private static String accessToken(TokenStore store) throws TokenStoreException {
        return store.read().orElseThrow().token().accessToken();
    }

    @Test
    default void readsAPlainLoginUntilItHasWrittenASealedOne() throws Exception {
        var store = store(Logins.sealed(1));
        store.exclusively(TokenStore.Held::read);
        put(store, plain(7));
        try (var log = LogCapture.start()) {
            assertThat(accessToken(store)).isEqualTo(Logins.access(7));
            assertThat(accessToken(store)).isEqualTo(Logins.access(7));
            assertThat(log.lines(LoginFormat.class.getName(), Level.WARNING))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).contains("oauth.storeKey", store.place()));
        }
        store.exclusively(held -> held.write(Logins.token(1)));
        assertThat(accessToken(store)).isEqualTo(Logins.access(1));
        put(store, plain(8));
        refusesPlain(store);
    }

    @Test
    default void readsNoPlainLoginAfterASealedOneOfAnotherProcess() throws Exception {
        store(Logins.sealed(1)).exclusively(held -> held.write(Logins.token(1)));
        var reader = store(Logins.sealed(1));
        assertThat(accessToken(reader)).isEqualTo(Logins.access(1));
        put(reader, plain(8));
        refusesPlain(reader);
    }

    @Test
    default void neverReadsAPlainLoginWhereTheSettingSaysSo() throws Exception {
        var store = store(Logins.sealedOnly(1));
        store.exclusively(TokenStore.Held::read);
        put(store, plain(7));
        refusesPlain(store);
    }

    @Test
    default void readsALoginOfTheFirstVersionAndWritesTheSecond() throws Exception {
        var store = store(Logins.sealedOnly(1));
        store.exclusively(TokenStore.Held::read);
        put(store, Logins.sealedUnbound(1, plain(7)));
        assertThat(accessToken(store)).isEqualTo(Logins.access(7));
        store.exclusively(held -> held.write(Logins.token(1)));
        assertThat(stored(store)).startsWith("warder-login:aes-256-gcm:2:");
        assertThat(accessToken(store(Logins.sealed(1)))).isEqualTo(Logins.access(1));
    }

    @Test
    default void readsNoSealedLoginOfAnotherCredentialOrPlace() throws Exception {
        var store = store(Logins.sealed(1));
        store.exclusively(held -> held.write(Logins.token(1)));
        refusesSealed(store(Logins.sealed(1, "second")));
        var elsewhere = elsewhere(Logins.sealed(1));
        elsewhere.exclusively(held -> held.write(Logins.token(2)));
        put(elsewhere, stored(store));
        refusesSealed(elsewhere);
    }

    private static void refusesPlain(TokenStore store) {
        assertThatThrownBy(store::read)
                .isInstanceOf(TokenStoreException.class)
                .hasMessage(store.place() + " is not encrypted, although oauth.storeKey is set");
        assertThatThrownBy(() -> store.exclusively(held -> held.write(Logins.token(2))))
                .isInstanceOf(TokenStoreException.class);
    }

    private static void refusesSealed(TokenStore store) {
        assertThatThrownBy(store::read)
                .isInstanceOf(TokenStoreException.class)
                .hasMessageStartingWith(store.place() + " cannot be decrypted");
    }
}
