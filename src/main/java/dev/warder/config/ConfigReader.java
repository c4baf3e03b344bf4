package dev.warder.config;

import java.util.List;
import java.util.function.Function;

/**
 * Reads what the operator set into the records of the features, or reports everything that is wrong with it. To be used
 * once, on the deploying thread, which can look names up in JNDI. One thread at a time.
 */
public final class ConfigReader {
    private final SettingLookup lookup;
    private final Findings findings = new Findings();
    private final SettingReader settings;

    /**
     * Reads nothing yet.
     *
     * @param files reads every file that the configuration refers to, and reads it again when it changes
     * @param maxMemory the bytes that a size in percent is a part of, usually {@code Runtime.maxMemory()}
     */
    public ConfigReader(ConfigSources sources, FileWatch files, long maxMemory) {
        this.lookup = new SettingLookup(sources);
        this.settings =
                new SettingReader(lookup, findings, new SecretReferences(sources, files, findings), files, maxMemory);
    }

    /**
     * Reads the settings that {@code reading} reads, and no other; the names of other settings are accepted.
     *
     * @param <T> what the settings are read into
     * @throws ConfigException with every problem, unknown names included
     */
    public <T> T read(Function<SettingReader, T> reading) {
        T read = reading.apply(settings);
        lookup.reportUnknown(findings);
        findings.throwProblems();
        return read;
    }

    /** Advice to the operator, for the log at start; each begins with the name of a setting, without a secret. */
    public List<String> warnings() {
        return findings.warnings();
    }

    /** Remarks for the operator, in the same form: a setting that is given in several places, for example. */
    public List<String> notes() {
        return findings.notes();
    }
}
