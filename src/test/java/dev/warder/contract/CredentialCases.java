package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static dev.warder.contract.Contract.MANAGED_KEY;
import static dev.warder.contract.Contract.OWN_KEY;
import static dev.warder.contract.Contract.OWN_OAUTH;
import static dev.warder.contract.CredentialCase.Outcome.asBearer;
import static dev.warder.contract.CredentialCase.Outcome.asKey;
import static dev.warder.contract.CredentialCase.Outcome.asOauth;
import static dev.warder.contract.CredentialCase.Outcome.challenged;
import static dev.warder.contract.CredentialCase.Outcome.refused;
import static dev.warder.contract.CredentialCase.bearer;
import static dev.warder.contract.CredentialCase.beta;
import static dev.warder.contract.CredentialCase.dedicated;
import static dev.warder.contract.CredentialCase.key;
import static dev.warder.contract.CredentialCase.row;
import static dev.warder.contract.CredentialCase.sends;
import static dev.warder.contract.Setup.*;

import dev.warder.contract.CredentialCase.Refused;
import dev.warder.testkit.Field;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rows of the auth matrix that any endpoint can show, A by the number they have there, W those of our own. Where the
 * matrix has no access token and yet accepts, everybody may call.
 */
final class CredentialCases {
    /** A login of a kind that Warder does not know. */
    static final String SSO = "sso-" + "clients2".repeat(4);

    private static final String WRONG = "wrong-" + "guesses0".repeat(3);
    private static final String FORGED = "wrd_" + "abcdefgh_" + "a2".repeat(29) + "b";
    private static final String UNTOUCHED = "interleaved-thinking-2025-05-14, fine-grained";
    private static final String MARKED = "x,oauth-2025-04-20,y";

    private CredentialCases() {}

    static Stream<CredentialCase> rows() {
        return Stream.of(withoutTokens(), readings(), withTokens(), betas(), ours())
                .flatMap(List::stream);
    }

    private static List<CredentialCase> withoutTokens() {
        return List.of(
                row("A01", OPEN_KEY, sends(bearer(OWN_OAUTH)), asOauth(OWN_OAUTH)),
                row("A02", OPEN_KEY, sends(key(OWN_KEY)), asKey(OWN_KEY)),
                row("A03", OPEN_KEY, sends(), asKey(MANAGED_KEY)),
                row("A04", OPEN_OAUTH, sends(), asOauth(MANAGED_OAUTH)),
                row("A05", OPEN_NONE, sends(), refused(401, "authentication_error", "upstream.credentials")),
                row("A06", OPEN_KEY, sends(bearer(OWN_OAUTH), key(OWN_KEY)), asOauth(OWN_OAUTH)),
                row("A07", OPEN_KEY, sends(bearer(OWN_KEY)), asKey(OWN_KEY)),
                row("A08", OPEN_NONE, sends(bearer(OWN_OAUTH)), asOauth(OWN_OAUTH)),
                row("A09", OPEN_KEY, sends(key(OWN_OAUTH)), asOauth(OWN_OAUTH)),
                row("A10", OPEN_KEY, sends(bearer(SSO)), asBearer(SSO)),
                row("A11", OPEN_KEY, sends(key(SSO)), asKey(SSO)),
                row("A12 passed", OPEN_OAUTH, sends(bearer("not-used")), asBearer("not-used")),
                row("A12 dropped", OPEN_OAUTH_ONLY, sends(bearer("not-used")), asOauth(MANAGED_OAUTH)),
                row("A13", OPEN_OAUTH_ONLY, sends(bearer(OWN_OAUTH)), asOauth(MANAGED_OAUTH)),
                row("A14", OPEN_KEY_ONLY, sends(key(OWN_KEY)), asKey(MANAGED_KEY)),
                row("A27", UNSET, sends(), unset()),
                row("A27 key", UNSET, sends(key(OWN_KEY)), unset()),
                row("A41", OPEN_OAUTH, sends(key("")), asOauth(MANAGED_OAUTH)));
    }

