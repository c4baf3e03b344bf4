package dev.warder.usage;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The prices of requests, settings {@code prices.*}. Thread-safe.
 *
 * @param book gives the same object until {@code prices.file} has changed, and never waits
 */
public record PriceSettings(Supplier<PriceBook> book, CredentialFactors factors) {
    /**
     * Reads {@code prices.*}.
     *
     * @param credentials the names of the operator's credentials
     */
    public static PriceSettings read(Set<String> credentials, SettingReader settings) {
        Supplier<PriceBook> book = settings.find(Setting.PRICES_FILE, text -> watched(text, settings))
                .orElse(PriceBook::shipped);
        var factors = settings.read(Setting.PRICES_FACTORS, CredentialFactors.NONE, CredentialFactors::parse);
        if (!credentials.containsAll(factors.names())) {
            settings.warning(Setting.PRICES_FACTORS, "has a name that upstream.credentials does not have");
        }
        return new PriceSettings(book, factors);
    }

    private static Supplier<PriceBook> watched(String text, SettingReader settings) throws InvalidValueException {
        return settings.watch(
                        Setting.PRICES_FILE,
                        ValueSyntax.path(text),
                        content -> PriceBook.withRows(PriceFile.parse(content)))::current;
    }
}
