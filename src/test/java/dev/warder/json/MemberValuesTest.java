package dev.warder.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberValuesTest {
    private static final String DOCUMENT =
            "{ \"id\": \"usage\", \"usage\" : {\"a\": [1, {\"model\": 2}]} ,\n\"content\":"
                    + "[{\"usage\": 7, \"model\": \"no\"}], \"n\":12,\"model\":\"é\\\"x\", \"stop\":null }";
    private static final String MEMBERS =
            "{\"model\":\"é\\\"x\",\"usage\":{\"a\":[1,{\"model\":2}]},\"n\":12,\"stop\":null}";

    @Test
    void hasTheMembersAtTheTop() throws JsonException {
        for (int size = 1; size <= DOCUMENT.length(); size++) {
            assertThat(members(DOCUMENT, size)).as("pieces of " + size).isEqualTo(MEMBERS);
        }
    }

    @Test
    void ofSeveralMembersOfOneNameTheLastOneCounts() throws JsonException {
        assertThat(members("{\"n\":1,\"n\":{\"n\":2}}", 3)).isEqualTo("{\"n\":{\"n\":2}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[{\"n\":1}]", "7", "\"n\"", "{\"other\":{\"n\":1}}"})
    void isEmptyWithoutThem(String document) throws JsonException {
        assertThat(members(document, 2)).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"n\":1", "{\"n\":1}}", "{\"n\":01}", "{n:1}"})
    void refusesWhatIsNoDocument(String document) {
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> members(document, 2));
    }

    @Test
    void readsPastWhatNoRequestMayHave() throws JsonException {
        var odd = "[".repeat(5000) + "\"\\ud83d\\n\"," + "9".repeat(300) + "]".repeat(5000);
        for (int size : new int[] {1, 7, 20_000}) {
            assertThat(members("{\"other\":" + odd + ",\"n\":1}", size)).isEqualTo("{\"n\":1}");
        }
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> members("[".repeat((1 << 20) + 1), 20_000));
    }

    @Test
    void isEmptyWhereAValueIsTooLong() throws JsonException {
        assertThat(members("{\"n\":\"" + "x".repeat(200) + "\"}", 5)).isEqualTo("none");
        assertThat(members("{\"other\":\"" + "x".repeat(200) + "\",\"n\":1}", 5))
                .isEqualTo("{\"n\":1}");
    }

    private static String members(String document, int size) throws JsonException {
        var values = new MemberValues(MemberValues.Names.of("model", "usage", "n", "stop"), 100);
        byte[] bytes = document.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; from += size) {
            values.feed(bytes, from, Math.min(size, bytes.length - from));
        }
        return values.finish().map(Object::toString).orElse("none");
    }
}
