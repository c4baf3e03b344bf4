package dev.warder.usage;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The prices of requests, settings {@code prices.*}. Thread-safe.
 *
 * @param book gives the same object until {@code prices.file} has changed, and never waits
 */
public record PriceSettings(Supplier<PriceBook> book, CredentialFactors factors) {
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

    /** The price of each upstream credential, as a factor of the list price. Immutable. */
    public record CredentialFactors(Map<String, BigDecimal> factors) {
        static final CredentialFactors NONE = new CredentialFactors(Map.of());

        public CredentialFactors {
            factors = Map.copyOf(factors);
        }

        /** Reads {@code name=factor,name=factor}. Problems name entries by number, all of them at once. */
        static CredentialFactors parse(String text) throws InvalidValueException {
            var factors = new LinkedHashMap<String, BigDecimal>();
            ValueSyntax.all("entry", text.split(","), entry -> add(entry, factors));
            return new CredentialFactors(factors);
        }

        /** The factor of the credential of this name; 1 if it has none. */
        public BigDecimal of(String credential) {
            return factors.getOrDefault(credential, BigDecimal.ONE);
        }

        public Set<String> names() {
            return factors.keySet();
        }

        private static BigDecimal add(String entry, Map<String, BigDecimal> factors) throws InvalidValueException {
            int equals = entry.indexOf('=');
            if (equals < 0 || entry.substring(0, equals).isBlank()) {
                throw new InvalidValueException("must be NAME=FACTOR, such as main=0.76");
            }
            BigDecimal factor = factor(entry.substring(equals + 1).strip());
            if (factors.put(entry.substring(0, equals).strip(), factor) != null) {
                throw new InvalidValueException("has the name of an entry before it");
            }
            return factor;
        }

        private static BigDecimal factor(String text) throws InvalidValueException {
            String reason = "the factor must be a decimal above 0 and below one million, such as 0.76";
            BigDecimal factor = PriceFile.decimal(text, reason);
            if (factor.signum() == 0) {
                throw new InvalidValueException(reason);
            }
            return factor;
        }
    }
}
