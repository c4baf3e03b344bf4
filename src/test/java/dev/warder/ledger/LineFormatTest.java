package dev.warder.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.H2Memory;
import jakarta.json.Json;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineFormatTest {
    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private static final Instant FAR = Instant.parse("2200-01-01T00:00:00Z");

    private String export(LineFormat format, String model) throws Exception {
        var store = new DatabaseStore(h2.database(), "node");
        store.store(List.of(Rows.settled(Rows.row(Rows.id(), 0, Rows.NOON, model))));
        return new LedgerExport(store, format, Instant.EPOCH, FAR).next();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "claude-x|claude-x",
                "=1+2|'=1+2",
                "+1|'+1",
                "-1|'-1",
                "@SUM(A1)|'@SUM(A1)",
                "a=1|a=1",
                "a,b|\"a,b\"",
                "a\"b|\"a\"\"b\"",
                "=\"x\",1|\"'=\"\"x\"\",1\"",
            })
    void writesNoFormulaAndNoFurtherField(String model, String field) throws Exception {
        var lines = export(LineFormat.CSV, model).split("\r\n");
        assertThat(lines).hasSize(2);
        assertThat(lines[0]).startsWith("try_id,part,request_id,admitted_at,ended_at,client,");
        assertThat(lines[1]).contains(",openai," + field + ",sent,,main,");
    }

    @Test
    void writesNoFormulaAfterABlankThatSpreadsheetsDrop() throws Exception {
        assertThat(export(LineFormat.CSV, "\t=1")).contains(",'\t=1,");
        assertThat(export(LineFormat.CSV, "\n=1")).contains(",\"'\n=1\",");
    }

    /** New ones come last: the others keep their places. */
    @Test
    void hasTheTitlesOfTheManual() throws Exception {
        var page = Files.readString(Path.of("src/site/markdown/ledger.md"));
        var table = page.substring(page.indexOf("## Columns"), page.indexOf("The table `warder_ledger` has one more"));
        var titles = Pattern.compile("(?m)^\\| (`[^|]+) \\|")
                .matcher(table)
                .results()
                .map(row -> row.group(1).replaceAll("[` ]", ""))
                .collect(Collectors.joining(","));
        assertThat(export(LineFormat.CSV, "x").split("\r\n")[0]).isEqualTo(titles);
    }

    @Test
    void writesAnObjectInEachLine() throws Exception {
        var text = export(LineFormat.JSONL, "a\"b\n\u0001");
        assertThat(text).endsWith("}\n");
        assertThat(text.lines()).hasSize(1);
        try (var reader = Json.createReader(new StringReader(text))) {
            var line = reader.readObject();
            assertThat(line.getString("model_asked")).isEqualTo("a\"b\n\u0001");
            assertThat(line.getString("cost_usd")).isEqualTo("0.000000123456789");
            assertThat(line.getInt("cost_nanos")).isEqualTo(124);
            assertThat(line.getBoolean("price_assumed")).isTrue();
            assertThat(line.getString("ended_at")).isEqualTo("2026-11-22T12:00:00.123Z");
            assertThat(line.isNull("model_answered")).isTrue();
        }
    }

    @Test
    void writesTitlesOnceAndThenEnds() throws Exception {
        var export = new LedgerExport(new DatabaseStore(h2.database(), "node"), LineFormat.CSV, Instant.EPOCH, FAR);
        assertThat(export.next()).startsWith("try_id,");
        assertThat(export.next()).isEmpty();
    }

    @Test
    void isFoundByItsWord() {
        assertThat(LineFormat.named("csv")).contains(LineFormat.CSV);
        assertThat(LineFormat.named("jsonl")).contains(LineFormat.JSONL);
        assertThat(LineFormat.named("xml")).isEmpty();
    }
}
