package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.oauth.TokenStore.TokenStoreException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenSealTest {
    private static final byte[] PLAIN = "{\"access_token\":\"secret\"}".getBytes(StandardCharsets.UTF_8);

    /** What the format below binds a login to where its place has no name. */
    private static final String BOUND = "5:first";

    private final TokenSeal seal = Logins.seal(1);

    @Test
    void opensWhatItSealed() throws TokenStoreException {
        var sealed = seal.seal(PLAIN, BOUND);
        assertThat(TokenSeal.isSealed(sealed)).isTrue();
        assertThat(sealed).startsWith("warder-login:aes-256-gcm:2:").matches("[\\x21-\\x7e]+");
        assertThat(Logins.seal(1).open(sealed, BOUND)).isEqualTo(PLAIN);
    }

    @Test
    void sealsDifferentlyEachTime() throws TokenStoreException {
        assertThat(seal.seal(PLAIN, BOUND)).isNotEqualTo(seal.seal(PLAIN, BOUND));
    }

    @Test
    void refusesAnotherKey() throws TokenStoreException {
        var sealed = seal.seal(PLAIN, BOUND);
        assertThatThrownBy(() -> Logins.seal(2).open(sealed, BOUND))
                .isInstanceOf(TokenStoreException.class)
                .hasMessageContaining("oauth.storeKey is not the key");
    }

    @Test
    void refusesATextThatIsBoundToSomethingElse() throws TokenStoreException {
        var sealed = seal.seal(PLAIN, BOUND);
        assertThatThrownBy(() -> seal.open(sealed, "6:second"))
                .isInstanceOf(TokenStoreException.class)
                .hasMessageContaining("comes from another credential or place");
    }

    @Test
    void refusesATextOfWhichOneBitChanged() throws TokenStoreException {
        var sealed = seal.seal(PLAIN, BOUND).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < sealed.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                var changed = sealed.clone();
                changed[i] ^= (byte) (1 << bit);
                refuses(new String(changed, StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void refusesATextThatWasCut() throws TokenStoreException {
        var sealed = seal.seal(PLAIN, BOUND);
        for (int length = 0; length < sealed.length(); length++) {
            refuses(sealed.substring(0, length));
        }
        refuses(sealed + "A");
        refuses(sealed + "\n");
    }

    /** As a store does that reads no plain login. */
    private void refuses(String text) {
        assertThatThrownBy(() -> new LoginFormat(Optional.of(seal), "first", true).read(text, ""))
                .isInstanceOf(TokenStoreException.class);
    }
}
