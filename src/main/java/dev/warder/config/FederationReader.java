package dev.warder.config;

import dev.warder.config.WarderConfig.Upstream;
import java.net.URI;
import java.util.Optional;

/** Reads {@code federation.*}. What is set must be correct even if no credential uses it. */
final class FederationReader {
    private static final String FORM = "federation";
    private static final String TOKEN_PATH = "/v1/oauth/token";

    /** Takes the place of an identity token that is missing or has a problem, until all problems are collected. */
    private static final Secret STAND_IN = Secret.of("-");

    private final SettingReader settings;

    FederationReader(SettingReader settings) {
        this.settings = settings;
    }

    /** Present when a workload identity of {@code upstream} needs it. */
    Optional<Federation> read(Upstream upstream) {
        Federation read = readAll(upstream.url());
        if (!upstream.has(ManagedCredential.WorkloadIdentity.class)) {
            settings.warnWithout(FORM);
            return Optional.empty();
        }
        settings.requireFor(
                FORM,
                Setting.FEDERATION_RULE_ID,
                Setting.FEDERATION_ORGANIZATION_ID,
                Setting.FEDERATION_IDENTITY_TOKEN);
        return Optional.of(read);
    }

    private Federation readAll(URI upstream) {
        return new Federation(
                settings.read(Setting.FEDERATION_TOKEN_URL, URI.create(upstream + TOKEN_PATH), EndpointUrl::parse),
                settings.read(Setting.FEDERATION_RULE_ID, "-", ValueSyntax::visible),
                settings.read(Setting.FEDERATION_ORGANIZATION_ID, "-", ValueSyntax::visible),
                settings.find(Setting.FEDERATION_SERVICE_ACCOUNT_ID, ValueSyntax::visible),
                settings.find(Setting.FEDERATION_WORKSPACE_ID, ValueSyntax::visible),
                settings.read(Setting.FEDERATION_IDENTITY_TOKEN, STAND_IN, this::identityToken));
    }

    private Secret identityToken(String reference) throws InvalidValueException {
        Setting setting = Setting.FEDERATION_IDENTITY_TOKEN;
        Secret token = settings.resolveForEachUse(setting, reference, SecretRule.ANY);
        if (!reference.startsWith("file:")) {
            settings.warning(
                    setting, "is read once and will have expired some day; give the file:PATH that is renewed");
        }
        return token;
    }
}
