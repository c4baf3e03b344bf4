package dev.warder.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ValueCountTest {
    @Test
    void countsEveryNameAndValue() {
        assertThat(count("{}")).isEqualTo(1);
        assertThat(count("{\"a\":0}")).isEqualTo(3);
        assertThat(count("{\"a\":[1,true,null,\"x,y,z\",{}]}")).isEqualTo(8);
    }

    /** A parser of JSON-P goes deeper than the scanner that counts. */
    @Test
    void hasNoDocumentThatHidesWhatIsNotCounted() {
        String values = "1,".repeat(ValueCount.MOST) + "1]";
        assertThat(ValueCount.fits("[" + "1,".repeat(ValueCount.MOST - 2) + "1]"))
                .isTrue();
        assertThat(ValueCount.fits("[" + "1,".repeat(ValueCount.MOST - 1) + "1]"))
                .isFalse();
        assertThat(ValueCount.fits("[" + "[".repeat(200) + "]".repeat(200) + "," + values))
                .isFalse();
        assertThat(ValueCount.fits("[" + "[".repeat(200) + "]".repeat(200) + "]"))
                .isTrue();
    }

    private static int count(String json) {
        var values = new ValueCount();
        assertThat(values.add(json)).isTrue();
        return values.count();
    }
}
