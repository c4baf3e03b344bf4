package dev.warder.usage;

import dev.warder.config.InvalidValueException;
import dev.warder.usage.PriceSettings.CredentialFactors;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rows and conditions of tests. */
public final class Rows {
    /** After every date of the shipped rows. */
    public static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    private Rows() {}

    /** A file with these rows; apostrophes stand for quotation marks. */
    static String file(String... rows) {
        return ("{'rows': [" + String.join(",", rows) + "]}").replace('\'', '"');
    }

    /** A row for each tier, speed and place, whose prices are all {@code price}. */
    static String row(String model, String from, long minPrompt, String price) {
        return row(model, from, minPrompt, "*", "*", "*", price);
    }

    static String row(String model, String from, long minPrompt, String tier, String speed, String geo, String price) {
        return ("{'model': '%s', 'from': '%s', 'minPrompt': %d, 'tier': '%s', 'speed': '%s', 'geo': '%s', 'input': '%7$s',"
                        + " 'output': '%7$s', 'write5m': '%7$s', 'write1h': '%7$s', 'read': '%7$s', 'source': 'contract'}")
                .formatted(model, from, minPrompt, tier, speed, geo, price);
    }

    static List<PriceRow> parse(String file) throws InvalidValueException {
        return PriceFile.parse(file.getBytes(StandardCharsets.UTF_8));
    }

    static PriceBook book(String... rows) throws InvalidValueException {
        return PriceBook.withRows(parse(file(rows)));
    }

    /** Standard conditions, now. */
    static PriceBook.Conditions asked(String model) {
        return asked(model, NOW);
    }

    static PriceBook.Conditions asked(String model, Instant at) {
        return new PriceBook.Conditions(model, Tier.STANDARD, Speed.STANDARD, Optional.of("global"), at);
    }

    /** The shipped prices, and these factors of credentials. */
    public static PriceSettings shipped(String factors) {
        try {
            return new PriceSettings(PriceBook::shipped, CredentialFactors.parse(factors));
        } catch (InvalidValueException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }
}
