package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Entries of clients in a policy; apostrophes stand for quotation marks. */
final class Entries {
    private Entries() {}

    /** The entry of {@code ada} with these members, in a policy whose team {@code blue} is limited to Sonnet. */
    static Policy.Entry of(String members) throws InvalidValueException {
        var live = policy(1, "{'name': 'ada', 'kind': 'person'" + (members.isEmpty() ? "" : ", " + members) + "}");
        var policy = live.current();
        return policy.entry(policy.principals().get(0).tokenNames().get(0)).orElseThrow();
    }

    /** A policy with these clients. */
    static LivePolicy policy(long version, String clients) throws InvalidValueException {
        var live = new LivePolicy(Optional.empty());
        put(live, version, clients);
        return live;
    }

    /** Puts another version into use. */
    static void put(LivePolicy live, long version, String clients) throws InvalidValueException {
        String text = "{'version': " + version
                + ", 'teams': [{'name': 'blue', 'models': ['claude-sonnet*']}], 'clients': [" + clients + "]}";
        live.accept(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
