package dev.warder.contract;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RecordedRequest;

/** The routes on which each upstream fault is tried: collected and relayed, native and translated, whole and streamed. */
enum FaultyRoute {
    MESSAGE,
    STREAM,
    CHAT,
    CHAT_STREAM,
    RELAYED,
    RAW_STREAM;

    private static final String MESSAGE_BODY = "{\"model\":\"claude-x\",\"max_tokens\":9,\"nonce\":\"%s\"}";
    private static final String STREAM_BODY =
            "{\"model\":\"claude-x\",\"max_tokens\":9,\"stream\":true,\"nonce\":\"%s\"}";
    private static final String CHAT_BODY =
            "{\"model\":\"" + Completions.ALIAS + "\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}";

    /** Whether responses are translated, so that only a well-formed one can pass. */
    boolean translated() {
        return this == CHAT || this == CHAT_STREAM;
    }

    /** Whether an event stream was asked for. */
    boolean streams() {
        return this == STREAM || this == CHAT_STREAM || this == RAW_STREAM;
    }

    /** A request on this route that carries a word by which the upstream can echo it. */
    RawRequest request(String nonce) {
        return switch (this) {
            case MESSAGE -> Contract.message(MESSAGE_BODY.formatted(nonce));
            case STREAM -> Contract.message(STREAM_BODY.formatted(nonce));
            case CHAT -> Completions.request(CHAT_BODY.formatted(nonce, ""));
            case CHAT_STREAM -> Completions.request(CHAT_BODY.formatted(nonce, ",\"stream\":true"));
            case RELAYED -> CommonGround.authenticated("POST", "/v1/files").json(MESSAGE_BODY.formatted(nonce));
            case RAW_STREAM ->
                CommonGround.authenticated("POST", "/anthropic/v1/messages").json(STREAM_BODY.formatted(nonce));
        };
    }

    /** The content type that the upstream gives to its response. */
    static String type(RecordedRequest request) {
        return streamed(request) ? "text/event-stream" : "application/json";
    }

    /** The whole body that the upstream gives: a message or its event stream with this text. */
    static String body(RecordedRequest request, String text) {
        return streamed(request) ? String.join("", Messages.stream(text)) : Messages.message(text);
    }

    private static boolean streamed(RecordedRequest request) {
        return request.text().contains("\"stream\":true");
    }
}
