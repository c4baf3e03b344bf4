package dev.warder.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.json.JsonTree;
import jakarta.json.JsonString;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An authorization server on a free port of 127.0.0.1: a token endpoint, which takes forms and JSON, and an endpoint for browsers,
 * which logs each of them in. A refresh token counts once: one that comes again revokes every token of its login, as an endpoint
 * does that takes it for stolen. Thread-safe.
 */
public final class TokenServer implements AutoCloseable {
    private static final String ACCESS = "sk-" + "ant-oat01-" + "a".repeat(24);
    private static final String REFRESH = "sk-" + "ant-ort01-" + "r".repeat(24);
    private static final String CODE = "code-of-a-login-";
    private static final String AUTHORIZE = "/oauth/authorize";

    private final ScriptedUpstream http;
    private final Tally refreshes = new Tally();
    private final Tally reuses = new Tally();

    /** Refresh tokens and the login that each belongs to, used ones too. */
    @GuardedBy("this")
    private final Map<String, Integer> families = new HashMap<>();

    @GuardedBy("this")
    private final Map<String, Integer> accessTokens = new HashMap<>();

    @GuardedBy("this")
    private final Set<String> used = new HashSet<>();

    @GuardedBy("this")
    private final Set<Integer> revoked = new HashSet<>();

    @GuardedBy("this")
    private final Map<String, Asked> codes = new HashMap<>();

    @GuardedBy("this")
    private int count;

    private volatile String expiresIn = "28800";
    private volatile boolean rotating = true;

    /** What a code was asked for with: its {@code S256} challenge, and the address if a browser asked. */
    private record Asked(String challenge, Optional<String> redirectUri) {
        boolean isMetBy(Map<String, String> members) {
            return challenge.equals(s256(members.getOrDefault("code_verifier", "")))
                    && redirectUri
                            .map(uri -> uri.equals(members.getOrDefault("redirect_uri", "")))
                            .orElse(true);
        }
    }

    private TokenServer(ScriptedUpstream http) {
        this.http = http;
    }

    /** Starts one. */
    public static TokenServer start() throws IOException {
        var server = new TokenServer(ScriptedUpstream.plain());
        server.http.script(server::answer);
        return server;
    }

    /** How every access token, refresh token and code begins, by which each of them is found where it should not be. */
    public static String[] secrets() {
        return new String[] {ACCESS, REFRESH, CODE};
    }

    /** An access token like those that it gives, which it does not know. */
    public static String foreign(int number) {
        return ACCESS + String.format("%06d", 900_000 + number);
    }

    /** The address for {@code oauth.tokenUrl}. */
    public URI url() {
        return http.uri().resolve("/oauth/token");
    }

    /** The address for {@code oauth.authorizeUrl}. */
    public URI authorizeUrl() {
        return http.uri().resolve(AUTHORIZE);
    }

    /** Sets {@code expires_in} of the tokens to come, as it stands in the JSON; empty leaves it out. */
    public TokenServer expiresIn(String json) {
        expiresIn = json;
        return this;
    }

    /** Lets a refresh token count for ever, with answers that bring none. */
    public TokenServer withoutRotation() {
        rotating = false;
        return this;
    }

    /** Queues another answer to one coming request. */
    public TokenServer next(Script script) {
        http.next(script);
        return this;
    }

    /** Queues a stall: the next request is answered when the latch is open. */
    public TokenServer stall(CountDownLatch latch) {
        return next((request, reply) -> {
            reply.await(latch);
            answer(request, reply);
        });
    }

    /** Queues a loss on the way: the next request is decided on at once, and its answer waits for the latch. */
    public TokenServer keepBack(CountDownLatch latch) {
        return next((request, reply) -> {
            String answer = decide(members(request));
            reply.await(latch);
            send(answer, reply);
        });
    }

    /** A new login's refresh token. */
    public synchronized String login() {
        count++;
        return refreshToken(count);
    }

    /** Revokes the login that this refresh token belongs to. */
    public synchronized void revoke(String refreshToken) {
        revoked.add(families.get(refreshToken));
    }

    /** An authorization code that was asked for with this {@code S256} challenge. */
    public String code(String challenge) {
        return code(new Asked(challenge, Optional.empty()));
    }

    private synchronized String code(Asked asked) {
        count++;
        String code = CODE + count;
        codes.put(code, asked);
        return code;
    }

    /** Whether an upstream would take this access token. */
    public synchronized boolean knows(String accessToken) {
        var family = accessTokens.get(accessToken);
        return family != null && !revoked.contains(family);
    }

