package dev.warder.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads single settings and collects what is wrong instead of stopping at the first problem. A setting is looked up in JNDI, then
 * in init-params, then in context-params; then its default counts. Each feature reads its record of settings with it. To be used
 * once, on the deploying thread, which can look names up in JNDI. One thread at a time.
 */
public final class SettingReader {
    private static final String CONTEXT_PREFIX = "warder.";

    /** Upper-case names and names below {@code warder/}: no token looks like that. */
    private static final Pattern HARMLESS = Pattern.compile("[A-Z_][A-Z0-9_]{0,40}|warder/[a-z0-9.]{1,40}");

    private final ConfigSources sources;
    private final FileWatch files;
    private final long maxMemory;
    private final long exchangeMemory;

    /** Each begins with the name of a setting, as warnings and notes do. */
    private final Set<String> problems = new LinkedHashSet<>();

    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();

    /**
     * Reads nothing yet.
     *
     * @param files reads every file that the configuration refers to, and reads it again when it changes
     * @param maxMemory the bytes that a size in percent is a part of, usually {@code Runtime.maxMemory()}
     * @param exchangeMemory the bytes of heap that an open exchange occupies on this server; 0 if all of them fit
     */
    public SettingReader(ConfigSources sources, FileWatch files, long maxMemory, long exchangeMemory) {
        this.sources = sources;
        this.files = files;
        this.maxMemory = maxMemory;
        this.exchangeMemory = exchangeMemory;
    }

    /**
     * Reads the settings that {@code reading} reads, and no other; the names of other settings are accepted.
     *
     * @param <T> what the settings are read into
     * @throws ConfigException with every problem, unknown names included
     */
    public <T> T readAll(Function<SettingReader, T> reading) {
        T read = reading.apply(this);
        reportUnknown();
        if (!problems.isEmpty()) {
            throw new ConfigException(List.copyOf(problems));
        }
        return read;
    }

    /** Advice to the operator, for the log at start; each begins with the name of a setting, without a secret. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Remarks for the operator, in the same form: a setting that is given in several places, for example. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** The bytes that a size in percent is a part of. */
    public long maxMemory() {
        return maxMemory;
    }

    /** The bytes of heap that an open exchange occupies on this server; 0 if all of them fit. */
    public long exchangeMemory() {
        return exchangeMemory;
    }

    /** The value; {@code standIn} if there is a problem, which then stops the start anyway. */
    public <T> T read(Setting setting, T standIn, ValueSyntax.Parser<T> parser) {
        return find(setting, parser).orElse(standIn);
    }

    public <T> Optional<T> find(Setting setting, ValueSyntax.Parser<T> parser) {
        try {
            var places = places(setting);
            noteRivals(setting, places);
            var found =
                    places.stream().findFirst().or(() -> setting.defaultText().map(text -> new Found(text, "default")));
            return found.isEmpty() ? Optional.empty() : Optional.of(parse(found.get(), parser));
        } catch (InvalidValueException unusable) {
            problem(setting, unusable.reason());
            return Optional.empty();
        }
    }

    /** The secret that the setting refers to; empty when the setting is unset or there is a problem. */
    public Optional<Secret> secret(Setting setting, Secret.Rule rule) {
        return find(setting, reference -> resolve(setting, reference, rule));
    }

    /**
     * The secret that a reference leads to.
     *
     * @param setting the setting that has the reference
     */
    public Secret resolve(Setting setting, String reference, Secret.Rule rule) throws InvalidValueException {
        return resolve(setting, reference, rule, WatchedFile::current);
    }

    public Secret resolveForEachUse(Setting setting, String reference, Secret.Rule rule) throws InvalidValueException {
        return resolve(setting, reference, rule, WatchedFile::readNow);
    }

