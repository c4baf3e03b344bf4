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

/** The options of the command {@code price}. One thread at a time. */
final class PriceOptions {
    private static final List<String> COUNTS = List.of("input", "output", "read", "write5m", "write1h", "searches");
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,15}");

    private final Map<String, OptionSpec> given;

    PriceOptions(Map<String, OptionSpec> given) {
        this.given = given;
    }

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

    Command.Price command(String model, Map<String, String> settings) {
        var writes = new CacheWrites(count("write5m"), count("write1h"));
        var counts = new UsageCounts(count("input"), writes, count("read"), count("output"), 0, count("searches"), 0);
        return new Command.Price(
                model,
                counts,
                this.<Tier>value("tier").orElse(Tier.STANDARD),
                this.<Speed>value("speed").orElse(Speed.STANDARD),
                value("geo"),
                value("at"),
                value("credential"),
                settings);
    }

    private long count(String name) {
        return this.<Long>value(name).orElse(0L);
    }

    private <T> Optional<T> value(String name) {
        return Optional.ofNullable(given.get(name)).map(OptionSpec::getValue);
    }

    private static Long parseCount(String text) throws InvalidValueException {
        if (!COUNT.matcher(text).matches()) {
            throw new InvalidValueException("must be a whole number from 0 to " + UsageCounts.MOST);
        }
        return Long.valueOf(text);
    }
}
