package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.LogCapture;
import dev.warder.config.Sources;
import dev.warder.config.WatchedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceSettingsTest {
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
        return book.quote(Rows.asked("m"), 0).row().prices().input().intValueExact();
    }
}
