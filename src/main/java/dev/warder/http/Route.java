package dev.warder.http;

import java.util.List;
import java.util.Set;

/** What is served under a path, and by which methods. The first route whose paths match decides. */
public enum Route {
    /** Health of the application, without an access token. */
    HEALTH(List.of("/health*"), Methods.READ),
    /** The probes that Claude Code makes at its start, without an access token; also where its base URL is the raw route. */
    HELLO(List.of("/api/hello", "/anthropic/api/hello"), Methods.READ),
    ROOT(List.of("/"), Set.of("HEAD")),
    /** What administrators do, with a token of their own. */
    ADMIN(List.of("/admin*"), Methods.READ_AND_POST),
    /** The raw route: everything below it is sent upstream unchanged. */
    RAW(List.of("/anthropic*"), Methods.ANY),
    /** Paths that take a client's own credential only, never a managed one. */
    OWN_CREDENTIAL(List.of("/v1/oauth*", "/v1/organizations*", "/api/oauth*"), Methods.ANY),
    /** Chat completions, translated to the Messages API and back. */
    CHAT(List.of("/v1/chat/completions", "/openai/v1/chat/completions"), Methods.POST),
    /** The models as OpenAI lists them; also under the paths of {@link #MODELS} for a caller who speaks that dialect. */
    CHAT_MODELS(List.of("/openai/v1/models*"), Methods.GET),
    /** The rest of the OpenAI dialect, which is not served. */
    OPENAI(
            List.of(
                    "/openai*",
                    "/v1/chat*",
                    "/v1/responses*",
                    "/v1/completions*",
                    "/v1/embeddings*",
                    "/v1/images*",
                    "/v1/audio*",
                    "/v1/moderations*",
                    "/v1/fine_tuning*",
                    "/v1/assistants*",
                    "/v1/threads*",
                    "/v1/vector_stores*",
                    "/v1/uploads*",
                    "/v1/realtime*"),
            Set.of()),
    MESSAGES(List.of("/v1/messages"), Methods.POST),
    COUNT_TOKENS(List.of("/v1/messages/count_tokens"), Methods.POST),
    BATCHES(List.of("/v1/messages/batches*"), Methods.ANY),
    /** Below {@code /v1/messages} nothing else exists. */
    NO_MESSAGES(List.of("/v1/messages*"), Set.of()),
    MODELS(List.of("/v1/models*"), Methods.READ),
    FILES(List.of("/v1/files*"), Methods.ANY),
    /** Other endpoints of the API, known to the upstream or not. */
    OTHER(List.of("/v1/*"), Methods.ANY),
    NONE(List.of(), Set.of());

    private final List<String> patterns;
    private final Set<String> methods;

    Route(List<String> patterns, Set<String> methods) {
        this.patterns = patterns;
        this.methods = methods;
    }

    /** The route of a canonical path ({@link RequestTarget}). */
    public static Route of(String path) {
        for (var route : values()) {
            if (route.patterns.stream().anyMatch(pattern -> matches(pattern, path))) {
                return route;
            }
        }
        return NONE;
    }

    /** The methods served, sorted, empty when nothing is: then the response is 404. */
    public List<String> methods() {
        return methods.stream().sorted().toList();
    }

    /** Whether anything is served under this route's paths. */
    public boolean isServed() {
        return !methods.isEmpty();
    }

    /** Whether {@code method} is served. */
    public boolean serves(String method) {
        return methods.contains(method);
    }

    /** Whether the request body is JSON that is collected and checked before anything goes upstream. */
    public boolean isCollected() {
        return this == MESSAGES || this == COUNT_TOKENS || this == CHAT;
    }

    /** Whether the requests on this route store nothing in a credential's workspace and show none of its content. */
    boolean isStateless() {
        return isCollected() || this == MODELS || this == CHAT_MODELS;
    }

    /**
     * Whether a response is evidence about the credential that was used: elsewhere the path is the likelier cause of a
     * refusal (rule "Proof before blame").
     */
    public boolean judgesCredentials() {
        return this == MESSAGES || this == COUNT_TOKENS || this == CHAT;
    }

    /** Whether a caller of {@code method} needs no access token; administrators show a token of another kind. */
    public boolean isPublic(String method) {
        return this == HEALTH || this == ADMIN || (this == HELLO || this == ROOT) && serves(method);
    }

    /** The dialect in which errors are reported. */
    public Dialect dialect() {
        return this == CHAT || this == CHAT_MODELS || this == OPENAI ? Dialect.OPENAI : Dialect.ANTHROPIC;
    }

    /** {@code X*} means X and everything below it, {@code X/*} only what is below, anything else itself. */
    private static boolean matches(String pattern, String path) {
        if (!pattern.endsWith("*")) {
            return path.equals(pattern);
        }
        String stem = pattern.substring(0, pattern.length() - 1);
        return stem.endsWith("/")
                ? path.startsWith(stem)
                : path.startsWith(stem) && (path.length() == stem.length() || path.charAt(stem.length()) == '/');
    }

    /**
     * Sets of methods. TRACE and CONNECT are in none: a TRACE that reached the upstream would bring back the credential
     * that Warder put into it (RFC 9110, section 9.3.8).
     */
    private static final class Methods {
        static final Set<String> GET = Set.of("GET");
        static final Set<String> POST = Set.of("POST");
        static final Set<String> READ = Set.of("GET", "HEAD");
        static final Set<String> READ_AND_POST = Set.of("GET", "HEAD", "POST");
        static final Set<String> ANY = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    }
}
