package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.config.InvalidValueException;
import dev.warder.config.LogCapture;
import dev.warder.config.Sources;
import dev.warder.config.WatchedFile;
import dev.warder.usage.UsageCounts.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of prices and the factors of credentials. */
class PriceSettingsTest {
    private static final String GOOD = Rows.row("claude-x*", "2026-10-07", 0, "standard", "standard", "us", "4");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void haveTheListPricesByDefault() {
        PriceSettings prices = new Sources().read().prices();
        assertThat(prices.book().get()).isSameAs(PriceBook.shipped());
        assertThat(prices.factors().of("main")).isEqualTo("1");
        assertThat(prices.factors().names()).isEmpty();
    }

    @Test
    void followTheFileAndKeepTheOldRowsWhereANewVersionIsBad() throws IOException {
        Path file = write(Rows.row("m", "2026-01-01", 0, "1"));
        var sources = Sources.with("prices.file", file.toString());
        var book = sources.read().prices().book();
        var first = book.get();
        assertThat(input(first)).isEqualTo(1);
        try (var log = new LogCapture(WatchedFile.class)) {
            write(Rows.row("m", "2026-01-01", 0, "two"));
            sources.files.poll();
            assertThat(book.get()).isSameAs(first);
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("prices.file: file prices.json: row 1: input: must be a decimal")
                    .contains("what was read before stays in use")
                    .doesNotContain("two");
        }
        write(Rows.row("m", "2026-01-01", 0, "33"));
        sources.files.poll();
        assertThat(input(book.get())).isEqualTo(33);
        assertThat(input(first)).as("a book that a request holds").isEqualTo(1);
    }

    @Test
    void refuseAFileThatCannotBeUsedAtTheStart() throws IOException {
        assertThat(Sources.with("prices.file", folder.resolve("none").toString())
                        .problem())
                .startsWith("prices.file: file: does not exist");
        Path file = write("{}");
        assertThat(Sources.with("prices.file", file.toString()).problem())
                .startsWith("prices.file: file: row 1: model: is missing; row 1: from: is missing");
        assertThat(Sources.with("prices.file", "file:" + file).problem()).contains("takes a plain path");
    }

    @Test
    void haveAFactorForEachCredential() {
        var factors = Sources.with("prices.factors", " main = 0.76 , spare=1.05,")
                .read()
                .prices()
                .factors();
        assertThat(factors.of("main")).isEqualTo("0.76");
        assertThat(factors.of("spare")).isEqualTo("1.05");
        assertThat(factors.of("other")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "main|entry 1: must be NAME=FACTOR, such as main=0.76",
                "=0.76|entry 1: must be NAME=FACTOR, such as main=0.76",
                "a=1,a=2|entry 2: has the name of an entry before it",
                "a=0|entry 1: the factor must be a decimal above 0",
                "a=0.00|entry 1: the factor must be a decimal above 0",
                "a=-1|entry 1: the factor must be a decimal above 0",
                "a=76%|entry 1: the factor must be a decimal above 0",
            })
    void refuseAFactorByItsNumber(String text, String problem) {
        assertThat(Sources.with("prices.factors", text).problem()).startsWith("prices.factors: " + problem);
    }

    @Test
    void reportEveryFactorThatCannotBeRead() {
        assertThat(Sources.with("prices.factors", "planted,b=planted").problem())
                .contains("entry 1: must be", "entry 2: the factor must be")
                .doesNotContain("planted");
    }

    @Test
    void warnOfAFactorForNoCredential() {
        var sources =
                Sources.with("upstream.credentials", "main=value:" + "planted").set("prices.factors", "main=0.76");
        assertThat(sources.warnings()).noneMatch(warning -> warning.startsWith("prices.factors"));
        assertThat(sources.set("prices.factors", "main=0.76,mian=1").warnings())
                .contains("prices.factors: has a name that upstream.credentials does not have");
    }

    private Path write(String row) throws IOException {
        return Files.writeString(folder.resolve("prices.json"), Rows.file(row));
    }

    private static int input(PriceBook book) {
        return book.quote(Rows.asked("m"), 0).row().price(Kind.INPUT).intValueExact();
    }

    @Test
    void readsARow() throws Exception {
        var row = Rows.parse(Rows.file(GOOD.replace("}", ", 'webSearch': '12.50'}")))
                .get(0);
        assertThat(row.model()).isEqualTo("claude-x*");
        assertThat(row.from()).isEqualTo(Instant.parse("2026-10-07T00:00:00Z"));
        assertThat(row.tier()).contains(Tier.STANDARD);
        assertThat(row.speed()).contains(Speed.STANDARD);
        assertThat(row.geo()).contains("us");
        assertThat(row.price(Kind.CACHE_WRITE_1H)).isEqualTo("4");
        assertThat(row.price(Kind.WEB_SEARCH)).isEqualTo("12.50");
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
        assertThat(row.price(Kind.WEB_SEARCH)).isEqualTo("10");
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
