package dev.warder.json;

import java.nio.charset.StandardCharsets;

/** Bodies of requests as coding agents send them: a conversation of texts with escapes, tool calls and numbers. Thread-safe. */
public final class SampleBody {
    private static final String HEAD =
            """
            {"model":"claude-sample-1","max_tokens":4096,"stream":true,\
            "system":[{"type":"text","text":"You are a careful assistant."}],"messages":[""";
    private static final String TURN =
            """
            {"role":"user","content":[{"type":"text","text":"Please look at \\"main.c\\":\\n\\tint main(void)\\n\\t{\\n\\t\\treturn 0;\\n\\t}\\n\
            and tell me what it does, step by step, in plain words. Grüße aus Köln, \\u00e9t\\u00e9, 漢字."}]},\
            {"role":"assistant","content":[{"type":"tool_use","id":"toolu_01","name":"read",\
            "input":{"path":"src/main.c","from":1,"to":250,"ratio":0.25,"all":true,"mark":null}}]},""";
    private static final String END = "{\"role\":\"user\",\"content\":\"go on\"}]}";

    private SampleBody() {}

    /** A valid body of exactly this many bytes, at least 1 KiB. */
    public static byte[] of(int length) {
        var body = new StringBuilder(HEAD);
        int left = length - size(HEAD) - size(END);
        for (int turn = size(TURN); left >= turn; left -= turn) {
            body.append(TURN);
        }
        return body.append(" ".repeat(left)).append(END).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
