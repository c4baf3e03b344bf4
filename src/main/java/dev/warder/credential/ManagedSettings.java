package dev.warder.credential;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The credentials that go upstream, settings {@code upstream.credentials}, {@code upstream.pool} and {@code passthrough}.
 * Thread-safe.
 *
 * @param credentials the preferred one first; may be empty
 * @param order which of several serves a request
 * @param passthrough whether a client's own Anthropic credential is used if its request has one
 */
public record ManagedSettings(List<ManagedCredential> credentials, PoolOrder order, boolean passthrough) {
    public ManagedSettings {
        credentials = List.copyOf(credentials);
    }

    public static ManagedSettings read(SettingReader settings) {
        var list = new CredentialList(settings);
        var read = new ManagedSettings(
                settings.find(Setting.UPSTREAM_CREDENTIALS, list::parse).orElse(List.of()),
                settings.read(
                        Setting.UPSTREAM_POOL,
                        PoolOrder.ORDERED,
                        ValueSyntax.oneOf(List.of(PoolOrder.ORDERED, PoolOrder.WEIGHTED))),
                settings.read(Setting.PASSTHROUGH, true, ValueSyntax::flag));
        if (read.order() == PoolOrder.ORDERED && read.credentials().stream().anyMatch(each -> each.weight() > 1)) {
            settings.warning(Setting.UPSTREAM_CREDENTIALS, "weights have no effect without upstream.pool=weighted");
        }
        if (!read.passthrough() && read.credentials().isEmpty()) {
            settings.warning(
                    Setting.UPSTREAM_CREDENTIALS, "is not set and passthrough is off: nothing can go upstream");
        }
        return read;
    }

    public Set<String> names() {
        return credentials.stream().map(ManagedCredential::name).collect(Collectors.toUnmodifiableSet());
    }

    public boolean has(Class<? extends ManagedCredential> form) {
        return credentials.stream().anyMatch(form::isInstance);
    }

    /**
     * The rule that selects among several managed credentials for a request whose session is not bound to one ({@code
     * upstream.pool}).
     */
    public enum PoolOrder {
        ORDERED,
        WEIGHTED
    }

    /**
     * Reads {@code upstream.credentials}. Problems name entries by number: an operator who forgets the name writes a secret
     * in its place. One thread at a time.
     */
    static final class CredentialList {
        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
        private static final Pattern WEIGHT = Pattern.compile("[1-9][0-9]{0,2}|1000");
        private static final String BEARER = "bearer:";

        private final SettingReader settings;
        private final Set<String> names = new HashSet<>();
        private final Set<String> forms = new HashSet<>();

        CredentialList(SettingReader settings) {
            this.settings = settings;
        }

        List<ManagedCredential> parse(String text) {
            var credentials = new ArrayList<ManagedCredential>();
            int number = 0;
            for (String entry : text.split(";")) {
                number++;
                if (entry.isBlank()) {
                    continue;
                }
                try {
                    credentials.add(credential(entry.strip()));
                } catch (InvalidValueException refused) {
                    settings.problem(Setting.UPSTREAM_CREDENTIALS, "entry " + number + ": " + refused.reason());
                }
            }
            return credentials;
        }

        private ManagedCredential credential(String entry) throws InvalidValueException {
            int equals = entry.indexOf('=');
            if (equals < 0) {
                throw new InvalidValueException(
                        "must be NAME=SECRET, NAME=bearer:SECRET, NAME=oauth or NAME=federation, perhaps NAME*WEIGHT");
            }
            String left = entry.substring(0, equals);
            int star = left.indexOf('*');
            String name = name((star < 0 ? left : left.substring(0, star)).strip());
            int weight = star < 0 ? 1 : weight(left.substring(star + 1).strip());
            return source(name, weight, entry.substring(equals + 1).strip());
        }

        private ManagedCredential source(String name, int weight, String source) throws InvalidValueException {
            return switch (source) {
                case "oauth" -> onlyOne(source, new ManagedCredential.Login(name, weight));
                case "federation" -> onlyOne(source, new ManagedCredential.WorkloadIdentity(name, weight));
                default -> fixed(name, weight, source);
            };
        }

        private ManagedCredential onlyOne(String form, ManagedCredential credential) throws InvalidValueException {
            if (!forms.add(form)) {
                throw new InvalidValueException("is a second " + form + "; there can be only one");
            }
            return credential;
        }

        private ManagedCredential fixed(String name, int weight, String reference) throws InvalidValueException {
            boolean bearer = reference.startsWith(BEARER);
            String secret = bearer ? reference.substring(BEARER.length()).strip() : reference;
            return new ManagedCredential.Fixed(
                    name, weight, bearer, settings.resolve(Setting.UPSTREAM_CREDENTIALS, secret, Secret.Rule.ANY));
        }

        private static int weight(String text) throws InvalidValueException {
            if (!WEIGHT.matcher(text).matches()) {
                throw new InvalidValueException("the weight after * must be a number from 1 to 1000");
            }
            return Integer.parseInt(text);
        }

        private String name(String name) throws InvalidValueException {
            if (!NAME.matcher(name).matches() || name.startsWith("sk-ant-")) {
                throw new InvalidValueException("the name must have lower-case letters, digits and -, a letter first");
            }
            if (!names.add(name)) {
                throw new InvalidValueException("has the name of an entry before it");
            }
            return name;
        }
    }
}
