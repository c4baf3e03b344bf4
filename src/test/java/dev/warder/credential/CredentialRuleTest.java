package dev.warder.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.auth.OwnCredential;
import dev.warder.auth.Right;
import dev.warder.config.Secret;
import dev.warder.credential.CredentialChoice.Managed;
import dev.warder.credential.CredentialChoice.Passthrough;
import dev.warder.credential.CredentialChoice.Refused;
import dev.warder.credential.UpstreamCredential.ApiKey;
import dev.warder.credential.UpstreamCredential.BearerToken;
import dev.warder.http.ManagedAccess;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which credential goes upstream. */
class CredentialRuleTest {
    private static final String OAT = "sk-" + "ant-oat01-" + "c".repeat(20);
    private static final String CLIENT_KEY = "sk-" + "ant-api03-" + "c".repeat(20);
    private static final String MANAGED_KEY = "sk-" + "ant-api03-" + "m".repeat(20);
    private static final String MANAGED_OAT = "sk-" + "ant-oat01-" + "m".repeat(20);
    private static final String SSO = "sso-" + "c".repeat(20);
    private static final String NONE = "";

    private static final ManagedCredential.Fixed KEY =
            new ManagedCredential.Fixed("primary", 1, false, Secret.of(MANAGED_KEY));
    private static final ManagedCredential.Fixed LOGIN =
            new ManagedCredential.Fixed("login", 1, false, Secret.of(MANAGED_OAT));

    private final CredentialRule both = rule(true, KEY, LOGIN);
    private final CredentialRule ownOnly = rule(true);
    private final CredentialRule managedOnly = rule(false, KEY);

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
    void takesTheManagedCredentialsInTurnWhenTheClientBroughtNone() {
        assertManaged(choose(both, NONE, NONE), "primary", "login");
        assertManaged(choose(rule(true, LOGIN, KEY), NONE, NONE), "login", "primary");
    }

    @Test
    void dropsWhatTheClientBroughtWherePassthroughIsOff() {
        assertManaged(choose(managedOnly, NONE, OAT), "primary");
        assertManaged(choose(managedOnly, CLIENT_KEY, NONE), "primary");
    }

    @Test
    void refusesWithoutAnyCredentialAndNamesTheSetting() {
        assertRefused(choose(ownOnly, NONE, NONE), 401, "upstream.credentials");
        assertRefused(choose(rule(false), CLIENT_KEY, OAT), 503, "upstream.credentials");
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
        assertThat(both.choose(brings, own(NONE, OAT), ManagedAccess.SHARED, Optional.empty()))
                .isEqualTo(new Passthrough(new BearerToken(OAT, true)));
        assertRefused(
                both.choose(brings, own(NONE, NONE), ManagedAccess.SHARED, Optional.empty()),
                401,
                "upstream.credentials");
        assertManaged(both.choose(uses, own(NONE, OAT), ManagedAccess.SHARED, Optional.empty()), "primary", "login");
        assertRefused(
                ownOnly.choose(uses, own(NONE, OAT), ManagedAccess.SHARED, Optional.empty()),
                401,
                "upstream.credentials");
        assertRefused(
                managedOnly.choose(brings, own(NONE, OAT), ManagedAccess.SHARED, Optional.empty()),
                401,
                "upstream.credentials");
    }

    @Test
    void neverSendsAManagedCredentialWhereOnlyTheCallersOwnMayGo() {
        assertThat(choose(both, Client.SHARED, own(NONE, OAT), ManagedAccess.NEVER))
                .isEqualTo(new Passthrough(new BearerToken(OAT, true)));
        assertRefused(choose(both, Client.SHARED, own(NONE, NONE), ManagedAccess.NEVER), 403, "own");
        assertRefused(choose(both, client(Right.MANAGED), own(NONE, OAT), ManagedAccess.NEVER), 403, "own");
        assertRefused(choose(managedOnly, Client.SHARED, own(NONE, OAT), ManagedAccess.NEVER), 403, "own");
    }

    @Test
    void keepsTheWorkspaceForClientsWithTheRight() {
        var uses = client(Right.PASSTHROUGH, Right.MANAGED);
        var alone = client(Right.WORKSPACE);
        assertManaged(choose(both, Client.SHARED, own(NONE, NONE), ManagedAccess.WORKSPACE), "primary", "login");
        assertRefused(choose(both, uses, own(NONE, NONE), ManagedAccess.WORKSPACE), 403, "workspace");
        assertThat(choose(both, uses, own(NONE, OAT), ManagedAccess.WORKSPACE))
                .isEqualTo(new Passthrough(new BearerToken(OAT, true)));
        assertRefused(choose(managedOnly, uses, own(NONE, OAT), ManagedAccess.WORKSPACE), 403, "workspace");
        assertRefused(choose(ownOnly, uses, own(NONE, NONE), ManagedAccess.WORKSPACE), 401, "upstream.credentials");
        assertRefused(choose(both, alone, own(NONE, NONE), ManagedAccess.WORKSPACE), 401, "upstream.credentials");
    }

    private static CredentialChoice choose(
            CredentialRule rule, Client client, OwnCredential own, ManagedAccess access) {
        return rule.choose(client, own, access, Optional.empty());
    }

    private static CredentialChoice choose(CredentialRule rule, String apiKey, String bearer) {
        return rule.choose(Client.SHARED, own(apiKey, bearer), ManagedAccess.SHARED, Optional.empty());
    }

    private static OwnCredential own(String apiKey, String bearer) {
        return new OwnCredential(
                Optional.of(apiKey).filter(text -> !text.isEmpty()),
                Optional.of(bearer).filter(text -> !text.isEmpty()));
    }

    private static Client client(Right... rights) {
        return new Client("ci", Set.of(rights), List.of());
    }

    private static CredentialRule rule(boolean passthrough, ManagedCredential.Fixed... managed) {
        var entries = Stream.of(managed)
                .map(each -> new CredentialPool.Entry(CredentialSource.fixed(each), each.weight()))
                .toList();
        return new CredentialRule(
                passthrough,
                new CredentialPool(entries, PoolOrder.ORDERED, () -> 0, InstantSource.fixed(Instant.EPOCH)));
    }

    private static void assertManaged(CredentialChoice choice, String... names) {
        assertThat(choice).isInstanceOfSatisfying(Managed.class, managed -> {
            for (String name : names) {
                assertThat(managed.candidates().next().orElseThrow().source().name())
                        .isEqualTo(name);
            }
            assertThat(managed.candidates().next()).isEmpty();
        });
    }

    private static void assertRefused(CredentialChoice choice, int status, String word) {
        assertThat(choice).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reply().status()).isEqualTo(status);
            assertThat(refused.reply().message()).contains(word);
        });
    }
}
