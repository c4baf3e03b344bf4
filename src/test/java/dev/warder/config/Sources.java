package dev.warder.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sources of settings that a test fills by hand. */
final class Sources {
    static final long HEAP = 1_000L << 20;

    final Map<String, Object> jndi = new HashMap<>();
    final Map<String, Map<String, String>> initParams = new HashMap<>();
    final Map<String, String> contextParams = new HashMap<>();
    final Map<String, String> environment = new HashMap<>();
    final FileWatch files = new FileWatch();

    static Sources with(String name, Object value) {
        return new Sources().set(name, value);
    }

    Sources set(String name, Object value) {
        jndi.put("warder/" + name, value);
        return this;
    }

    Sources initParam(String holder, String name, String value) {
        initParams.computeIfAbsent(holder, unused -> new HashMap<>()).put(name, value);
        return this;
    }

    Sources contextParam(String name, String value) {
        contextParams.put(name, value);
        return this;
    }

    Sources env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    WarderConfig read() {
        var sources = new ConfigSources(this::lookup, initParams, contextParams, this::variable);
        return new ConfigReader(sources, files, HEAP).read();
    }

    List<String> problems() {
        return catchThrowableOfType(ConfigException.class, this::read).problems();
    }

    /** The only problem there is. */
    String problem() {
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