    /** How often a refresh token was exchanged. */
    public Tally refreshes() {
        return refreshes;
    }

    /** How often one came that had been used before. */
    public Tally reuses() {
        return reuses;
    }

    /** Every request so far. */
    public List<RecordedRequest> requests() {
        return http.requests();
    }

    /** Waits for the next request that was not waited for yet. */
    public void awaitRequest() throws InterruptedException {
        http.take();
    }

    /** The members of a request's body. */
    public static Map<String, String> members(RecordedRequest request) {
        String body = request.text();
        if (body.startsWith("{")) {
            return JsonTree.parseObject(body).orElseThrow().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, each -> ((JsonString) each.getValue()).getString()));
        }
        return form(body);
    }

    private static Map<String, String> form(String text) {
        var members = new LinkedHashMap<String, String>();
        Stream.of(text.split("&"))
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> members.put(decoded(pair[0]), decoded(pair[1])));
        return members;
    }

    @Override
    public void close() throws IOException {
        http.close();
    }

    private void answer(RecordedRequest request, Reply reply) throws IOException {
        if (request.path().equals(AUTHORIZE)) {
            sendBack(form(request.target().split("\\?", 2)[1]), reply);
            return;
        }
        send(decide(members(request)), reply);
    }

    /** Sends the browser back with a code (RFC 6749, section 4.1.2), if all is there that RFC 6749 and RFC 7636 ask for. */
    private void sendBack(Map<String, String> query, Reply reply) throws IOException {
        String to = query.getOrDefault("redirect_uri", "");
        String challenge = query.getOrDefault("code_challenge", "");
        String state = query.getOrDefault("state", "");
        if (!"code".equals(query.get("response_type"))
                || !"S256".equals(query.get("code_challenge_method"))
                || !query.containsKey("client_id")
                || to.isEmpty()
                || challenge.isEmpty()
                || state.isEmpty()) {
            reply.json(400, "{\"error\":\"invalid_request\"}");
            return;
        }
        String code = code(new Asked(challenge, Optional.of(to)));
        String location = to + "?code=" + code + "&state=" + URLEncoder.encode(state, StandardCharsets.UTF_8);
        reply.status(302).field("Location", location).length(0);
    }

    /** The token answer; empty for a refusal. */
    private String decide(Map<String, String> members) {
        return switch (members.getOrDefault("grant_type", "")) {
            case "refresh_token" -> refreshed(members.getOrDefault("refresh_token", ""));
            case "authorization_code" -> loggedIn(members);
            case "urn:ietf:params:oauth:grant-type:jwt-bearer" -> exchanged();
            default -> "";
        };
    }

    private static void send(String answer, Reply reply) throws IOException {
        reply.json(answer.isEmpty() ? 400 : 200, answer.isEmpty() ? "{\"error\":\"invalid_grant\"}" : answer);
    }

    private synchronized String refreshed(String refreshToken) {
        var family = families.get(refreshToken);
        if (family == null || revoked.contains(family)) {
            return "";
        }
        if (rotating && !used.add(refreshToken)) {
            revoked.add(family);
            reuses.add(1);
            return "";
        }
        refreshes.add(1);
        return tokens(family, rotating);
    }

    private synchronized String loggedIn(Map<String, String> members) {
        var asked = codes.remove(members.getOrDefault("code", ""));
        if (asked == null || !asked.isMetBy(members)) {
            return "";
        }
        count++;
        return tokens(count, true);
    }

    private synchronized String exchanged() {
        count++;
        return tokens(count, false);
    }

    @GuardedBy("this")
    private String tokens(int family, boolean withRefreshToken) {
        count++;
        String access = ACCESS + String.format("%06d", count);
        accessTokens.put(access, family);
        return "{\"access_token\":\"" + access + "\",\"token_type\":\"Bearer\""
                + (expiresIn.isEmpty() ? "" : ",\"expires_in\":" + expiresIn)
                + (withRefreshToken ? ",\"refresh_token\":\"" + refreshToken(family) + "\"" : "")
                + ",\"scope\":\"user:inference user:profile\",\"account\":{\"email_address\":\"ops@example.com\"}"
                + ",\"organization\":{\"name\":\"Example\"}}";
    }

    @GuardedBy("this")
    private String refreshToken(int family) {
        count++;
        String token = REFRESH + String.format("%06d", count);
        families.put(token, family);
        return token;
    }

    private static String s256(String verifier) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