    /**
     * Follows a reference to a secret. No reason repeats the text after a scheme, unless it looks like a name.
     *
     * @param reading reads the file of a reference to one
     */
    private Secret resolve(
            Setting setting, String reference, Secret.Rule rule, Function<WatchedFile<String>, String> reading)
            throws InvalidValueException {
        int colon = reference.indexOf(':');
        String scheme = reference.substring(0, Math.max(colon, 0));
        String rest = reference.substring(colon + 1).strip();
        return switch (scheme) {
            case "jndi" -> fixed(scheme, rest, jndi(rest), rule);
            case "env" -> fixed(scheme, rest, environment(rest), rule);
            case "file" -> file(setting, ValueSyntax.pathOf(rest), rule, reading);
            case "value" -> literal(setting, rest, rule);
            default ->
                throw new InvalidValueException("must be a reference to a secret:"
                        + " jndi:NAME, env:NAME, file:PATH or, discouraged, value:TEXT");
        };
    }

    /** @param name where the secret was found; repeated only where it looks like a name */
    private static Secret fixed(String kind, String name, String raw, Secret.Rule rule) throws InvalidValueException {
        String text;
        try {
            text = rule.apply(raw);
        } catch (InvalidValueException refused) {
            String shown = HARMLESS.matcher(name).matches() ? kind + ":" + name : "the secret of " + kind + ":";
            throw new InvalidValueException(shown + " " + refused.reason());
        }
        return new Secret(kind, () -> text);
    }

    private Secret literal(Setting setting, String text, Secret.Rule rule) throws InvalidValueException {
        Secret secret = fixed("value", "", text, rule);
        warning(setting, "the secret itself is in the configuration (value:); use jndi:, env: or file:");
        return secret;
    }

    private String jndi(String name) throws InvalidValueException {
        if (name.isEmpty() || name.indexOf(':') >= 0 || name.startsWith("/")) {
            throw new InvalidValueException("jndi: takes a name below java:comp/env/, such as warder/secret.key");
        }
        return sources.jndiText(name).orElseThrow(() -> unset("no JNDI entry", name));
    }

    private String environment(String name) throws InvalidValueException {
        Optional<String> value =
                name.isEmpty() ? Optional.empty() : sources.environment().apply(name);
        return value.orElseThrow(() -> unset("no environment variable", name));
    }

    private static InvalidValueException unset(String what, String name) {
        String shown = HARMLESS.matcher(name).matches() ? " " + name : "";
        return new InvalidValueException("there is " + what + shown + " with a value");
    }

    private Secret file(Setting setting, Path path, Secret.Rule rule, Function<WatchedFile<String>, String> reading)
            throws InvalidValueException {
        WatchedFile<String> file =
                files.watch(setting.publicName(), path, content -> rule.apply(TextFile.decode(content)));
        return new Secret("file", () -> reading.apply(file));
    }

    public <T> WatchedFile<T> watch(Setting setting, Path path, WatchedFile.Parser<T> parser)
            throws InvalidValueException {
        return files.watch(setting.publicName(), path, parser);
    }

    /** Reports a problem, which stops the start once all settings are read. */
    public void problem(Setting setting, String reason) {
        problems.add(setting.publicName() + ": " + reason);
    }

    public void warning(Setting setting, String text) {
        warnings.add(setting.publicName() + ": " + text);
    }

    public void note(Setting setting, String text) {
        notes.add(setting.publicName() + ": " + text);
    }

    public boolean isGiven(Setting setting) {
        try {
            return !places(setting).isEmpty();
        } catch (InvalidValueException alreadyReported) {
            return true;
        }
    }

    public boolean isSet(Setting setting) {
        return isGiven(setting) || setting.defaultText().isPresent();
    }

    /** A text, trimmed and not empty, and in words where it was found. */
    private record Found(String text, String origin) {}

