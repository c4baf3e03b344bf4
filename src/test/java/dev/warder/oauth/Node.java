package dev.warder.oauth;

import dev.warder.auth.Client;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

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
        var shared = SharedStores.at(arguments[0]);
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

    /** A source of the login {@code team}. */
    static TokenSource source(TokenStore store, URI tokenUrl, SettableTime time) {
        var resources = LoginBench.resources(time);
        var logins = new StoredLogins("team", LoginBench.oauth(tokenUrl), store, resources.endpoint());
        return new TokenSource("team", logins, resources);
    }

    private String done(String line) throws Exception {
        var words = line.split(" ");
        if (words[0].equals("pass")) {
            time.pass(Duration.ofSeconds(Long.parseLong(words[1])));
            return "passed";
        }
        try {
            return "token " + LoginBench.token(source.current(Client.OPEN));
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
}
