package dev.warder.openai.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReasoningSealTest {
    private static final String BLOCKS =
            "[{\"type\":\"thinking\",\"thinking\":\"\\u00fc \\\"ü\\\" \\ud83d\\ude00\",\"signature\":\"c2ln\"}]";
    private static final Secret OLD = Secret.of("the key before " + "x".repeat(20));
    private static final Secret NEW = Secret.of("the key of today " + "y".repeat(20));

    @Test
    void opensWhatItHasSealed() {
        for (var keys : List.of(List.<Secret>of(), List.of(NEW), List.of(NEW, OLD))) {
            var seal = new ReasoningSeal(keys);
            String sealed = seal.seal(BLOCKS.getBytes(UTF_8));
            assertThat(sealed).matches("[A-Za-z0-9._-]+");
            var blocks = seal.open(sealed).orElseThrow();
            assertThat(blocks.getJsonObject(0).getString("thinking")).isEqualTo("ü \"ü\" \ud83d\ude00");
            assertThat(blocks.getJsonObject(0).getString("signature")).isEqualTo("c2ln");
        }
    }

    @Test
    void opensWhatAnOlderKeyHasSealedAndSealsWithTheFirst() {
        String old = new ReasoningSeal(List.of(OLD)).seal(BLOCKS.getBytes(UTF_8));
        var both = new ReasoningSeal(List.of(NEW, OLD));
        assertThat(both.open(old)).isPresent();
        assertThat(new ReasoningSeal(List.of(NEW)).open(both.seal(BLOCKS.getBytes(UTF_8))))
                .isPresent();
    }

    @Test
    void opensNothingOfAnotherKeyNorWithoutOne() {
        String old = new ReasoningSeal(List.of(OLD)).seal(BLOCKS.getBytes(UTF_8));
        String unkeyed = new ReasoningSeal(List.of()).seal(BLOCKS.getBytes(UTF_8));
        assertThat(new ReasoningSeal(List.of(NEW)).open(old)).isEmpty();
        assertThat(new ReasoningSeal(List.of(NEW)).open(unkeyed)).isEmpty();
        assertThat(new ReasoningSeal(List.of()).open(old)).isEmpty();
    }

    @Test
    void opensNothingOfAnotherClient() {
        for (var keys : List.of(List.<Secret>of(), List.of(NEW, OLD))) {
            var seal = new ReasoningSeal(keys);
            String sealed = seal.of("ada").seal(BLOCKS.getBytes(UTF_8));
            assertThat(seal.of("ada").open(sealed)).isPresent();
            for (var other : List.of("ad", "adam", "")) {
                assertThat(seal.of(other).open(sealed)).as(other).isEmpty();
            }
            assertThat(seal.open(sealed)).isEmpty();
        }
    }

    @Test
    void opensNothingThatWasChangedAtAnyPlace() {
        for (var keys : List.of(List.<Secret>of(), List.of(NEW))) {
            var seal = new ReasoningSeal(keys);
            String sealed = seal.seal(BLOCKS.getBytes(UTF_8));
            for (int at = 0; at < sealed.length(); at++) {
                char other = sealed.charAt(at) == 'A' ? 'B' : 'A';
                String changed = sealed.substring(0, at) + other + sealed.substring(at + 1);
                assertThat(seal.open(changed).isPresent() && !isSameBytes(sealed, changed))
                        .as("changed at %d", at)
                        .isFalse();
                assertThat(seal.open(sealed.substring(0, at)).isPresent())
                        .as("cut at %d", at)
                        .isFalse();
            }
        }
    }

    /** The last character of base64 has bits that stand for nothing. */
    private static boolean isSameBytes(String one, String other) {
        return one.substring(0, one.length() - 1).equals(other.substring(0, other.length() - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gAAAAABoRandom", "warder1.", "warder1.!", "warder1.AAAA", "warder2.AAAA"})
    void opensNothingForeign(String value) {
        assertThat(new ReasoningSeal(List.of()).open(value)).isEmpty();
        assertThat(new ReasoningSeal(List.of(NEW)).open(value)).isEmpty();
    }

    @Test
    void opensNothingButObjectsInAnArray() {
        var seal = new ReasoningSeal(List.of());
        for (String blocks : List.of("", "{}", "[1]", "[", "[]x", "\"text\"")) {
            assertThat(seal.open(seal.seal(blocks.getBytes(UTF_8)))).as(blocks).isEmpty();
        }
    }
}
