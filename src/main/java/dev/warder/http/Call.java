package dev.warder.http;

import java.util.Optional;

/**
 * A request as it arrived: its id, its target and the dialect of its errors. The first filter sets it on the request, and all
 * later filters read it.
 *
 * @param id see {@link RequestId}
 * @param method as received; methods are case-sensitive (RFC 9110, section 9.1)
 * @param target the canonical path and the query
 * @param route the route of the path
 */
public record Call(String id, String method, RequestTarget target, Route route) {
    private static final String MODEL = "/v1/models(/[^/]*)?";

    /**
     * A request whose target is ambiguous, created only to be refused. Its error has the dialect that the beginning of the path
     * suggests. It has the target {@code /} on a route under which nothing is served.
     */
    public static Call ambiguous(String id, String method, String path) {
        var route = Route.of(path).dialect() == Dialect.OPENAI ? Route.OPENAI : Route.NONE;
        return new Call(id, method, new RequestTarget("/", Optional.empty()), route);
    }

    /**
     * The rights that a client needs to use a managed credential for this call. To decide what is permitted, one prefix of the
     * raw route is removed, as on the way up. To decide what is never permitted, all such prefixes are removed, because the
     * upstream may be a gateway that removes one more.
     */
    public ManagedAccess managedAccess() {
        if (Route.of(RequestTarget.withOneVersion(Route.withoutPrefixes(target.path())))
                .needsOwnCredential()) {
            return ManagedAccess.NEVER;
        }
        var asked = asked();
        boolean oneModel = asked != Route.MODELS || withoutPrefix(target.path()).matches(MODEL);
        return asked.isStateless() && asked.serves(method) && oneModel ? ManagedAccess.SHARED : ManagedAccess.WORKSPACE;
    }

    /**
     * Whether a response is evidence about the credential that was used. On other routes the path is the more likely cause
     * of a refusal (rule "Proof before blame").
     */
    public boolean judgesCredentials() {
        return method.equals("POST") && asked().isCollected();
    }

    /**
     * Whether a model is run for this call, which costs tokens: a message, a chat completion or a response. On the raw route also where the
     * upstream runs one only if it is a gateway that removes a further prefix, a further version or a slash at the end.
     */
    public boolean runsModel() {
        return method.equals("POST") && (route.runsModel() || isRawMessage());
    }

    private boolean isRawMessage() {
        if (route != Route.RAW) {
            return false;
        }
        String path = target.path();
        String whole = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return Route.of(RequestTarget.withOneVersion(Route.withoutPrefixes(whole))) == Route.MESSAGES;
    }

    private Route asked() {
        return route == Route.RAW ? Route.of(withoutPrefix(target.path())) : route;
    }

    /**
     * The path by which a client's permission is decided. It is the canonical one, except that telemetry below the raw
     * route has the path of telemetry: it ends here in either form. The raw route has a permission of its own, because no
     * prompt is set and no model is read there.
     */
    public String askedPath() {
        return route == Route.TELEMETRY
                ? RequestTarget.withOneVersion(Route.withoutPrefixes(target.path()))
                : target.path();
    }

    public Dialect dialect() {
        return route.dialect();
    }

    private static String withoutPrefix(String path) {
        return Route.of(path) == Route.RAW ? path.substring(Route.RAW_PREFIX.length()) : path;
    }

    /** The rights that a client needs to use a managed credential for a request. All clients share the credential's workspace. */
    public enum ManagedAccess {
        /** The right to use managed credentials: for inference, and for reading models. */
        SHARED,
        /**
         * The right to the workspace too: for everything that a workspace keeps (batches, files, skills), and for unknown paths.
         */
        WORKSPACE,
        /** No right is sufficient: such a path accepts only the caller's own credential. */
        NEVER
    }
}
