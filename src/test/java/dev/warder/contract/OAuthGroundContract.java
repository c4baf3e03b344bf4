package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.TokenServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Ground for contracts about the login {@code team} of the operator's OAuth client, with a token endpoint for each test. */
abstract class OAuthGroundContract extends GroundContract {
    static final String OAUTH_BETA = "oauth-2025-04-20";

    /** A request's body. */
    static final String QUESTION = "{\"model\":\"claude-x\",\"max_tokens\":9,\"messages\":[]}";

    /** In the year 2100, in seconds. */
    static final long FAR = 4_102_444_800L;

    /** In the year 2020. */
    static final long PAST = 1_577_836_800L;

    /** The token endpoint of this test. */
    TokenServer server = startServer();

    @BeforeAll
    final void plant() {
        log.plant(TokenServer.secrets());
    }

    @BeforeEach
    final void newServer() throws IOException {
        server.close();
        server = startServer();
        log.clear();
    }

    @AfterEach
    final void noTokenWasUsedTwice() {
        assertThat(server.reuses().value()).isZero();
    }

    @AfterAll
    final void remove() throws IOException {
        server.close();
    }

    /** Where the login of the deployment of this name is kept. */
    final Path store(String name) {
        return folder.resolve(name);
    }

    /** Puts a file into the store as a whole, as other processes do. */
    final void store(String name, String content) throws IOException {
        var written = Files.writeString(folder.resolve(name + ".new"), content);
        Files.move(written, store(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** A login of this token endpoint with an access token that it never gave. */
    final String login(int number, long expiry) {
        return "{\"access_token\":\"" + TokenServer.foreign(number) + "\",\"refresh_token\":\"" + server.login()
                + "\",\"expires_at\":" + expiry + "}";
    }

    /** A deployment whose first credential is the login. */
    final Deployment login(String name, String others) {
        return oauth(others).with("oauth.store", "file:" + store(name));
    }

    /** The same without its place. */
    final Deployment oauth(String others) {
        return ground.guarded()
                .with("upstream.credentials", "team=oauth" + others)
                .withJndi("warder/secret.spare", MANAGED_KEY)
                .with("oauth.tokenUrl", server.url().toString())
                .with("oauth.clientId", "the-client");
    }

    final Container deploy(String name, Deployment deployment) throws Exception {
        return deployed(name, deployment);
    }

    static RawRequest question(Container container) {
        return authenticated(container, "POST", "/v1/messages").json(QUESTION);
    }

    static RawResponse ask(Container container) throws IOException {
        return send(container, question(container));
    }

    /** The same with the access token. */
    static RawResponse known(Container container, String path) throws IOException {
        return send(container, authenticated(container, "GET", path));
    }

    static RawResponse get(Container container, String path) throws IOException {
        return send(container, request(container, "GET", path));
    }

    /** The token that went upstream, alone. */
    static String token(RecordedRequest sent) {
        assertThat(sent.fields().has("x-api-key")).isFalse();
        var values = sent.fields().values("Authorization");
        assertThat(values).singleElement().asString().startsWith("Bearer ");
        return values.get(0).substring("Bearer ".length());
    }

    /** Waits for a line that begins so. */
    final String line(Level level, String words) throws Exception {
        var line = log.await("dev.warder", text -> text.contains(words), SOON);
        assertThat(line.level()).isEqualTo(level);
        return line.text();
    }

    final List<String> lines(Level from) {
        return texts("dev.warder", from);
    }

    private static TokenServer startServer() {
        try {
            return TokenServer.start();
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    /** The value of one parameter of a query; empty without it. */
    static String parameter(String url, String name) {
        return Pattern.compile("&")
                .splitAsStream(URI.create(url).getRawQuery())
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .collect(Collectors.joining());
    }
}
