package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.cli.CommandLine.UsageException;
import dev.warder.usage.PriceBook;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceCommandTest {
    private static final String AT = "--at=2026-11-21";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void isParsedWithAllItsOptions() throws UsageException {
        var asked = CommandLine.parse(
                "price",
                "m",
                "--input=1",
                "--output",
                "2",
                "--read=3",
                "--write5m=4",
                "--write1h=5",
                "--searches=6",
                "--tier=batch",
                "--speed=fast",
                "--geo=us",
                "--at=2026-10-07T12:00:00Z",
                "--credential=main",
                "--prices.factors=main=0.76");
        assertThat(asked.settings()).containsOnly(Map.entry("prices.factors", "main=0.76"));
        assertThat(asked.command())
                .isEqualTo(new Command.Price(
                        "m",
                        new PriceOptions(
                                new UsageCounts(1, new CacheWrites(4, 5), 3, 2, 0, 6, 0),
                                Tier.BATCH,
                                Speed.FAST,
                                Optional.of("us"),
                                Optional.of(Instant.parse("2026-10-07T12:00:00Z"))),
                        Optional.of("main")));
        var plain = (Command.Price) CommandLine.parse("price", "m").command();
        assertThat(plain.options().counts()).isEqualTo(UsageCounts.NONE);
        assertThat(plain.options().tier()).isEqualTo(Tier.STANDARD);
        assertThat(plain.options().at()).isEmpty();
    }

    @Test
    void showsTheRowsOfAllBandsWithTheirSources() throws UsageException {
        assertThat(run("price", "claude-haiku-5-5", AT)).isZero();
        assertThat(text())
                .startsWith("Prices of claude-haiku-5-5 at 2026-11-21T00:00:00Z, tier standard, speed standard, geo"
                        + " unknown (price book " + PriceBook.shipped().version() + "), in USD per million tokens:")
                .contains("prompts from 0 tokens, tier *, speed standard, geo *")
                .contains("input 0.1, output 0.5, cache write 5m 0.125, cache write 1h 0.2, cache read 0.01")
                .contains("prompts from 100001 tokens")
                .contains("input 0.5, output 2.5, cache write 5m 0.625, cache write 1h 1, cache read 0.05")
                .contains("1,000 web searches 10 USD, web fetches free", "source: https://platform.claude.com/")
                .doesNotContain("cost:", "assumed");
    }

    /** 150,000 tokens of input at 0.50 USD and 1,000 of output at 2.50, times 0.76: 57,000,000 + 1,900,000. */
    @Test
    void showsTheCostTermByTerm() throws UsageException {
        assertThat(run(
                        "price",
                        "claude-haiku-5-5",
                        AT,
                        "--input=150000",
                        "--output=1000",
                        "--credential=main",
                        "--prices.factors=main=0.76"))
                .isZero();
        assertThat(text().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains(
                        "Cost by the row claude-haiku-5-5 from 2020-01-01T00:00:00Z, prompts from 100001 tokens, tier *,"
                                + " speed standard, geo *:",
                        "kind count USD for factor nano-dollars",
                        "input 150000 0.5 1000000 0.76 57000000",
                        "output 1000 2.5 1000000 0.76 1900000",
                        "cost: 58900000 nano-dollars, rounded up (exactly 0.0589 USD)");
    }

    @Test
    void marksWhatIsAssumed() throws UsageException {
        assertThat(run("price", "claude-opus-77", AT, "--searches=1")).isZero();
        assertThat(text())
                .contains("assumed: no price is known for this request, so the dearest row")
                .contains("(assumed):", "cost: 10000000 nano-dollars");
    }

    @Test
    void readsTheOperatorsRows(@TempDir Path folder) throws IOException, UsageException {
        var row =
                """
                {"rows": [{"model": "claude-x*", "from": "2026-10-07", "minPrompt": 0, "tier": "standard",
                "speed": "standard", "geo": "*", "input": "4", "output": "20", "write5m": "5", "write1h": "8",
                "read": "0.2", "source": "contract 17"}]}
                """;
        var file = Files.writeString(folder.resolve("prices.json"), row);
        assertThat(run("price", "claude-x-1", AT, "--prices.file=" + file)).isZero();
        assertThat(text()).contains("claude-x* from 2026-10-07T00:00:00Z", "source: contract 17");
        Files.writeString(file, row.replace("\"4\"", "4").replace("\"read\"", "\"reed\""));
        assertThat(catchThrowableOfType(UsageException.class, () -> run("price", "claude-x-1", "--prices.file=" + file))
                        .problems())
                .singleElement()
                .asString()
                .contains("prices.file: file: row 1: reed: unknown member; did you mean read?")
                .contains("row 1: input: must be a string", "row 1: read: is missing");
    }

    @Test
    void knowsTheNamesOfCredentialsAndOfFactors() throws UsageException {
        assertThat(run("price", "m", "--credential=main", "--upstream.credentials=main=value:" + "planted"))
                .isZero();
        assertThat(catchThrowableOfType(UsageException.class, () -> run("price", "m", "--credential=mian"))
                        .problems())
                .containsExactly("--credential: neither prices.factors nor upstream.credentials has this name");
    }

    private int run(String... arguments) throws UsageException {
        var console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                name -> Optional.empty());
        return new OneShots(console, Path.of("no-such-folder"), new SecureRandom()).run(CommandLine.parse(arguments));
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
