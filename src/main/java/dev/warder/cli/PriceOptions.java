package dev.warder.cli;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ValueSyntax;
import dev.warder.usage.PriceFile;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageCounts;
import dev.warder.usage.UsageCounts.CacheWrites;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The options of the command {@code price}.
 *
 * @param at when the request is admitted; the present moment if empty
 */
record PriceOptions(UsageCounts counts, Tier tier, Speed speed, Optional<String> geo, Optional<Instant> at) {
    static final String CREDENTIAL = "credential";

    private static final List<String> NAMES = List.of(
            "input", "output", "read", "write5m", "write1h", "searches", "tier", "speed", "geo", "at", CREDENTIAL);
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,15}");

    static CommandSpec addTo(CommandSpec command) {
        NAMES.forEach(name -> command.addOption(Grammar.option(name).build()));
        return command;
    }

    static PriceOptions of(CommandLine line) {
        var writes = new CacheWrites(count(line, "write5m"), count(line, "write1h"));
        return new PriceOptions(
                new UsageCounts(
                        count(line, "input"),
                        writes,
                        count(line, "read"),
                        count(line, "output"),
                        0,
                        count(line, "searches"),
                        0),
                line.value("tier", ValueSyntax.oneOf(List.of(Tier.values()))).orElse(Tier.STANDARD),
                line.value("speed", ValueSyntax.oneOf(List.of(Speed.values()))).orElse(Speed.STANDARD),
                line.value("geo", PriceFile::geo),
                line.value("at", PriceFile::moment));
    }

    private static long count(CommandLine line, String name) {
        return line.value(name, PriceOptions::parseCount).orElse(0L);
    }

    private static Long parseCount(String text) throws InvalidValueException {
        if (!COUNT.matcher(text).matches()) {
            throw new InvalidValueException("must be a whole number from 0 to " + UsageCounts.MOST);
        }
        return Long.valueOf(text);
    }
}
