package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestIdTest {
    private final Random random = new Random(1);

    @Test
    void hasAPrefixAnd26CharactersOfBase32() {
        assertThat(RequestId.next(random)).matches("req_wrd_[a-z2-7]{26}");
    }

    @Test
    void usesEveryCharacterAtEveryPlace() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 2_000; i++) {
            String id = RequestId.next(random);
            for (int at = 8; at < id.length(); at++) {
                seen.add(at + ":" + id.charAt(at));
            }
        }
        assertThat(seen).hasSize(26 * 32);
    }
}
