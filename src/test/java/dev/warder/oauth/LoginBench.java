package dev.warder.oauth;

import dev.warder.auth.Client;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.UpstreamCredential;
import dev.warder.oauth.CredentialControl.ControlException;
import dev.warder.testkit.TokenServer;
import dev.warder.upstream.Outbound;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The source of a login over a store in memory and a token endpoint, at a time that stands still. */
final class LoginBench implements AutoCloseable {
    final SettableTime time = new SettableTime();
    final MemoryStore store = new MemoryStore();
    final TokenServer server;
    final TokenSource source;
    final CredentialControl control;

    LoginBench() throws IOException {
        server = TokenServer.start();
        var resources = resources(time);
        var issuer = new StoredLogins("team", oauth(server.url()), store, resources.endpoint());
        source = new TokenSource("team", issuer, resources);
        control = source;
    }

    static TokenSources.Resources resources(SettableTime time) {
        ThreadFactory threads = task -> {
            var thread = new Thread(task, "oauth-test");
            thread.setDaemon(true);
            return thread;
        };
        return new TokenSources.Resources(Outbound.DIRECT, threads, time, time::nanoTime, new SecureRandom());
    }

    static OAuthSettings oauth(URI tokenUrl) {
        return new OAuthSettings(
                Optional.of(URI.create("https://login.example/authorize")),
                tokenUrl,
                "the client",
                Optional.empty(),
                List.of("user:inference", "user:profile"),
                Optional.of(URI.create("https://gateway.example/admin/credentials/callback")),
                new OAuthSettings.Store(Optional.of(Path.of("unused")), Optional.empty(), false),
                OAuthSettings.Format.FORM);
    }

    /** Stores a login of the server's whose access token ends after this time; returns it. */
    OAuthToken login(String name, Duration left) {
        return login(name, left, Optional.empty());
    }

    OAuthToken login(String name, Duration left, Optional<Duration> lifetime) {
        var token = new OAuthToken(
                access(name),
                Optional.of(server.login()),
                time.instant().plus(left),
                lifetime,
                List.of("user:inference"),
                Optional.empty());
        store.put(token);
        return token;
    }

    static String access(String name) {
        return "sk-" + "ant-oat01-" + name + "-".repeat(26);
    }

    /** What callers get now, waiting for it. */
    String value() throws Exception {
        return value(source.current(Client.OPEN));
    }

    String value(CompletionStage<UpstreamCredential> stage) throws Exception {
        return token(stage);
    }

    /** The token that comes of it, waiting for it. */
    static String token(CompletionStage<UpstreamCredential> stage) throws Exception {
        return ((UpstreamCredential.BearerToken) done(stage)).value();
    }

    String inPlaceOf(String value) throws Exception {
        return value(source.inPlaceOf(new UpstreamCredential.BearerToken(value, true)));
    }

    /** Why callers get nothing now. */
    CredentialSource.UnavailableException failure(CompletionStage<UpstreamCredential> stage) throws Exception {
        try {
            throw new AssertionError("there is a value " + done(stage));
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof CredentialSource.UnavailableException why) {
                return why;
            }
            throw failed;
        }
    }

    static <T> T done(CompletionStage<T> stage) throws ExecutionException, InterruptedException, TimeoutException {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Waits until everything that was begun has come to its end. */
    void settle() throws Exception {
        done(source.operate(() -> {
                    throw new ControlException("a barrier");
                })
                .exceptionally(barrier -> null));
    }

    /** One turn of the timer, with what it begins. */
    void tick() throws Exception {
        source.tick();
        settle();
    }

    @Override
    public void close() throws IOException {
        source.close();
        server.close();
    }
}
