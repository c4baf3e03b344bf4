package dev.warder.oauth;

import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.ValueSyntax;
import dev.warder.credential.ManagedCredential;
import dev.warder.credential.ManagedSettings;
import java.net.URI;
import java.util.Optional;

/**
 * Workload identity (RFC 7523): an identity token of the platform is exchanged for a token of the API, settings
 * {@code federation.*}.
 *
 * @param tokenUrl where it is exchanged
 * @param ruleId the federation rule to apply
 * @param organizationId the organization that owns the rule
 * @param serviceAccountId the service account, if the rule leaves that open
 * @param workspaceId the workspace, if the rule leaves that open
 * @param identityToken what the platform issues. Its {@code reveal()} reads a file each time and so waits for the
 *     disk: to be called for each exchange, and on no thread that serves requests. A file that cannot be used leaves what
 *     was read before, and is logged once
 */
public record FederationSettings(
        URI tokenUrl,
        String ruleId,
        String organizationId,
        Optional<String> serviceAccountId,
        Optional<String> workspaceId,
        Secret identityToken) {
    private static final String TOKEN_PATH = "/v1/oauth/token";

    /** Takes the place of an identity token that is missing or has a problem, until all problems are collected. */
    private static final Secret STAND_IN = Secret.of("-");

    /**
     * Reads {@code federation.*}. A value that is set must be correct even if no credential uses it.
     *
     * @param upstream the URL of the upstream, which exchanges tokens unless another endpoint is set
     * @return empty if no credential of {@code managed} is a workload identity
     */
    public static Optional<FederationSettings> read(URI upstream, ManagedSettings managed, SettingReader settings) {
        var read = readAll(upstream, settings);
        var form = new CredentialForm("federation", settings);
        if (!managed.has(ManagedCredential.WorkloadIdentity.class)) {
            form.warnOfEach();
            return Optional.empty();
        }
        form.require(Setting.FEDERATION_RULE_ID, Setting.FEDERATION_ORGANIZATION_ID, Setting.FEDERATION_IDENTITY_TOKEN);
        return Optional.of(read);
    }

    private static FederationSettings readAll(URI upstream, SettingReader settings) {
        return new FederationSettings(
                settings.read(Setting.FEDERATION_TOKEN_URL, URI.create(upstream + TOKEN_PATH), EndpointUrl::parse),
                settings.read(Setting.FEDERATION_RULE_ID, "-", ValueSyntax::visible),
                settings.read(Setting.FEDERATION_ORGANIZATION_ID, "-", ValueSyntax::visible),
                settings.find(Setting.FEDERATION_SERVICE_ACCOUNT_ID, ValueSyntax::visible),
                settings.find(Setting.FEDERATION_WORKSPACE_ID, ValueSyntax::visible),
                settings.read(
                        Setting.FEDERATION_IDENTITY_TOKEN, STAND_IN, reference -> identityToken(reference, settings)));
    }

    private static Secret identityToken(String reference, SettingReader settings) throws InvalidValueException {
        Setting setting = Setting.FEDERATION_IDENTITY_TOKEN;
        Secret token = settings.resolveForEachUse(setting, reference, Secret.Rule.ANY);
        if (!reference.startsWith("file:")) {
            settings.warning(
                    setting, "is read once and will have expired some day; give the file:PATH that is renewed");
        }
        return token;
    }

    /**
     * A form of managed credential that has settings of its own: all settings {@code name.*}.
     *
     * @param name how an entry of {@code upstream.credentials} is written that has this form, such as {@code oauth}
     */
    record CredentialForm(String name, SettingReader settings) {
        /** Reports each of the settings that is unset, because a credential has this form. */
        void require(Setting... needed) {
            for (Setting setting : needed) {
                if (!settings.isSet(setting)) {
                    settings.problem(setting, "is not set, but upstream.credentials has an entry NAME=" + name);
                }
            }
        }

        /** Warns of each setting that an operator has set, because no credential has this form. */
        void warnOfEach() {
            for (Setting setting : Setting.values()) {
                if (setting.publicName().startsWith(name + ".") && settings.isGiven(setting)) {
                    settings.warning(setting, "has no effect: upstream.credentials has no entry NAME=" + name);
                }
            }
        }
    }
}
