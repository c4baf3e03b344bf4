package dev.warder.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Follows references to secrets. No reason repeats the text after a scheme, unless it looks like a name. */
record SecretReferences(ConfigSources sources, FileWatch files, SettingReader settings) {
    /** Upper-case names and names below {@code warder/}: no token looks like that. */
    private static final Pattern HARMLESS = Pattern.compile("[A-Z_][A-Z0-9_]{0,40}|warder/[a-z0-9.]{1,40}");

    /** @param reading reads the file of a reference to one */
    Secret resolve(Setting setting, String reference, SecretRule rule, Function<WatchedFile<String>, String> reading)
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
    private static Secret fixed(String kind, String name, String raw, SecretRule rule) throws InvalidValueException {
        String text;
        try {
            text = rule.apply(raw);
        } catch (InvalidValueException refused) {
            String shown = HARMLESS.matcher(name).matches() ? kind + ":" + name : "the secret of " + kind + ":";
            throw new InvalidValueException(shown + " " + refused.reason());
        }
        return new Secret(kind, () -> text);
    }

    private Secret literal(Setting setting, String text, SecretRule rule) throws InvalidValueException {
        Secret secret = fixed("value", "", text, rule);
        settings.warning(setting, "the secret itself is in the configuration (value:); use jndi:, env: or file:");
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

    private Secret file(Setting setting, Path path, SecretRule rule, Function<WatchedFile<String>, String> reading)
            throws InvalidValueException {
        WatchedFile<String> file =
                files.watch(setting.publicName(), path, content -> rule.apply(TextFile.decode(content)));
        return new Secret("file", () -> reading.apply(file));
    }
}
