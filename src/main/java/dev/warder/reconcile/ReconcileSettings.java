package dev.warder.reconcile;

import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The comparison with the reports of Anthropic, settings {@code reconcile.*}. Thread-safe.
 *
 * @param url of the Admin API: scheme, host and perhaps a path without a slash at its end
 * @param key for the Admin API
 * @param version the value of {@code anthropic-version}
 * @param map the managed credential of each id in the reports
 */
public record ReconcileSettings(URI url, Secret key, String version, Map<String, String> map) {
    public ReconcileSettings {
        map = Map.copyOf(map);
    }

    /** The meaning of an id in Anthropic's reports. */
    enum IdKind {
        API_KEY("apikey_", "api_key_id"),
        ACCOUNT("user_", "account_id"),
        /** The service account of a workload identity, whose requests have no API key. */
        SERVICE_ACCOUNT("svac_", "service_account_id");

        private final Pattern form;
        /** The member of a result that has the id, by which a report can be grouped. */
        final String member;

        IdKind(String prefix, String member) {
            this.form = Pattern.compile(prefix + "[0-9A-Za-z]{1,64}");
            this.member = member;
        }

        private boolean covers(String id) {
            return form.matcher(id).matches();
        }
    }

    /**
     * Reads them; empty if they are unset.
     *
     * @param upstream the upstream's URL, whose scheme and host are those of the Admin API unless {@code reconcile.url} is set
     * @param version the value of {@code anthropic-version}
     * @param credentials the names of the managed credentials
     */
    public static Optional<ReconcileSettings> read(
            URI upstream, String version, Set<String> credentials, SettingReader settings) {
        var secret = settings.secret(Setting.RECONCILE_KEY, Secret.Rule.ANY);
        var map = settings.find(Setting.RECONCILE_MAP, text -> map(text, credentials, settings));
        var url = settings.find(Setting.RECONCILE_URL, text -> EndpointUrl.base(text, "/v1"));
        boolean hasSecret = settings.isGiven(Setting.RECONCILE_KEY);
        if (secret.isPresent() && !settings.isGiven(Setting.RECONCILE_MAP)) {
            settings.problem(Setting.RECONCILE_KEY, "must not be set without reconcile.map");
        }
        if (map.filter(each -> !each.isEmpty()).isPresent() && !hasSecret) {
            settings.problem(Setting.RECONCILE_MAP, "must not be set without reconcile.key");
        }
        if (url.isPresent() && !hasSecret) {
            settings.warning(Setting.RECONCILE_URL, "has no effect without reconcile.key");
        }
        var base = url.orElseGet(() -> origin(upstream));
        return secret.flatMap(key -> map.map(names -> new ReconcileSettings(base, key, version, names)));
    }

    private static URI origin(URI upstream) {
        return URI.create(upstream.getScheme() + "://" + upstream.getRawAuthority());
    }

    /** Every wrong entry is a problem. They are named by number: an operator may write a secret by mistake. */
    private static Map<String, String> map(String text, Set<String> credentials, SettingReader settings) {
        var names = new LinkedHashMap<String, String>();
        int number = 0;
        for (String entry : text.split(",", -1)) {
            number++;
            try {
                add(names, entry.strip(), credentials);
            } catch (InvalidValueException wrong) {
                settings.problem(Setting.RECONCILE_MAP, "entry " + number + ": " + wrong.reason());
            }
        }
        return names;
    }

    private static void add(Map<String, String> names, String entry, Set<String> credentials)
            throws InvalidValueException {
        int equals = entry.indexOf('=');
        if (equals < 0) {
            throw new InvalidValueException("must be ID=CREDENTIAL, such as apikey_01abc=main");
        }
        String id = entry.substring(0, equals).strip();
        String name = entry.substring(equals + 1).strip();
        if (Arrays.stream(IdKind.values()).noneMatch(kind -> kind.covers(id))) {
            throw new InvalidValueException("the id must be that of an API key (apikey_…), of the account of a login"
                    + " (user_…) or of a service account (svac_…)");
        }
        if (!credentials.contains(name)) {
            throw new InvalidValueException("there is no credential of this name in upstream.credentials");
        }
        if (names.putIfAbsent(id, name) != null) {
            throw new InvalidValueException("has the id of an entry before it");
        }
    }

    List<String> ids(IdKind kind) {
        return map.keySet().stream().filter(kind::covers).sorted().toList();
    }

    @Override
    public String toString() {
        return "ReconcileSettings[" + url.getHost() + "]";
    }
}
