package dev.warder.http;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A path with its service and methods. The first route with a matching path decides. */
public enum Route {
    HEALTH(List.of("/health*"), Methods.READ),
    METRICS(List.of("/metrics"), Methods.READ),
    /**
     * The probes that Claude Code sends at its start; need no access token. Also below the raw route, for such a base
     * URL.
     */
    HELLO(List.of("/api/hello", Route.RAW_HELLO), Methods.READ),
    ROOT(List.of("/"), Set.of("HEAD")),
    WELCOME(List.of(), Methods.READ),
    ADMIN(List.of("/admin*"), Methods.READ_AND_POST),
    OWN_PAGE(List.of("/me"), Methods.READ_AND_POST),
    /**
     * The telemetry of clients (OTLP over HTTP). It ends here, and is no endpoint of the API. Also below the raw route,
     * since a client with such a base URL may have the same address for its telemetry.
     */
    TELEMETRY(List.of("/v1/metrics*", "/v1/logs*", "/v1/traces*"), Methods.POST),
    /** The raw route: every other path below it is sent upstream unchanged. */
    RAW(List.of("/anthropic*"), Methods.ANY),
    /** Paths that only accept a client's own credential, never a managed one. */
    OWN_CREDENTIAL(List.of("/v1/oauth*", "/api/oauth*"), Methods.ANY),
    /**
     * The administration of an organization: for administrators, who have an access token with a right to it, the paths that
     * Warder itself serves; for everybody else as {@link #OWN_CREDENTIAL}.
     */
    ORGANIZATION(List.of("/v1/organizations*"), Methods.ANY),
    CHAT(List.of("/v1/chat/completions", "/openai/v1/chat/completions"), Methods.POST),
    /** Responses, OpenAI's newer form of requests, translated to the Messages API and back. */
    RESPONSES(List.of("/v1/responses", "/openai/v1/responses"), Methods.POST),
    /** The tokens of a request for a response, translated to a token count. */
    RESPONSE_TOKENS(List.of("/v1/responses/input_tokens", "/openai/v1/responses/input_tokens"), Methods.POST),
    /** The models as OpenAI lists them. Also serves the paths of {@link #MODELS} for callers with that dialect. */
    CHAT_MODELS(List.of("/openai/v1/models*"), Methods.READ),
    OPENAI(
            List.of(("/openai* /v1/chat* /v1/responses* /v1/completions* /v1/embeddings* /v1/images* /v1/audio*"
                            + " /v1/moderations* /v1/fine_tuning* /v1/assistants* /v1/threads* /v1/vector_stores*"
                            + " /v1/uploads* /v1/realtime*")
                    .split(" ")),
            Set.of()),
    MESSAGES(List.of("/v1/messages"), Methods.POST),
    COUNT_TOKENS(List.of("/v1/messages/count_tokens"), Methods.POST),
    BATCHES(List.of("/v1/messages/batches*"), Methods.ANY),
    /** Other paths below {@code /v1/messages}, which do not exist. */
    NO_MESSAGES(List.of("/v1/messages*"), Set.of()),
    MODELS(List.of("/v1/models*"), Methods.READ),
    FILES(List.of("/v1/files*"), Methods.ANY),
    OTHER(List.of("/v1/*"), Methods.ANY),
    NONE(List.of(), Set.of());

    static final String RAW_PREFIX = "/anthropic";

    private static final String RAW_HELLO = "/anthropic/api/hello";

    private static final String CLAUDE_CODE_SESSION = "x-claude-code-session-id";

    /** Codex sends it with the Responses API (Codex 0.169.0). */
    private static final String CODEX_SESSION = "session-id";

    private static final Route[] ALL = values();

    private final String[] patterns;
    private final Set<String> methods;

    Route(List<String> patterns, Set<String> methods) {
        this.patterns = patterns.toArray(String[]::new);
        this.methods = methods;
    }

    public static Route of(String path) {
        var route = first(path);
        return route == RAW && isTelemetryBelow(path) ? TELEMETRY : route;
    }

    private static Route first(String path) {
        for (var route : ALL) {
            if (route.covers(path)) {
                return route;
            }
        }
        return NONE;
    }

    /** Whether the upstream would receive telemetry, also if it is a gateway that removes a further prefix or version. */
    private static boolean isTelemetryBelow(String path) {
        return first(RequestTarget.withOneVersion(withoutPrefixes(path))) == TELEMETRY;
    }

