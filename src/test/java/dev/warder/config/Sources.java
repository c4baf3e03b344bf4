package dev.warder.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.GatewaySettings;
import dev.warder.config.SettingReader.ConfigSources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sources of settings that a test fills by hand. */
public final class Sources {
    /** The bytes that a size in percent is a part of. */
    public static final long HEAP = 1_000L << 20;

    final Map<String, Object> jndi = new HashMap<>();
    final Map<String, Map<String, String>> initParams = new HashMap<>();
    final Map<String, String> contextParams = new HashMap<>();
    final Map<String, String> environment = new HashMap<>();
    /** Reads the files of the settings again when a test asks it to. */
    public final FileWatch files = new FileWatch();

    private long exchangeMemory;

    /** With one entry of JNDI. */
    public static Sources with(String name, Object value) {
        return new Sources().set(name, value);
    }

    /** Adds an entry of JNDI. */
    public Sources set(String name, Object value) {
        jndi.put("warder/" + name, value);
        return this;
    }

    /** Adds an init-param of a filter or servlet. */
    public Sources initParam(String holder, String name, String value) {
        initParams.computeIfAbsent(holder, unused -> new HashMap<>()).put(name, value);
        return this;
    }

    /** Adds a context-param of the application. */
    public Sources contextParam(String name, String value) {
        contextParams.put(name, value);
        return this;
    }

    /** Adds a variable of the environment. */
    public Sources env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** The settings of all features. */
    public GatewaySettings read() {
        return GatewaySettings.read(reader());
    }

    /** The warnings of reading everything. */
    public List<String> warnings() {
        var reader = reader();
        GatewaySettings.read(reader);
        return reader.warnings();
    }

    /** The notes of reading everything. */
    public List<String> notes() {
        var reader = reader();
        GatewaySettings.read(reader);
        return reader.notes();
    }

    /** The heap that an exchange occupies on the server; 0 unless set. */
    public Sources exchangeMemory(long bytes) {
        exchangeMemory = bytes;
        return this;
    }

    private SettingReader reader() {
        return new SettingReader(
                new ConfigSources(this::lookup, initParams, contextParams, this::variable),
                files,
                HEAP,
                exchangeMemory);
    }

    /** All problems there are. */
    public List<String> problems() {
        return catchThrowableOfType(ConfigException.class, this::read).problems();
    }

    /** The only problem there is. */
    public String problem() {
        List<String> problems = problems();
        if (problems.size() != 1) {
            throw new AssertionError("not one problem but " + problems);
        }
        return problems.get(0);
    }

    private Optional<Object> lookup(String name) {
        Object bound = jndi.get(name);
        if (bound instanceof RuntimeException broken) {
            throw broken;
        }
        return Optional.ofNullable(bound);
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name));
    }
}
