package dev.warder.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Maps the model name of a request to the model that is requested upstream: the first entry that matches, else
 * {@code claude-*} unchanged, else the default model. A suffix in brackets, as in {@code name[1m]}, is not part of the name: it
 * is kept. An entry that names the suffix itself replaces the whole name, and a model's own suffix counts. This is the grammar
 * of {@code openai.models} and {@code models.aliases} (rule "Aliases of models"). Immutable, so thread-safe.
 */
public record ModelMap(List<Entry> entries, Function<String, Optional<String>> others, Optional<String> defaultModel) {
    /** The characters that the name of a model may have. */
    public static final int LONGEST_NAME = 256;

    private static final String UNCHANGED = "*";

    public ModelMap {
        entries = List.copyOf(entries);
    }

    public static ModelMap of(Optional<String> defaultModel) {
        return of(List.of(), defaultModel);
    }

    public static ModelMap of(List<Entry> entries, Optional<String> defaultModel) {
        return new ModelMap(entries, unmatched -> Optional.empty(), defaultModel);
    }

    public ModelMap or(Function<String, Optional<String>> others) {
        return new ModelMap(entries, others, defaultModel);
    }

    /** Reads {@code pattern=model; pattern=model}. Reports all problems at once; they name entries by number. */
    public static ModelMap parse(String setting, Optional<String> defaultModel) throws InvalidValueException {
        return of(ValueSyntax.all("entry", setting.split(";"), Entry::parse), defaultModel);
    }

    public static ModelMap parseFile(String content, Optional<String> defaultModel) throws InvalidValueException {
        String[] lines = content.split("\r?\n|\r");
        for (int i = 0; i < lines.length; i++) {
            lines[i] = lines[i].strip().startsWith("#") ? "" : lines[i];
        }
        return of(ValueSyntax.all("line", lines, Entry::parse), defaultModel);
    }

    public Optional<String> resolve(String name) {
        if (isNone(name)) {
            return Optional.empty();
        }
        return find(name)
                .or(() -> others.apply(name))
                .or(() -> name.startsWith("claude-") ? Optional.of(name) : defaultModel);
    }

    public Optional<String> find(String name) {
        if (isNone(name)) {
            return Optional.empty();
        }
        String plain = name.substring(0, ModelSuffix.bracket(name));
        for (Entry entry : entries) {
            if (entry.pattern().matches(plain)) {
                return Optional.of(withSuffix(entry.modelFor(plain), name.substring(plain.length())));
            }
            if (plain.length() < name.length() && entry.pattern().matches(name)) {
                return Optional.of(entry.modelFor(name));
            }
        }
        return Optional.empty();
    }

    private static boolean isNone(String name) {
        return name.isBlank() || name.length() > LONGEST_NAME;
    }

    private static String withSuffix(String model, String suffix) {
        return ModelSuffix.bracket(model) < model.length() ? model : model + suffix;
    }

    public Stream<String> models() {
        return entries.stream().map(Entry::model).filter(model -> !model.equals(UNCHANGED));
    }

    /** The names that are served in addition to the upstream's own: every pattern that is a plain name, in order. */
    public List<String> aliases() {
        return entries.stream()
                .flatMap(entry ->
                        entry.pattern() instanceof ModelPattern.Exact exact ? Stream.of(exact.name()) : Stream.empty())
                .distinct()
                .toList();
    }

    /**
     * One entry, {@code PATTERN=MODEL}.
     *
     * @param model the model; {@code *} leaves the name as it is
     */
    public record Entry(ModelPattern pattern, String model) {
        public String modelFor(String name) {
            return model.equals(UNCHANGED) ? name : model;
        }

        static Entry parse(String text) throws InvalidValueException {
            int equals = text.lastIndexOf('=');
            if (equals < 0) {
                throw new InvalidValueException("must be PATTERN=MODEL");
            }
            return of(
                    text.substring(0, equals).strip(),
                    text.substring(equals + 1).strip());
        }

        public static Entry of(String pattern, String model) throws InvalidValueException {
            if (pattern.isEmpty() || model.isEmpty()) {
                throw new InvalidValueException("needs a pattern and a model");
            }
            if (model.contains("*") && !model.equals(UNCHANGED)) {
                throw new InvalidValueException("may have no other characters if the model is *");
            }
            return new Entry(ModelPattern.parse(pattern), model);
        }
    }
}
