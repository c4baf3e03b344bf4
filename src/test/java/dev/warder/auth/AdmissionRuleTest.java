package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.http.Field;
import dev.warder.http.PresentedTokens;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is admitted, and which credential of the caller remains (rule "Access tokens are consumed"). */
class AdmissionRuleTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String SHARED = "s".repeat(20);
    private static final String OAT = "sk-" + "ant-oat01-" + "x".repeat(20);
    private static final String API_KEY = "sk-" + "ant-api03-" + "x".repeat(20);
    private static final String NONE = "";

    private final AccessToken named = AccessToken.generate(RANDOM);
    private final AccessToken expired = AccessToken.generate(RANDOM);
    private final AccessToken unknown = AccessToken.generate(RANDOM);
    private final AdmissionRule rule = new AdmissionRule(directory(), false, "X-Warder-Token");
    private final AdmissionRule open = new AdmissionRule(directory(), true, "X-Warder-Token");

    @Test
    void letsInByEachPlace() {
        assertLetIn(decide(SHARED, NONE, NONE), "shared", NONE, NONE);
        assertLetIn(decide(NONE, SHARED, NONE), "shared", NONE, NONE);
        assertLetIn(decide(NONE, NONE, SHARED), "shared", NONE, NONE);
        assertLetIn(decide(NONE, NONE, named.reveal()), "ci", NONE, NONE);
    }

    @Test
    void leavesAnUnknownBearerBesideAValidKeyToTheCaller() {
        assertLetIn(decide(NONE, SHARED, "wrong"), "shared", NONE, "wrong");
    }

    @Test
    void lets401StandWhenTheFirstPlaceIsWrongAndALaterOneRight() {
        assertRefused(decide(NONE, "wrong", SHARED), 401);
        assertRefused(decide("wrong", SHARED, NONE), 401);
        assertRefused(decide("wrong", NONE, SHARED), 401);
    }

    @Test
    void consumesTheSameTokenEverywhere() {
        assertLetIn(decide(NONE, SHARED, SHARED), "shared", NONE, NONE);
        assertLetIn(decide(SHARED, SHARED, SHARED), "shared", NONE, NONE);
        assertLetIn(decide(named.reveal(), NONE, named.reveal()), "ci", NONE, NONE);
    }

    @Test
    void refusesACallerWithoutAToken() {
        assertRefused(decide(NONE, NONE, NONE), 401);
    }

    @Test
    void refusesAWrongTokenWithoutRepeatingIt() {
        String wrong = "w".repeat(30);
        for (var admission : new CallerAdmission[] {decide(wrong, NONE, NONE), decide(NONE, wrong, NONE)}) {
            assertRefused(admission, 401);
            assertThat(((CallerAdmission.Refused) admission).reply().message()).doesNotContain(wrong);
        }
        assertRefused(decide(NONE, NONE, expired.reveal()), 401);
    }

    @Test
    void challengesWith401() {
        var refused = (CallerAdmission.Refused) decide(NONE, NONE, NONE);
        assertThat(refused.reply().fields())
                .contains(new Field("WWW-Authenticate", "Bearer realm=\"warder\""))
                .contains(new Field("x-should-retry", "false"));
    }

    @Test
    void leavesALoginBesideTheTokenToTheCaller() {
        assertLetIn(decide(SHARED, NONE, OAT), "shared", NONE, OAT);
        assertLetIn(decide(NONE, SHARED, OAT), "shared", NONE, OAT);
        assertLetIn(decide(SHARED, API_KEY, OAT), "shared", API_KEY, OAT);
    }

    @Test
    void passesOverAnAnthropicKeyToTheTokenBehindIt() {
        assertLetIn(decide(NONE, API_KEY, SHARED), "shared", API_KEY, NONE);
        assertLetIn(decide(API_KEY, NONE, SHARED), "shared", NONE, NONE);
        assertLetIn(decide(OAT, SHARED, NONE), "shared", NONE, NONE);
    }

    @Test
    void takesNoAnthropicCredentialForAnAccessToken() {
        assertRefused(decide(NONE, NONE, OAT), 401);
        assertRefused(decide(NONE, API_KEY, NONE), 401);
        assertRefused(decide(OAT, API_KEY, OAT), 401);
    }

    @Test
    void refusesTwoDifferentValidTokens() {
        assertRefused(decide(NONE, SHARED, named.reveal()), 400);
        assertRefused(decide(named.reveal(), SHARED, NONE), 400);
        assertRefused(decide(SHARED, NONE, named.reveal()), 400);
    }

    @Test
    void refusesAFieldWithTwoValues() {
        var twice = new PresentedTokens(Optional.empty(), Optional.of(SHARED), Optional.empty(), true);
        assertRefused(rule.decide(twice), 400);
        assertRefused(open.decide(twice), 400);
    }

    @Test
    void neverLeavesATokenOfItsOwnMakingToTheCaller() {
        assertRefused(decide(NONE, SHARED, unknown.reveal()), 401);
        assertRefused(decide(SHARED, expired.reveal(), NONE), 401);
        assertRefused(decide(SHARED, "wrd_" + "short", NONE), 401);
    }

    @Test
    void letsEverybodyInWhereItIsOpen() {
        assertLetIn(open.decide(tokens(NONE, NONE, NONE)), "open", NONE, NONE);
        assertLetIn(open.decide(tokens("any", API_KEY, OAT)), "open", API_KEY, OAT);
        assertLetIn(open.decide(tokens(NONE, "unknown", "other")), "open", "unknown", "other");
    }

    @Test
    void dropsTokensOfItsOwnMakingWhereItIsOpen() {
        assertLetIn(open.decide(tokens(NONE, unknown.reveal(), OAT)), "open", NONE, OAT);
        assertLetIn(open.decide(tokens(NONE, API_KEY, named.reveal())), "open", API_KEY, NONE);
    }

    @Test
    void showsNothingOfWhatRemainsAsText() {
        assertThat(decide(SHARED, API_KEY, OAT).toString()).doesNotContain(API_KEY, OAT, SHARED);
        assertThat(tokens(SHARED, API_KEY, OAT).toString()).doesNotContain(API_KEY, OAT, SHARED);
    }

    private CallerAdmission decide(String dedicated, String apiKey, String bearer) {
        return rule.decide(tokens(dedicated, apiKey, bearer));
    }

    private static PresentedTokens tokens(String dedicated, String apiKey, String bearer) {
        return new PresentedTokens(present(dedicated), present(apiKey), present(bearer), false);
    }

    private static Optional<String> present(String value) {
        return Optional.of(value).filter(text -> !text.isEmpty());
    }

    private static void assertRefused(CallerAdmission admission, int status) {
        assertThat(admission).isInstanceOfSatisfying(CallerAdmission.Refused.class, refused -> assertThat(
                        refused.reply().status())
                .isEqualTo(status));
    }

    private static void assertLetIn(CallerAdmission admission, String client, String apiKey, String bearer) {
        assertThat(admission).isInstanceOfSatisfying(CallerAdmission.Admitted.class, admitted -> {
            assertThat(admitted.client().name()).isEqualTo(client);
            assertThat(admitted.own()).isEqualTo(new OwnCredential(present(apiKey), present(bearer)));
        });
    }

    private ClientDirectory directory() {
        String lines = named.line("ci") + "\n" + expired.line("old") + " expires=2020-01-01T00:00:00Z\n";
        try {
            var file = ClientFile.parse(lines.getBytes(StandardCharsets.UTF_8));
            var now = Instant.parse("2026-11-20T00:00:00Z");
            return new ClientDirectory(
                    Optional.of(Secret.of(SHARED)),
                    () -> file,
                    new IssuedTokens(),
                    TokenHash.plain(),
                    () -> now,
                    Optional.empty());
        } catch (InvalidValueException broken) {
            throw new AssertionError(broken);
        }
    }
}
