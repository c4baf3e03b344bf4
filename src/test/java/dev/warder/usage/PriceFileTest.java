package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.config.InvalidValueException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceFileTest {
    private static final String GOOD = Rows.row("claude-x*", "2026-10-07", 0, "standard", "standard", "us", "4");

    @Test
    void readsARow() throws Exception {
        var row = Rows.parse(Rows.file(GOOD.replace("}", ", 'webSearch': '12.50'}")))
                .get(0);
        assertThat(row.model()).isEqualTo("claude-x*");
        assertThat(row.from()).isEqualTo(Instant.parse("2026-10-07T00:00:00Z"));
        assertThat(row.tier()).contains(Tier.STANDARD);
        assertThat(row.speed()).contains(Speed.STANDARD);
        assertThat(row.geo()).contains("us");
        assertThat(row.prices().write1h()).isEqualTo("4");
        assertThat(row.webSearch()).isEqualTo("12.50");
        assertThat(row.source()).isEqualTo("contract");
    }

    @Test
    void readsStarsATimeAndTheListPriceOfSearches() throws Exception {
        var row = Rows.parse(Rows.file(Rows.row("m", "2026-10-07T12:30:00Z", 100_001, "0.000000001")))
                .get(0);
        assertThat(row.from()).isEqualTo(Instant.parse("2026-10-07T12:30:00Z"));
        assertThat(row.minPrompt()).isEqualTo(100_001);
        assertThat(row.tier()).isEqualTo(Optional.empty());
        assertThat(row.speed()).isEqualTo(Optional.empty());
        assertThat(row.geo()).isEqualTo(Optional.empty());
        assertThat(row.webSearch()).isEqualTo("10");
        assertThat(Rows.parse("{\"rows\": []}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'input': '4'|'input': 4|row 1: input: must be a string",
                "'input': '4'|'input': '-4'|row 1: input: must be a decimal in a string, such as \"0.25\", below one million",
                "'input': '4'|'input': '4e3'|row 1: input: must be a decimal in a string, such as \"0.25\", below one million",
                "'input': '4'|'input': '1000000'|row 1: input: must be a decimal in a string, such as \"0.25\", below one million",
                "'input': '4'|'inptu': '4'|row 1: inptu: unknown member; did you mean input?; row 1: input: is missing",
                "'input': '4'|'planted-secret-1': '4'|row 1: (name not shown): unknown member; row 1: input: is missing",
                "'minPrompt': 0|'minPrompt': '0'|row 1: minPrompt: must be a whole number of tokens from 0, without quotes",
                "'minPrompt': 0|'minPrompt': -1|row 1: minPrompt: must be a whole number of tokens from 0, without quotes",
                "'minPrompt': 0|'minPrompt': 1.5|row 1: minPrompt: must be a whole number of tokens from 0, without quotes",
                "'tier': 'standard'|'tier': 'Batch'|row 1: tier: must be standard, priority or batch, or *",
                "'speed': 'standard'|'speed': 'slow'|row 1: speed: must be standard or fast, or *",
                "'geo': 'us'|'geo': 'US'|row 1: geo: must be the name of a place in lower case, such as us, or *",
                "claude-x*|*-x|row 1: model: may have * only at the end of a name",
                "claude-x*|claude x|row 1: model: must be visible ASCII characters without blanks",
                "2026-10-07|2026-13-07|row 1: from: must be a date such as 2026-10-07, for midnight UTC, or a time such as 2026-10-07T12:00:00Z",
                "contract|~ ~|row 1: source: must state where the prices come from",
            })
    void refusesAMemberByItsName(String good, String bad, String problem) {
        assertThat(reason(Rows.file(GOOD.replace(good, bad)))).isEqualTo(problem);
    }

    @Test
    void reportsAllProblemsOfAllRows() {
        assertThat(reason(Rows.file(GOOD.replace("'4'", "'x'"), "7", GOOD, GOOD, "{}"))
                        .split("; "))
                .hasSize(5 + 1 + 1 + 12)
                .contains("row 2: must be an object", "row 5: source: is missing")
                .contains("row 4: has the model, from, minPrompt, tier, speed and geo of row 3");
    }

    @Test
    void cutsTheListOfProblemsShort() {
        var rows = IntStream.range(0, 25).mapToObj(i -> "7").collect(Collectors.joining(","));
        assertThat(reason(Rows.file(rows)))
                .endsWith("row 20: must be an object; and 5 more problems")
                .doesNotContain("row 21");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'rows': [], 'rows': []}",
                "{'rows': []} x",
                "{'rows': [",
                "[]",
                "planted",
                "{'rows': [{'input': '1', 'input': '2'}]}",
            })
    void refusesWhatIsNotOneDocument(String text) {
        assertThat(reason(text.replace('\'', '"'))).isEqualTo("is not one JSON object, or has two members of one name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'rows': {}}", "{'rows': [], 'planted': 1}", "{'planted': []}"})
    void refusesOtherMembersThanRows(String text) {
        assertThat(reason(text.replace('\'', '"'))).isEqualTo("must have one member, the array rows");
    }

    private static String reason(String file) {
        return catchThrowableOfType(InvalidValueException.class, () -> Rows.parse(file))
                .reason();
    }
}
