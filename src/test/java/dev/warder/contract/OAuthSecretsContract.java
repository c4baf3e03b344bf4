package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.SecretScan;
import dev.warder.testkit.TokenServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A login through its whole life, well and badly, and nothing secret of it anywhere: secrets of which each part is searched for. */
class OAuthSecretsContract extends OAuthGroundContract {
    private static final String ADMIN = "admin-" + "operators".repeat(3);
    private static final String CLIENT_SECRET = "client-" + "secretly".repeat(3);
    private static final String IDENTITY = "identity-" + "platform".repeat(3);
    private static final String STORE_KEY =
            Base64.getEncoder().encodeToString("store-key-of-32-bytes-of-a-test!".getBytes(StandardCharsets.US_ASCII));
    private static final String CREDENTIALS = "/admin/credentials";

    private final List<String> secrets = new ArrayList<>(List.of(ADMIN, CLIENT_SECRET, IDENTITY, STORE_KEY));
    private final List<String> shown = new ArrayList<>();

    OAuthSecretsContract() {
        secrets.addAll(Arrays.asList(TokenServer.secrets()));
    }

    @Test
    void showsNoneOfItAnywhere() throws Exception {
        ground.log().plant(secrets.toArray(String[]::new));
        var container = deploy("secrets", secretive());
        logIn(container);
        useAndLose(container);
        look(container);
        // What only the token endpoint has seen is looked for in everything that was said so far.
        server.requests().forEach(request -> {
            var members = TokenServer.members(request);
            Stream.of("code", "code_verifier", "refresh_token", "assertion")
                    .flatMap(name -> Stream.ofNullable(members.get(name)))
                    .forEach(secrets::add);
        });
        assertThat(secrets).hasSizeGreaterThan(9);
        ground.log().plant(secrets.toArray(String[]::new));
        assertThat(ground.log().leaks()).isEmpty();
        var scan = new SecretScan(secrets);
        assertThat(shown).hasSizeGreaterThan(20).allSatisfy(text -> assertThat(scan.find(text))
                .isEmpty());
    }

    private Deployment secretive() throws Exception {
        var identity = Files.writeString(folder.resolve("identity"), IDENTITY);
        return login("sealed", "; ci=federation")
                .with("passthrough", "false")
                .with("oauth.format", "json")
                .with("oauth.authorizeUrl", "https://login.example/authorize")
                .with("oauth.redirectUri", "https://gateway.example/secrets/admin/credentials/callback")
                .withSecret("oauth.clientSecret", CLIENT_SECRET)
                .withSecret("oauth.storeKey", STORE_KEY)
                .withSecret("admin.token", ADMIN)
                .with("federation.tokenUrl", server.url().toString())
                .with("federation.ruleId", "the-rule")
                .with("federation.organizationId", "the-organization")
                .with("federation.identityToken", "file:" + identity);
    }

    private void logIn(Container container) throws Exception {
        var begun = administer(container, "POST", CREDENTIALS + "/team/login", 200);
        String url = Answers.json(begun).getString("authorizeUrl");
        String code = server.code(parameter(url, "code_challenge"));
        String back = CREDENTIALS + "/callback?code=" + code + "&state=" + parameter(url, "state");
        administer(container, "GET", CREDENTIALS + "/callback?code=" + code + "&state=another", 400);
        administer(container, "GET", back, 200);
        administer(container, "GET", back, 400);
        assertThat(Files.readString(store("sealed"))).startsWith("warder-login:");
    }

    /** Good and bad answers of the upstream and of the token endpoint, which says secrets back where it can. */
    private void useAndLose(Container container) throws Exception {
        said(container, 200);
        ground.upstream().next((request, reply) -> {
            String echo = request.fields().first("Authorization").orElseThrow();
            reply.field("request-id", "req_up").json(401, Messages.error("authentication_error", echo));
        });
        said(container, 200);
        administer(container, "POST", CREDENTIALS + "/team/refresh", 200);
        for (int status : new int[] {500, 400, 200}) {
            server.next((request, reply) -> reply.json(status, "{\"error\":\"" + request.text() + "\"}"));
            administer(container, "POST", CREDENTIALS + "/team/refresh", 502);
        }
        server.next((request, reply) -> reply.send("garbage " + request.text() + "\r\n\r\n"));
        administer(container, "POST", CREDENTIALS + "/team/refresh", 502);
        server.next((request, reply) -> reply.field("Location", server.url() + "?" + TokenServer.secrets()[0])
                .json(302, "{}"));
        administer(container, "POST", CREDENTIALS + "/team/refresh", 502);
        server.next((request, reply) -> reply.json(
                400, "{\"error\":\"invalid_grant\",\"error_description\":" + Messages.quoted(request.text()) + "}"));
        administer(container, "POST", CREDENTIALS + "/team/refresh", 502);
        said(container, 200);
        ground.upstream().next((request, reply) -> reply.json(401, Messages.error("authentication_error", "no")));
        said(container, 502);
        store("sealed", "{\"access_token\":\"" + TokenServer.foreign(7) + "\",\"expires_at\":}");
        administer(container, "GET", CREDENTIALS, 200);
    }

    private void look(Container container) throws Exception {
        var page = administration(container, "GET", CREDENTIALS).field("Accept", "text/html");
        assertThat(shown(Ground.send(container, page)).text()).contains("<html");
        // A file that is no login is left to the operator.
        administer(container, "POST", CREDENTIALS + "/team/logout", 502);
        for (var path : List.of("/health", "/health/live", "/health/ready", CREDENTIALS, "/admin/login", "/metrics")) {
            shown(get(container, path));
        }
        Thread.getAllStackTraces().keySet().forEach(thread -> shown.add(thread.getName()));
        shown.add(Beans.text());
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                shown.add(file.getFileName().toString());
                if (file.toString().endsWith(".lock")) {
                    shown.add(Files.readString(file));
                }
            }
        }
    }

    private void said(Container container, int status) throws Exception {
        assertThat(shown(ask(container)).status()).isEqualTo(status);
    }

    private RawResponse administer(Container container, String method, String path, int status) throws Exception {
        var answer = shown(Ground.send(container, administration(container, method, path)));
        assertThat(answer.status()).as(path + ": " + answer).isEqualTo(status);
        return answer;
    }

    private static RawRequest administration(Container container, String method, String path) {
        return Ground.request(container, method, path).field("Authorization", "Bearer " + ADMIN);
    }

    private RawResponse shown(RawResponse answer) {
        shown.add(answer.toString());
        return answer;
    }

    private static String parameter(String url, String name) {
        return Pattern.compile("&")
                .splitAsStream(URI.create(url).getRawQuery())
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .collect(Collectors.joining());
    }
}
