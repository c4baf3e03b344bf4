package dev.warder.cli;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ValueSyntax;
import dev.warder.usage.CacheWrites;
import dev.warder.usage.PriceSyntax;
import dev.warder.usage.Speed;
import dev.warder.usage.Tier;
import dev.warder.usage.UsageCounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of the command {@code price}.
 *
 * @param at when the request is admitted; the present moment if empty
 */
record PriceOptions(UsageCounts counts, Tier tier, Speed speed, Optional<String> geo, Optional<Instant> at) {
    private static final List<String> COUNTS = List.of("input", "output", "read", "write5m", "write1h", "searches");
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,15}");

    static CommandSpec addTo(CommandSpec command) {
        for (String name : COUNTS) {
            command.addOption(Grammar.option(name, Long.class, PriceOptions::parseCount));
        }
        return command.addOption(Grammar.option("tier", Tier.class, ValueSyntax.oneOf(List.of(Tier.values()))))
                .addOption(Grammar.option("speed", Speed.class, ValueSyntax.oneOf(List.of(Speed.values()))))
                .addOption(Grammar.option("geo", String.class, PriceSyntax::geo))
                .addOption(Grammar.option("at", Instant.class, PriceSyntax::moment))
                .addOption(Grammar.option("--credential").build());
    }

    /** @param given the options of the command line, by name without the dashes */
    static PriceOptions of(Map<String, OptionSpec> given) {
        var writes = new CacheWrites(count(given, "write5m"), count(given, "write1h"));
        return new PriceOptions(
                new UsageCounts(
                        count(given, "input"),
                        writes,
                        count(given, "read"),
                        count(given, "output"),
                        0,
                        count(given, "searches"),
                        0),
                PriceOptions.<Tier>value(given, "tier").orElse(Tier.STANDARD),
                PriceOptions.<Speed>value(given, "speed").orElse(Speed.STANDARD),
                value(given, "geo"),
                value(given, "at"));
    }

    private static long count(Map<String, OptionSpec> given, String name) {
        return PriceOptions.<Long>value(given, name).orElse(0L);
    }

    private static <T> Optional<T> value(Map<String, OptionSpec> given, String name) {
        return Optional.ofNullable(given.get(name)).map(OptionSpec::getValue);
    }

    private static Long parseCount(String text) throws InvalidValueException {
        if (!COUNT.matcher(text).matches()) {
            throw new InvalidValueException("must be a whole number from 0 to " + UsageCounts.MOST);
        }
        return Long.valueOf(text);
    }
}
