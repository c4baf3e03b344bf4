package dev.warder.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads single settings and collects what is wrong instead of stopping at the first problem. Each feature reads its record
 * of settings with it. One thread at a time.
 */
public final class SettingReader {
    private final SettingLookup lookup;
    private final Findings findings;
    private final SecretReferences secrets;
    private final FileWatch files;
    private final long maxMemory;

    SettingReader(SettingLookup lookup, Findings findings, SecretReferences secrets, FileWatch files, long maxMemory) {
        this.lookup = lookup;
        this.findings = findings;
        this.secrets = secrets;
        this.files = files;
        this.maxMemory = maxMemory;
    }

    /** The bytes that a size in percent is a part of. */
    public long maxMemory() {
        return maxMemory;
    }

    /** The value; {@code standIn} if there is a problem, which then stops the start anyway. */
    public <T> T read(Setting setting, T standIn, ValueSyntax.Parser<T> parser) {
        return find(setting, parser).orElse(standIn);
    }

    public <T> Optional<T> find(Setting setting, ValueSyntax.Parser<T> parser) {
        try {
            noteRivals(setting);
            Optional<SettingLookup.Found> found = lookup.find(setting);
            return found.isEmpty() ? Optional.empty() : Optional.of(parse(found.get(), parser));
        } catch (InvalidValueException unusable) {
            findings.problem(setting, unusable.reason());
            return Optional.empty();
        }
    }

    /** The secret that the setting refers to; empty when the setting is unset or there is a problem. */
    public Optional<Secret> secret(Setting setting, SecretRule rule) {
        return find(setting, reference -> resolve(setting, reference, rule));
    }

    /**
     * The secret that a reference leads to.
     *
     * @param setting the setting that has the reference
     */
    public Secret resolve(Setting setting, String reference, SecretRule rule) throws InvalidValueException {
        return secrets.resolve(setting, reference, rule);
    }

    public Secret resolveForEachUse(Setting setting, String reference, SecretRule rule) throws InvalidValueException {
        return secrets.resolveForEachUse(setting, reference, rule);
    }

    public <T> WatchedFile<T> watch(Setting setting, Path path, WatchedFile.Parser<T> parser)
            throws InvalidValueException {
        return files.watch(setting.publicName(), path, parser);
    }

    /** Reports a problem, which stops the start once all settings are read. */
    public void problem(Setting setting, String reason) {
        findings.problem(setting, reason);
    }

    public void warning(Setting setting, String text) {
        findings.warning(setting, text);
    }

    public void note(Setting setting, String text) {
        findings.note(setting, text);
    }

    /** Notes which of several places counts, without values: one may be a secret that is in the wrong place. */
    private void noteRivals(Setting setting) throws InvalidValueException {
        List<String> origins =
                lookup.places(setting).stream().map(SettingLookup.Found::origin).toList();
        if (origins.size() > 1) {
            String losers = String.join(" and not ", origins.subList(1, origins.size()));
            findings.note(setting, "is set more than once; " + origins.get(0) + " counts, not " + losers);
        }
    }

    private static <T> T parse(SettingLookup.Found found, ValueSyntax.Parser<T> parser) throws InvalidValueException {
        try {
            return parser.parse(found.text());
        } catch (InvalidValueException unusable) {
            throw new InvalidValueException(unusable.reason() + " (" + found.origin() + ")");
        }
    }

    public boolean isGiven(Setting setting) {
        try {
            return !lookup.places(setting).isEmpty();
        } catch (InvalidValueException alreadyReported) {
            return true;
        }
    }

    public boolean isSet(Setting setting) {
        try {
            return lookup.find(setting).isPresent();
        } catch (InvalidValueException alreadyReported) {
            return true;
        }
    }
}
