package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;

/** The configurations of the auth matrix: who may call, whether clients' own credentials pass, which one is managed. */
enum Setup {
    /** Nobody may call; a managed key. */
    UNSET,
    /** Everybody may call, and nothing is managed. */
    OPEN_NONE,
    /** Everybody may call; a managed key. */
    OPEN_KEY,
    /** Everybody may call; a managed OAuth token. */
    OPEN_OAUTH,
    /** Everybody may call; a managed token that must travel as a bearer token. */
    OPEN_BEARER,
    /** Everybody may call; a managed token of no kind that Warder knows. */
    OPEN_UNKNOWN,
    /** The same as {@link #OPEN_KEY} with {@code passthrough=false}. */
    OPEN_KEY_ONLY,
    /** The same as {@link #OPEN_OAUTH} with {@code passthrough=false}. */
    OPEN_OAUTH_ONLY,
    /** With a shared access token and a managed key, by the files of {@code conf/}. */
    TOKEN_KEY,
    /** The same with {@code passthrough=false}. */
    TOKEN_KEY_ONLY,
    /** With a shared access token, and nothing is managed. */
    TOKEN_NONE,
    /** With a shared access token, nothing is managed, and {@code passthrough=false}. */
    TOKEN_NOTHING;

    /** A managed OAuth token as the API makes them. */
    static final String MANAGED_OAUTH = "sk-" + "ant-oat01-" + "managed1".repeat(5);

    /** A managed token of no kind that Warder knows. */
    static final String MANAGED_BEARER = "corporate-" + "managed2".repeat(3);

    /** The shared container with this configuration. */
    Container on(Ground ground) throws Exception {
        return ground.shared(deployment(ground));
    }

    private Deployment deployment(Ground ground) {
        return switch (this) {
            case UNSET -> managed(ground.bare(), "", Contract.MANAGED_KEY);
            case OPEN_NONE -> open(ground);
            case OPEN_KEY -> managed(open(ground), "", Contract.MANAGED_KEY);
            case OPEN_OAUTH -> managed(open(ground), "", MANAGED_OAUTH);
            case OPEN_BEARER -> managed(open(ground), "bearer:", MANAGED_BEARER);
            case OPEN_UNKNOWN -> managed(open(ground), "", MANAGED_BEARER);
            case OPEN_KEY_ONLY -> OPEN_KEY.deployment(ground).with("passthrough", "false");
            case OPEN_OAUTH_ONLY -> OPEN_OAUTH.deployment(ground).with("passthrough", "false");
            case TOKEN_KEY -> ground.usual();
            case TOKEN_KEY_ONLY -> ground.usual().with("passthrough", "false");
            case TOKEN_NONE -> ground.guarded();
            case TOKEN_NOTHING -> ground.guarded().with("passthrough", "false");
        };
    }

    private static Deployment open(Ground ground) {
        return ground.bare().with("clients.open", "true");
    }

    private static Deployment managed(Deployment deployment, String kind, String secret) {
        return deployment
                .with("upstream.credentials", "primary=" + kind + "jndi:warder/secret.key")
                .withJndi("warder/secret.key", secret);
    }
}
