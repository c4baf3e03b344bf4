package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenHashTest {
    @Test
    void isSha256() {
        assertThat(TokenHash.plain().hex("abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    /** RFC 4231, section 4.3. */
    @Test
    void isHmacSha256UnderAPepper() {
        var hash = new TokenHash(Optional.of(Secret.of("Jefe")));
        assertThat(hash.hex("what do ya want for nothing?"))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void isComparedWhole() {
        assertThat(TokenHash.same("ab", "ab")).isTrue();
        assertThat(TokenHash.same("ab", "ac")).isFalse();
        assertThat(TokenHash.same("ab", "abc")).isFalse();
    }
}