    private List<Found> places(Setting setting) throws InvalidValueException {
        String name = setting.publicName();
        var places = new ArrayList<Found>();
        // Always read: two filters that disagree are a mistake, even if JNDI overrides both.
        List<Found> initParams = initParams(name);
        sources.jndiText("warder/" + name).ifPresent(text -> places.add(new Found(text, "JNDI warder/" + name)));
        places.addAll(initParams);
        String text =
                sources.contextParams().getOrDefault(CONTEXT_PREFIX + name, "").strip();
        if (!text.isEmpty()) {
            places.add(new Found(text, "context-param " + CONTEXT_PREFIX + name));
        }
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

    /** Notes which of several places counts, without values: one may be a secret that is in the wrong place. */
    private void noteRivals(Setting setting, List<Found> places) {
        if (places.size() > 1) {
            var origins = places.stream().map(Found::origin).toList();
            String losers = String.join(" and not ", origins.subList(1, origins.size()));
            note(setting, "is set more than once; " + origins.get(0) + " counts, not " + losers);
        }
    }

    private static <T> T parse(Found found, ValueSyntax.Parser<T> parser) throws InvalidValueException {
        try {
            return parser.parse(found.text());
        } catch (InvalidValueException unusable) {
            throw new InvalidValueException(unusable.reason() + " (" + found.origin() + ")");
        }
    }

    private void reportUnknown() {
        sources.initParams().forEach((holder, params) -> params.keySet()
                .forEach(name -> reportUnknown(name, "init-param of " + holder)));
        sources.contextParams().keySet().stream()
                .filter(name -> name.startsWith(CONTEXT_PREFIX))
                .map(name -> name.substring(CONTEXT_PREFIX.length()))
                .forEach(name -> reportUnknown(name, "context-param " + CONTEXT_PREFIX + name));
        for (var retired : Setting.Retired.values()) {
            if (isBound("warder/" + retired.publicName())) {
                warnings.add(retired.note());
            }
        }
    }

    private void reportUnknown(String name, String origin) {
        var retired = Setting.Retired.find(name);
        if (retired.isPresent()) {
            warnings.add(retired.get().note());
        } else if (Setting.find(name).isEmpty()) {
            String plain = name.startsWith(CONTEXT_PREFIX) ? name.substring(CONTEXT_PREFIX.length()) : name;
            problems.add(name + ": unknown name (" + origin + ")"
                    + NameHint.didYouMean(plain, Setting.publicNames()).orElse(""));
        }
    }

    private boolean isBound(String name) {
        try {
            return sources.jndiText(name).isPresent();
        } catch (InvalidValueException unreadable) {
            return true;
        }
    }

    /**
     * Where settings are looked up.
     *
     * @param jndi the object bound to a name below {@code java:comp/env/}, such as {@code warder/upstream.url}; throws an
     *     unchecked exception for a broken binding. Asked only for single names, and only while the configuration is read
     * @param initParams the init-params of Warder's filters and servlets, by the name of the filter or servlet
     * @param contextParams the context-params of the whole application; those of Warder start with {@code warder.}
     * @param environment the value of an environment variable
     */
    public record ConfigSources(
            Function<String, Optional<Object>> jndi,
            Map<String, Map<String, String>> initParams,
            Map<String, String> contextParams,
            Function<String, Optional<String>> environment) {

        /** Copies the maps and sorts them, so that problems come in the same order everywhere. */
        public ConfigSources {
            var sorted = new TreeMap<String, Map<String, String>>();
            initParams.forEach((holder, params) -> sorted.put(holder, new TreeMap<>(params)));
            initParams = sorted;
            contextParams = new TreeMap<>(contextParams);
        }

        /** Without the values, which may be secret. */
        @Override
        public String toString() {
            return "ConfigSources";
        }

        Optional<String> jndiText(String name) throws InvalidValueException {
            Object value;
            try {
                value = jndi.apply(name).orElse("");
            } catch (RuntimeException broken) {
                // Only the type: a naming provider may put the bound value into the message.
                Throwable cause = broken.getCause() == null ? broken : broken.getCause();
                throw new InvalidValueException(
                        "the JNDI entry cannot be read (" + cause.getClass().getSimpleName() + ")");
            }
            if (value instanceof String || value instanceof Boolean || value instanceof Number) {
                return Optional.of(value.toString().strip()).filter(text -> !text.isEmpty());
            }
            throw new InvalidValueException("the JNDI entry is neither a String, a Boolean nor a Number");
        }
    }
}