    private static List<CredentialCase> readings() {
        return List.of(
                row("A15", OPEN_KEY, sends(new Field("authorization", "bearer  " + OWN_OAUTH)), asOauth(OWN_OAUTH)),
                row(
                        "A16 joined",
                        OPEN_KEY,
                        sends(new Field("Authorization", "Bearer" + OWN_OAUTH)),
                        asKey(MANAGED_KEY)),
                row("A16 basic", OPEN_KEY, sends(new Field("Authorization", "Basic dTpw")), asKey(MANAGED_KEY)),
                row("A17", OPEN_KEY, sends(bearer(""), key("")), asKey(MANAGED_KEY)),
                row("A18 key", OPEN_KEY, sends(new Field("X-API-KEY", OWN_KEY)), asKey(OWN_KEY)),
                row("A18 bearer", OPEN_KEY, sends(new Field("AUTHORIZATION", "BEARER " + SSO)), asBearer(SSO)),
                row("A18 token", TOKEN_KEY, sends(new Field("x-wArDeR-tOkEn", ACCESS_TOKEN)), asKey(MANAGED_KEY)));
    }

    private static List<CredentialCase> withTokens() {
        return List.of(
                row("A19", TOKEN_KEY, sends(key(ACCESS_TOKEN)), asKey(MANAGED_KEY)),
                row("A20", TOKEN_KEY, sends(bearer(ACCESS_TOKEN)), asKey(MANAGED_KEY)),
                row("A21", TOKEN_KEY, sends(key(ACCESS_TOKEN), bearer(SSO)), asBearer(SSO)),
                row("A22", TOKEN_KEY, sends(key(WRONG), bearer(ACCESS_TOKEN)), challenged()),
                row("A23", TOKEN_KEY, sends(key(""), bearer(ACCESS_TOKEN)), asKey(MANAGED_KEY)),
                row("A24", TOKEN_KEY, sends(key(ACCESS_TOKEN), bearer(ACCESS_TOKEN)), asKey(MANAGED_KEY)),
                row("A25", TOKEN_KEY, sends(), challenged()),
                row("A26 key", TOKEN_KEY, sends(key(WRONG)), challenged()),
                row("A26 bearer", TOKEN_KEY, sends(bearer(WRONG)), challenged()),
                row("A28", TOKEN_KEY, sends(dedicated(ACCESS_TOKEN), bearer(OWN_OAUTH)), asOauth(OWN_OAUTH)),
                row("A29", TOKEN_KEY, sends(dedicated("Bearer " + ACCESS_TOKEN), key(OWN_KEY)), asKey(OWN_KEY)),
                row("A30", TOKEN_KEY, sends(key(ACCESS_TOKEN), bearer(OWN_OAUTH)), asOauth(OWN_OAUTH)),
                row("A31", TOKEN_KEY, sends(bearer(ACCESS_TOKEN), key(OWN_KEY)), asKey(OWN_KEY)),
                row("A32", TOKEN_KEY, sends(dedicated(WRONG), key(ACCESS_TOKEN)), challenged()),
                row("A33", TOKEN_KEY, sends(bearer(OWN_OAUTH)), challenged()),
                row("A34", TOKEN_NONE, sends(key(ACCESS_TOKEN)), noCredential()),
                new CredentialCase("A50", TOKEN_KEY, "?key=" + ACCESS_TOKEN, sends(), challenged()),
                new CredentialCase("A50", TOKEN_KEY, "?beta=true", sends(key(ACCESS_TOKEN)), asKey(MANAGED_KEY)));
    }

