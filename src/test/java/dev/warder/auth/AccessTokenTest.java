package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class AccessTokenTest {
    private final SecureRandom random = new SecureRandom();
    private final AccessToken token = AccessToken.generate(random);

    @Test
    void hasPrefixIdSecretAndChecksum() {
        assertThat(token.reveal()).matches("wrd_[a-z2-7]{8}_[a-z2-7]{59}");
        assertThat(token.reveal()).startsWith("wrd_" + token.id() + "_");
    }

    @Test
    void endsWithTheCrc32OfAllBeforeAsANumberOfSevenDigits() {
        String text = token.reveal();
        var crc = new CRC32();
        crc.update(text.substring(0, 65).getBytes(StandardCharsets.US_ASCII));
        long read = 0;
        for (char c : text.substring(65).toCharArray()) {
            read = read * 32 + "abcdefghijklmnopqrstuvwxyz234567".indexOf(c);
        }
        assertThat(read).isEqualTo(crc.getValue());
    }

    @Test
    void isReadBackFromItsText() {
        var read = AccessToken.parse(token.reveal());
        assertThat(read.map(AccessToken::reveal)).contains(token.reveal());
        assertThat(read.map(AccessToken::id)).contains(token.id());
    }

    @Test
    void isRefusedWithAnyOneCharacterChanged() {
        String text = token.reveal();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'q' ? 'r' : 'q';
            assertThat(AccessToken.parse(text.substring(0, i) + other + text.substring(i + 1)))
                    .as("character %d", i)
                    .isEmpty();
        }
    }

    @Test
    void isRefusedInAnyOtherForm() {
        String text = token.reveal();
        assertThat(AccessToken.parse("")).isEmpty();
        assertThat(AccessToken.parse(text + "a")).isEmpty();
        assertThat(AccessToken.parse(text + "\n")).isEmpty();
        assertThat(AccessToken.parse(text.substring(1))).isEmpty();
        assertThat(AccessToken.parse(text.toUpperCase(Locale.ROOT))).isEmpty();
        assertThat(AccessToken.parse("x".repeat(8_192))).isEmpty();
    }

    @Test
    void isAnotherOneEachTime() {
        var other = AccessToken.generate(random);
        assertThat(other.id()).isNotEqualTo(token.id());
        assertThat(other.reveal().substring(13, 65)).isNotEqualTo(token.reveal().substring(13, 65));
    }

    @Test
    void showsOnlyItsIdAsText() {
        assertThat(token).hasToString("AccessToken[" + token.id() + "]");
    }

    @Test
    void makesALineWithItsHash() {
        String line = token.line("ci");
        assertThat(line)
                .isEqualTo(
                        "ci id=" + token.id() + " sha256=" + TokenHash.plain().hex(token.reveal()));
        assertThat(line).doesNotContain(token.reveal());
    }

    @Test
    void makesALineWithAHashUnderAPepper() {
        var peppered = new TokenHash(Optional.of(Secret.of("pepper")));
        assertThat(token.line("ci", peppered))
                .startsWith("ci id=" + token.id() + " sha256=")
                .isNotEqualTo(token.line("ci"));
    }

    @Test
    void makesNoLineForANameThatNoClientMayHave() {
        for (String name : new String[] {"", "a b", "#x", "shared", "open", "a=b", "-a", "x".repeat(65), "a\nb"}) {
            assertThatThrownBy(() -> token.line(name)).as(name).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
