package dev.warder.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the text of a setting: JNDI, then an init-param, then a context-param, then the default. */
final class SettingLookup {
    private static final String CONTEXT_PREFIX = "warder.";

    private final ConfigSources sources;

    SettingLookup(ConfigSources sources) {
        this.sources = sources;
    }

    /** The text, trimmed and not empty, and in words where it was found. */
    record Found(String text, String origin) {}

    Optional<Found> find(Setting setting) throws InvalidValueException {
        return places(setting).stream().findFirst().or(() -> setting.defaultText()
                .map(text -> new Found(text, "default")));
    }

    List<Found> places(Setting setting) throws InvalidValueException {
        String name = setting.publicName();
        var places = new ArrayList<Found>();
        // Always read: two filters that disagree are a mistake, even if JNDI overrides both.
        List<Found> initParams = initParams(name);
        sources.jndiText("warder/" + name).ifPresent(text -> places.add(new Found(text, "JNDI warder/" + name)));
        places.addAll(initParams);
        contextParam(name).ifPresent(places::add);
        return places;
    }

    private List<Found> initParams(String name) throws InvalidValueException {
        var places = new ArrayList<Found>();
        Map<String, String> holderByText = new LinkedHashMap<>();
        sources.initParams().forEach((holder, params) -> {
            String text = params.getOrDefault(name, "").strip();
            if (!text.isEmpty()) {
                holderByText.putIfAbsent(text, holder);
                places.add(new Found(text, "init-param of " + holder));
            }
        });
        if (holderByText.size() > 1) {
            throw new InvalidValueException(
                    "has different values in the init-params of " + String.join(" and ", holderByText.values()));
        }
        return places;
    }

    private Optional<Found> contextParam(String name) {
        String text =
                sources.contextParams().getOrDefault(CONTEXT_PREFIX + name, "").strip();
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(new Found(text, "context-param " + CONTEXT_PREFIX + name));
    }

    void reportUnknown(Findings findings) {
        sources.initParams().forEach((holder, params) -> params.keySet()
                .forEach(name -> report(name, "init-param of " + holder, findings)));
        sources.contextParams().keySet().stream()
                .filter(name -> name.startsWith(CONTEXT_PREFIX))
                .map(name -> name.substring(CONTEXT_PREFIX.length()))
                .forEach(name -> report(name, "context-param " + CONTEXT_PREFIX + name, findings));
        for (var retired : RetiredSetting.values()) {
            if (isBound("warder/" + retired.publicName())) {
                findings.retired(retired);
            }
        }
    }

    private static void report(String name, String origin, Findings findings) {
        if (SettingNames.find(name).isEmpty()) {
            RetiredSetting.find(name).ifPresentOrElse(findings::retired, () -> findings.unknown(name, origin));
        }
    }

    private boolean isBound(String name) {
        try {
            return sources.jndiText(name).isPresent();
        } catch (InvalidValueException unreadable) {
            return true;
        }
    }
}
