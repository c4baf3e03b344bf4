package dev.warder.openai.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Bodies;
import org.junit.jupiter.api.Test;

class ValueMemoryTest {
    @Test
    void countsTheValuesInTheArgumentsOfToolCalls() {
        long without = values("{\"arguments\":\"\"}");
        assertThat(values("{\"arguments\":\"{\\\"a\\\":[1,2,3]}\"}")).isGreaterThanOrEqualTo(without + 5);
        assertThat(values("{\"\\u0061rguments\":\"[1,2,3]\"}")).isGreaterThanOrEqualTo(without + 3);
        assertThat(values("{\"arguments\":\"\\u005b1\\u002c2\\u002c3]\"}")).isGreaterThanOrEqualTo(without + 3);
        assertThat(values("{\"content\":\"[1,2,3]\"}")).isEqualTo(3);
    }

    @Test
    void countsMoreForANameThatMayBeReplaced() {
        assertThat(values("{\"a-b.c_\":1}")).isEqualTo(3);
        for (String name : new String[] {"$top", "", "\u00fc", "\\u0061", "a".repeat(65), "a".repeat(500)}) {
            assertThat(values("{\"" + name + "\":1}")).as(name).isEqualTo(5);
        }
    }

    @Test
    void countsLongArgumentsToTheirEnd() {
        assertThat(values("{\"arguments\":\"[" + "1,".repeat(50_000) + "1]\"}")).isGreaterThan(50_000);
    }

    private static long values(String json) {
        return ValueMemory.of(Bodies.of(json)) / ValueMemory.BYTES;
    }
}
