package dev.warder.policy;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * The owners of access tokens in one version of the policy. Nodes with an older version need it in order to end
 * the requests of clients that were removed. It permits nothing. Immutable.
 *
 * @param version the version of the policy
 * @param clients the names of clients by the names of their tokens
 */
public record TokenOwners(Policy.Version version, Map<String, String> clients) {
    public static final TokenOwners NONE = new TokenOwners(Policy.Version.NONE, Map.of());

    /** Between two names, which never contain it. */
    private static final String BETWEEN = " ";

    public TokenOwners {
        clients = Map.copyOf(clients);
    }

    /** Reads what {@link #text} has written. A line without a client's name belongs to no client. */
    public static TokenOwners parse(Policy.Version version, String text) {
        return new TokenOwners(
                version,
                text.lines()
                        .map(line -> line.split(BETWEEN, 2))
                        .filter(names -> names.length == 2)
                        .collect(Collectors.toMap(names -> names[0], names -> names[1], (first, again) -> first)));
    }

    /** A line for each token: its name, a space, and the client's name. */
    public String text() {
        return clients.entrySet().stream()
                .map(each -> each.getKey() + BETWEEN + each.getValue())
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    public boolean has(String tokenName, String client) {
        return client.equals(clients.get(tokenName));
    }
}