    private static List<CredentialCase> betas() {
        return List.of(
                row(
                        "A35",
                        OPEN_KEY,
                        sends(bearer(OWN_OAUTH), beta("x,y")),
                        beta(asOauth(OWN_OAUTH), "x,y,oauth-2025-04-20")),
                row("A36", OPEN_KEY, sends(bearer(OWN_OAUTH), beta(MARKED)), beta(asOauth(OWN_OAUTH), MARKED)),
                row("A37", OPEN_KEY, sends(key(OWN_KEY), beta(UNTOUCHED)), beta(asKey(OWN_KEY), UNTOUCHED)),
                row("A37 managed", OPEN_KEY, sends(beta("x")), beta(asKey(MANAGED_KEY), "x")),
                row("A38", OPEN_KEY, sends(beta("x,y"), beta("z")), beta(asKey(MANAGED_KEY), "x,y,z")),
                row(
                        "A38 oauth",
                        OPEN_OAUTH,
                        sends(beta("x"), beta("y")),
                        beta(asOauth(MANAGED_OAUTH), "x,y,oauth-2025-04-20")),
                row(
                        "A39",
                        OPEN_KEY,
                        sends(new Field("Anthropic-Version", "2023-01-01")),
                        asKey(MANAGED_KEY).version("2023-01-01")),
                row("A40", OPEN_OAUTH, sends(bearer(OWN_KEY)), asKey(OWN_KEY)),
                row(
                        "A48",
                        OPEN_KEY,
                        sends(
                                new Field("X-Forwarded-For", "10.0.0.1"),
                                new Field("CF-Connecting-IP", "10.0.0.1"),
                                new Field("Cookie", "a=b")),
                        asKey(MANAGED_KEY)),
                row(
                        "A49",
                        OPEN_KEY,
                        sends(new Field("Connection", "x-foo"), new Field("x-foo", "1")),
                        asKey(MANAGED_KEY)));
    }

    private static List<CredentialCase> ours() {
        return List.of(
                row("W01 bearer:", OPEN_BEARER, sends(), asBearer(MANAGED_BEARER)),
                row("W02 two logins", OPEN_KEY, sends(bearer(OWN_KEY), key(OWN_OAUTH)), asOauth(OWN_OAUTH)),
                row("W03 two keys", OPEN_KEY, sends(key(OWN_KEY), key(OWN_KEY)), asKey(OWN_KEY)),
                row("W04 different keys", OPEN_KEY, sends(key(OWN_KEY), key(SSO)), twice()),
                row("W05 different bearers", TOKEN_KEY, sends(bearer(ACCESS_TOKEN), bearer(OWN_OAUTH)), twice()),
                row("W06 different tokens", TOKEN_KEY, sends(dedicated(ACCESS_TOKEN), dedicated(WRONG)), twice()),
                row("W07 leftover", TOKEN_KEY, sends(key(ACCESS_TOKEN), bearer(FORGED)), challenged()),
                row(
                        "W08 three times",
                        TOKEN_KEY,
                        sends(dedicated(ACCESS_TOKEN), key(ACCESS_TOKEN), bearer(ACCESS_TOKEN)),
                        asKey(MANAGED_KEY)),
                row("W09 dedicated key", TOKEN_KEY, sends(dedicated(OWN_KEY), key(ACCESS_TOKEN)), asKey(MANAGED_KEY)),
                row("W10 own only", TOKEN_KEY_ONLY, sends(key(ACCESS_TOKEN), bearer(OWN_OAUTH)), asKey(MANAGED_KEY)),
                row(
                        "W11 nothing",
                        TOKEN_NOTHING,
                        sends(key(ACCESS_TOKEN)),
                        refused(503, "api_error", "upstream.credentials")),
                row("W13 unknown", OPEN_UNKNOWN, sends(), asKey(MANAGED_BEARER)),
                row("W12 basic", TOKEN_KEY, sends(new Field("Authorization", "Basic dTpw")), challenged()));
    }

    private static Refused unset() {
        return refused(503, "api_error", "clients.token");
    }

    private static Refused noCredential() {
        return refused(401, "authentication_error", "upstream.credentials");
    }

    private static Refused twice() {
        return refused(400, "invalid_request_error", "twice");
    }
}
