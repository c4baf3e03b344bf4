package dev.warder.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.auth.OwnCredential;
import dev.warder.auth.Right;
import dev.warder.config.ManagedCredential;
import dev.warder.config.Secret;
import dev.warder.credential.CredentialChoice.Managed;
import dev.warder.credential.CredentialChoice.Passthrough;
import dev.warder.credential.CredentialChoice.Refused;
import dev.warder.credential.UpstreamCredential.ApiKey;
import dev.warder.credential.UpstreamCredential.BearerToken;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rows A01 to A14, A34 and A43 of the auth matrix. */
class CredentialRuleTest {
    private static final String OAT = "sk-" + "ant-oat01-" + "c".repeat(20);
    private static final String CLIENT_KEY = "sk-" + "ant-api03-" + "c".repeat(20);
    private static final String MANAGED_KEY = "sk-" + "ant-api03-" + "m".repeat(20);
    private static final String MANAGED_OAT = "sk-" + "ant-oat01-" + "m".repeat(20);
    private static final String SSO = "sso-" + "c".repeat(20);
    private static final String NONE = "";

    private static final ManagedCredential KEY =
            new ManagedCredential.Fixed("primary", 1, false, Secret.of(MANAGED_KEY));
    private static final ManagedCredential LOGIN =
            new ManagedCredential.Fixed("login", 1, false, Secret.of(MANAGED_OAT));
    private static final Managed PRIMARY = new Managed("primary", new ApiKey(MANAGED_KEY));

    private final CredentialRule both = new CredentialRule(true, List.of(KEY, LOGIN));
    private final CredentialRule ownOnly = new CredentialRule(true, List.of());
    private final CredentialRule managedOnly = new CredentialRule(false, List.of(KEY));

    @Test
    void prefersWhatTheClientBrought() {
        assertThat(choose(both, NONE, OAT)).isEqualTo(new Passthrough(new BearerToken(OAT, true)));
        assertThat(choose(both, CLIENT_KEY, NONE)).isEqualTo(new Passthrough(new ApiKey(CLIENT_KEY)));
        assertThat(choose(both, NONE, CLIENT_KEY)).isEqualTo(new Passthrough(new ApiKey(CLIENT_KEY)));
        assertThat(choose(both, OAT, NONE)).isEqualTo(new Passthrough(new BearerToken(OAT, true)));
        assertThat(choose(both, NONE, SSO)).isEqualTo(new Passthrough(new BearerToken(SSO, false)));
        assertThat(choose(both, SSO, NONE)).isEqualTo(new Passthrough(new ApiKey(SSO)));
    }

    @Test
    void takesTheBearerBeforeTheKey() {
        assertThat(choose(both, CLIENT_KEY, OAT)).isEqualTo(new Passthrough(new BearerToken(OAT, true)));
        assertThat(choose(both, CLIENT_KEY, SSO)).isEqualTo(new Passthrough(new BearerToken(SSO, false)));
        assertThat(choose(both, SSO, CLIENT_KEY)).isEqualTo(new Passthrough(new ApiKey(CLIENT_KEY)));
        assertThat(choose(both, OAT, SSO)).isEqualTo(new Passthrough(new BearerToken(SSO, false)));
    }

    @Test
    void takesALoginBeforeAnApiKeyInWhicheverField() {
        assertThat(choose(both, OAT, CLIENT_KEY)).isEqualTo(new Passthrough(new BearerToken(OAT, true)));
    }

    @Test
    void takesTheFirstManagedCredentialWhenTheClientBroughtNone() {
        assertThat(choose(both, NONE, NONE)).isEqualTo(PRIMARY);
        assertThat(choose(new CredentialRule(true, List.of(LOGIN, KEY)), NONE, NONE))
                .isEqualTo(new Managed("login", new BearerToken(MANAGED_OAT, true)));
    }

    @Test
    void dropsWhatTheClientBroughtWherePassthroughIsOff() {
        assertThat(choose(managedOnly, NONE, OAT)).isEqualTo(PRIMARY);
        assertThat(choose(managedOnly, CLIENT_KEY, NONE)).isEqualTo(PRIMARY);
    }

    @Test
    void refusesWithoutAnyCredentialAndNamesTheSetting() {
        assertRefused(choose(ownOnly, NONE, NONE), 401, "upstream.credentials");
        assertRefused(choose(new CredentialRule(false, List.of()), CLIENT_KEY, OAT), 503, "upstream.credentials");
    }

    @Test
    void refusesWithoutAChallenge() {
        var refused = (Refused) choose(ownOnly, NONE, NONE);
        assertThat(refused.reply().fields()).noneMatch(field -> field.name().equalsIgnoreCase("www-authenticate"));
    }

    @Test
    void keepsToTheRightsOfTheClient() {
        var brings = client(Right.PASSTHROUGH);
        var uses = client(Right.MANAGED);
        assertThat(both.choose(brings, own(NONE, OAT))).isEqualTo(new Passthrough(new BearerToken(OAT, true)));
        assertRefused(both.choose(brings, own(NONE, NONE)), 401, "upstream.credentials");
        assertThat(both.choose(uses, own(NONE, OAT))).isEqualTo(PRIMARY);
        assertRefused(ownOnly.choose(uses, own(NONE, OAT)), 401, "upstream.credentials");
        assertRefused(managedOnly.choose(brings, own(NONE, OAT)), 401, "upstream.credentials");
    }

    @Test
    void neverSendsAManagedCredentialWhereOnlyTheCallersOwnMayGo() {
        assertThat(both.chooseOwn(Client.SHARED, own(NONE, OAT)))
                .isEqualTo(new Passthrough(new BearerToken(OAT, true)));
        assertRefused(both.chooseOwn(Client.SHARED, own(NONE, NONE)), 403, "own");
        assertRefused(both.chooseOwn(client(Right.MANAGED), own(NONE, OAT)), 403, "own");
        assertRefused(managedOnly.chooseOwn(Client.SHARED, own(NONE, OAT)), 403, "own");
    }

    private static CredentialChoice choose(CredentialRule rule, String apiKey, String bearer) {
        return rule.choose(Client.SHARED, own(apiKey, bearer));
    }

    private static OwnCredential own(String apiKey, String bearer) {
        return new OwnCredential(
                Optional.of(apiKey).filter(text -> !text.isEmpty()),
                Optional.of(bearer).filter(text -> !text.isEmpty()));
    }

    private static Client client(Right... rights) {
        return new Client("ci", Set.of(rights), List.of());
    }

    private static void assertRefused(CredentialChoice choice, int status, String word) {
        assertThat(choice).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reply().status()).isEqualTo(status);
            assertThat(refused.reply().message()).contains(word);
        });
    }
}
