package dev.warder.cli;

import dev.warder.GatewaySettings;
import dev.warder.cli.CommandLine.UsageException;
import dev.warder.config.ConfigException;
import dev.warder.config.FileWatch;
import dev.warder.config.SettingReader;
import dev.warder.config.SettingReader.ConfigSources;
import dev.warder.ledger.LedgerSettings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The entries that the application will find below {@code java:comp/env/}. One thread at a time. */
public final class Entries {
    private static final String PREFIX = "warder/";
    /** The place where the reader found a value. It is removed from messages: the operator set the value elsewhere. */
    private static final Pattern ORIGIN = Pattern.compile(" \\(JNDI warder/[A-Za-z.0-9]+\\)$");

    private static final String TOKEN = "warder/secret.token";
    private static final String KEY = "warder/secret.key";

    private final Map<String, String> entries = new TreeMap<>();

    private final WebXml webXml;

    public Entries(Map<String, String> settings) {
        this(settings, WebXml.NONE);
    }

    public Entries(Map<String, String> settings, WebXml webXml) {
        this.webXml = webXml;
        settings.forEach(this::set);
    }

    private void set(String setting, String value) {
        entries.put(PREFIX + setting, value);
    }

    public void useDemo(URI url, String key) {
        set("upstream.url", url.toString());
        set("upstream.credentials", "demo=jndi:" + KEY);
        entries.put(KEY, key);
    }

    /** Keeps rows shortly, since they are in memory. */
    public void useMemory() {
        entries.putIfAbsent(PREFIX + "ledger.retention", LedgerSettings.DEMO);
    }

    public void useToken(String token) {
        set("clients.token", "jndi:" + TOKEN);
        entries.put(TOKEN, token);
    }

    /**
     * Reads the configuration as the application is going to read it.
     *
     * @throws UsageException with all problems
     */
    public GatewaySettings check(Function<String, Optional<String>> environment) throws UsageException {
        var sources = new ConfigSources(this::entry, webXml.initParams(), webXml.contextParams(), environment);
        try {
            var reader = new SettingReader(
                    sources, new FileWatch(), Runtime.getRuntime().maxMemory(), 0);
            return GatewaySettings.read(reader);
        } catch (ConfigException unusable) {
            throw new UsageException(unusable.problems().stream()
                    .map(problem -> ORIGIN.matcher(problem).replaceFirst(""))
                    .toList());
        }
    }

    private Optional<Object> entry(String name) {
        return Optional.ofNullable(entries.getOrDefault(name, webXml.entries().get(name)));
    }

    /** The value of each entry, by its name below {@code java:comp/env/}; values may be secret. */
    public Map<String, String> all() {
        return Map.copyOf(entries);
    }
}
