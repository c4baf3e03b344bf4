package dev.warder.reconciliation;

import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.SecretRule;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.reconciliation.report.AdminApi;
import dev.warder.reconciliation.report.KeyMap;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * What is compared with the reports of Anthropic, settings {@code reconcile.*}. Thread-safe.
 *
 * @param map which ids of the reports belong to which managed credentials
 */
public record ReconcileSettings(AdminApi api, KeyMap map) {
    /**
     * Reads them; empty if they are unset.
     *
     * @param upstream the upstream's URL, whose scheme and host are those of the Admin API unless {@code reconcile.url} is set
     * @param version the value of {@code anthropic-version}
     * @param credentials the names of the managed credentials
     */
    public static Optional<ReconcileSettings> read(
            URI upstream, String version, Set<String> credentials, SettingReader settings) {
        var secret = settings.secret(Setting.RECONCILE_KEY, SecretRule.ANY);
        var map = settings.find(Setting.RECONCILE_MAP, text -> map(text, credentials, settings));
        var url = settings.find(Setting.RECONCILE_URL, ReconcileSettings::base);
        boolean hasSecret = settings.isGiven(Setting.RECONCILE_KEY);
        if (secret.isPresent() && !settings.isGiven(Setting.RECONCILE_MAP)) {
            settings.problem(Setting.RECONCILE_KEY, "must not be set without reconcile.map");
        }
        if (map.filter(each -> !each.names().isEmpty()).isPresent() && !hasSecret) {
            settings.problem(Setting.RECONCILE_MAP, "must not be set without reconcile.key");
        }
        if (url.isPresent() && !hasSecret) {
            settings.warning(Setting.RECONCILE_URL, "has no effect without reconcile.key");
        }
        var base = url.orElseGet(() -> origin(upstream));
        return secret.flatMap(
                each -> map.map(names -> new ReconcileSettings(new AdminApi(base, each, version), names)));
    }

    private static URI origin(URI upstream) {
        return URI.create(upstream.getScheme() + "://" + upstream.getRawAuthority());
    }

    private static URI base(String text) throws InvalidValueException {
        var url = EndpointUrl.parse(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        if (url.getRawQuery() != null) {
            throw new InvalidValueException("must not have a query");
        }
        if (url.getRawPath().endsWith("/v1")) {
            throw new InvalidValueException("must be the base URL, without /v1");
        }
        return url;
    }

    /** Every wrong entry is a problem. They are named by number: an operator may write a secret by mistake. */
    private static KeyMap map(String text, Set<String> credentials, SettingReader settings) {
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
        return new KeyMap(names);
    }

    private static void add(LinkedHashMap<String, String> names, String entry, Set<String> credentials)
            throws InvalidValueException {
        int equals = entry.indexOf('=');
        if (equals < 0) {
            throw new InvalidValueException("must be ID=CREDENTIAL, such as apikey_01abc=main");
        }
        String id = entry.substring(0, equals).strip();
        String name = entry.substring(equals + 1).strip();
        if (!KeyMap.isId(id)) {
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
}
