package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    private static final String HOSTILE = "<script>alert('x')</script>\"&\u202e\0";

    @Test
    void escapesTextOnThePage() {
        var html = Table.with("Name", "<b>")
                .row(Cell.text(HOSTILE), Cell.text(HOSTILE))
                .html("A & B")
                .page();
        assertThat(html)
                .doesNotContain("<script", "alert('x')", "\u202e", "\0", "<b>")
                .contains("<caption>A &amp; B</caption>")
                .contains("<th scope=\"row\">&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;");
    }

    @Test
    void quotesTextInCsvAndRunsNoFormula() {
        var csv = Table.with("Name", "Cost USD", "Cache %")
                .row(Cell.text("=HYPERLINK(\"http://x\",1)"), Cell.dollars(1), Cell.percent(1, 4))
                .row(Cell.text("a;b"), Cell.dollars(2_500_000_000L), Cell.percent(0, 0))
                .row(Cell.text(Optional.empty()), Cell.dollars(0), Cell.percent(1, 1))
                .csv();
        assertThat(csv)
                .isEqualTo("name,cost_usd,cache_\r\n\"'=HYPERLINK(\"\"http://x\"\",1)\",0.000000001,25\r\n"
                        + "\"a;b\",2.500000000,\r\n,0,100\r\n".replace(",0,100", ",0.000000000,100"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "+", "-", "@", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20", "\t"})
    void runsNoFormulaOfSpreadsheetsInCsv(String sign) {
        assertThat(Table.with("Name").row(Cell.text(sign + "1+1")).csv()).isEqualTo("name\r\n'" + sign + "1+1\r\n");
        assertThat(Table.with("Name").row(Cell.text("a" + sign)).csv()).isEqualTo("name\r\na" + sign + "\r\n");
    }

    @Test
    void writesTimesAndDurationsForPrograms() {
        var csv = Table.with("Time", "ms", "none")
                .row(
                        Cell.time(Instant.parse("2026-11-22T12:00:00.5Z")),
                        Cell.duration(Duration.ofNanos(1_500_000), 3),
                        Cell.duration(Duration.ZERO, 0))
                .csv();
        assertThat(csv).isEqualTo("time,ms,none\r\n2026-11-22T12:00:00Z,1.5,\r\n");
    }

    @Test
    void refusesARowOfAnotherLength() {
        assertThatThrownBy(() -> Table.with("a").row(Cell.count(1), Cell.count(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
