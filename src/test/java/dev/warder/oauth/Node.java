package dev.warder.oauth;

import dev.warder.oauth.store.FileTokenStore;
import dev.warder.oauth.store.JdbcTokenStore;
import dev.warder.oauth.store.Logins;
import dev.warder.oauth.store.Patience;
import dev.warder.oauth.store.TokenStore;
import dev.warder.oauth.token.TokenEndpoint;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.postgresql.ds.PGPoolingDataSource;

/**
 * A process with the source of a login in a store that others share, which does what its input says, a line each:
 * {@code pass SECONDS} moves its clocks, {@code ask} wants a token. What it prints: {@code ready}, {@code passed},
 * {@code token VALUE} or {@code failed REASON}, and {@code at STEP} where it stops for ever.
 */
final class Node {
    private final SettableTime time = new SettableTime();
    private final TokenSource source;

    private Node(TokenStore store, URI tokenUrl) {
        source = source(store, tokenUrl, time);
    }

    /** A store's address, the token endpoint's, and perhaps the {@link StoppingStore.Step} where it stops. */
    public static void main(String[] arguments) throws Exception {
        var shared = store(arguments[0]);
        var store = arguments.length > 2
                ? new StoppingStore(shared, StoppingStore.Step.valueOf(arguments[2]), Node::stopForEver)
                : shared;
        var node = new Node(store, URI.create(arguments[1]));
        System.out.println("ready");
        try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(node.done(line));
            }
        }
    }

    /** The store at {@code file:PATH} or at the JDBC URL of a PostgreSQL database. */
    static TokenStore store(String address) {
        if (address.startsWith("file:")) {
            return new FileTokenStore(
                    Path.of(address.substring("file:".length())), Logins.PLAIN, Patience.ofThisThread());
        }
        return new JdbcTokenStore(pool(address), "team", Logins.PLAIN, Patience.ofThisThread());
    }

    /** A source of the login {@code team}. */
    static TokenSource source(TokenStore store, URI tokenUrl, SettableTime time) {
        var surroundings = LoginBench.surroundings(time);
        var logins = new StoredLogins("team", LoginBench.oauth(tokenUrl), store, new TokenEndpoint(surroundings));
        return new TokenSource("team", logins, surroundings);
    }

    private String done(String line) throws Exception {
        var words = line.split(" ");
        if (words[0].equals("pass")) {
            time.pass(Duration.ofSeconds(Long.parseLong(words[1])));
            return "passed";
        }
        try {
            return "token " + LoginBench.token(source.current());
        } catch (ExecutionException failed) {
            return "failed " + Objects.requireNonNull(failed.getCause()).getMessage();
        }
    }

    private static void stopForEver(StoppingStore.Step step) {
        System.out.println("at " + step);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }

    /** As containers have them: connections that are used again. */
    @SuppressWarnings("deprecation")
    private static PGPoolingDataSource pool(String url) {
        var pool = new PGPoolingDataSource();
        pool.setUrl(url);
        pool.setMaxConnections(3);
        return pool;
    }
}