    public static String withoutPrefixes(String path) {
        // By an index: callers without an access token can send a path of many prefixes, which would be copied once for
        // each.
        int at = 0;
        while (isRawFrom(path, at)) {
            at += RAW_PREFIX.length();
        }
        return path.substring(at);
    }

    private static boolean isRawFrom(String path, int at) {
        int end = at + RAW_PREFIX.length();
        return path.startsWith(RAW_PREFIX, at)
                && (path.length() == end || path.charAt(end) == '/')
                && !(path.startsWith(RAW_HELLO, at) && path.length() == at + RAW_HELLO.length());
    }

    /**
     * The pattern that a canonical path has, such as {@code /v1/files*}, one of a closed list; empty if none of its route
     * matches, as for telemetry below the raw route. Where two dialects share a path it is that of the first.
     */
    public static Optional<String> pattern(String path) {
        return Arrays.stream(of(path).patterns)
                .filter(pattern -> matches(pattern, path))
                .findFirst();
    }

    private boolean covers(String path) {
        for (String pattern : patterns) {
            if (matches(pattern, path)) {
                return true;
            }
        }
        return false;
    }

    /** The permitted methods, sorted. Empty when nothing is served; then the response is 404. */
    public List<String> methods() {
        return methods.stream().sorted().toList();
    }

    public boolean isServed() {
        return !methods.isEmpty();
    }

    public boolean serves(String method) {
        return methods.contains(method);
    }

    public boolean isCollected() {
        return runsModel() || this == COUNT_TOKENS || this == RESPONSE_TOKENS;
    }

    /** Whether a request runs a model, which costs tokens; on the raw route the path below decides, see {@link Call}. */
    public boolean runsModel() {
        return this == MESSAGES || this == CHAT || this == RESPONSES;
    }

    boolean needsOwnCredential() {
        return this == OWN_CREDENTIAL || this == ORGANIZATION;
    }

    boolean isStateless() {
        return isCollected() || this == MODELS || this == CHAT_MODELS;
    }

    /**
     * Whether a request with {@code method} needs no access token. Administrators and monitors present another kind of
     * token.
     */
    public boolean isPublic(String method) {
        return isForOperators() || isGreeting() && serves(method);
    }

    /** Whether clients of the API use it: not monitors, operators, probes or browsers. */
    public boolean isForClients() {
        return !isForOperators() && !isGreeting();
    }

    private boolean isForOperators() {
        return this == HEALTH || this == METRICS || this == ADMIN || this == OWN_PAGE;
    }

    private boolean isGreeting() {
        return this == HELLO || this == ROOT || this == WELCOME;
    }

    /**
     * Whether a request with {@code method} gets its response from Warder itself, so that no credential is chosen for it.
     */
    public boolean endsHere(String method) {
        return this == TELEMETRY || isPublic(method);
    }

    public Dialect dialect() {
        return isOpenAis() || this == OPENAI ? Dialect.OPENAI : Dialect.ANTHROPIC;
    }

    public boolean isOpenAis() {
        return this == CHAT || this == RESPONSES || this == RESPONSE_TOKENS || this == CHAT_MODELS;
    }

    private static boolean matches(String pattern, String path) {
        if (!pattern.endsWith("*")) {
            return path.equals(pattern);
        }
        int stem = pattern.length() - 1;
        return path.regionMatches(0, pattern, 0, stem)
                && (pattern.charAt(stem - 1) == '/' || path.length() == stem || path.charAt(stem) == '/');
    }

    /** The client's name of its conversation, in the field in which clients of this route send it. */
    public Optional<String> session(Function<String, Optional<String>> field) {
        var named = field.apply(CLAUDE_CODE_SESSION);
        return named.isEmpty() && this == RESPONSES ? field.apply(CODEX_SESSION) : named;
    }

    /**
     * Sets of methods. None contains TRACE or CONNECT: the response to a TRACE would contain the credential that Warder
     * added to the request (RFC 9110, section 9.3.8).
     */
    private static final class Methods {
        static final Set<String> POST = Set.of("POST");
        static final Set<String> READ = Set.of("GET", "HEAD");
        static final Set<String> READ_AND_POST = Set.of("GET", "HEAD", "POST");
        static final Set<String> ANY = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    }
}
