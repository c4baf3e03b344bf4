package dev.warder.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the route of a request by its path, and by the caller's fields where two dialects share a path (rule "Dialect of shared
 * paths").
 *
 * @param openAi whether the OpenAI dialect is served; if not, its paths are known but not served
 */
public record Routing(boolean openAi) {
    private static final String ANTHROPIC_CLIENTS = "claude-";

    public Route of(HttpServletRequest request, RequestTarget target) {
        var route = Route.of(target.path());
        boolean reads = Route.CHAT_MODELS.serves(request.getMethod());
        if (route == Route.ROOT && reads && prefersHtml(request)) {
            return Route.WELCOME;
        }
        if (route == Route.MODELS && openAi && reads && speaksOpenAi(request)) {
            return Route.CHAT_MODELS;
        }
        return !openAi && route.isOpenAis() ? Route.OPENAI : route;
    }

    /**
     * Why a request is refused whatever its caller may do; empty if its route serves its method. OpenAI's clients open a
     * WebSocket where their API has one. After 426 Codex (0.171.0) sends requests at once; after any other status it opens six
     * more WebSockets first.
     */
    public Optional<ErrorReply> refusal(HttpServletRequest request, Route route) {
        if (route.serves(request.getMethod())) {
            return Optional.empty();
        }
        if (openAi && route.dialect() == Dialect.OPENAI && asksForWebSocket(request)) {
            return Optional.of(ErrorReply.upgradeRequired().with(instead(request)));
        }
        return Optional.of(route.isServed() ? ErrorReply.methodNotAllowed(route.methods()) : nothingServed(route));
    }

    /** The protocol to use instead. HTTP/2 has no fields of a connection (RFC 9113, section 8.2.2). */
    private static List<Field> instead(HttpServletRequest request) {
        return request.getProtocol().startsWith("HTTP/1")
                ? List.of(new Field("Upgrade", "HTTP/1.1"), new Field("Connection", "Upgrade"))
                : List.of();
    }

    /** A front end may remove {@code Upgrade}, but not the key of the handshake (RFC 6455, section 4.1). */
    private static boolean asksForWebSocket(HttpServletRequest request) {
        return request.getHeader("sec-websocket-key") != null
                || Fields.values(request, "upgrade").stream()
                        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("websocket"));
    }

    /** The response if nothing is served. For clients of OpenAI's other APIs it names the supported paths. */
    private ErrorReply nothingServed(Route route) {
        return openAi && route == Route.OPENAI
                ? ErrorReply.notFound("Of OpenAI's API this gateway supports only POST /v1/chat/completions,"
                        + " POST /v1/responses, POST /v1/responses/input_tokens and GET /v1/models, also below"
                        + " /openai. It stores no responses.")
                : ErrorReply.notFound();
    }

    private static boolean speaksOpenAi(HttpServletRequest request) {
        String agent = Optional.ofNullable(request.getHeader("user-agent")).orElse("");
        return request.getHeader(Fields.ANTHROPIC_VERSION) == null
                && request.getHeader(Fields.API_KEY) == null
                && !agent.toLowerCase(Locale.ROOT).startsWith(ANTHROPIC_CLIENTS);
    }

    /** Whether the caller prefers HTML to JSON (RFC 9110, section 12.5.1). Browsers name HTML first; weights are ignored. */
    public static boolean prefersHtml(HttpServletRequest request) {
        String accept =
                Optional.ofNullable(request.getHeader("accept")).orElse("").toLowerCase(Locale.ROOT);
        int html = accept.indexOf("text/html");
        int json = accept.indexOf("application/json");
        return html >= 0 && (json < 0 || html < json);
    }
}
