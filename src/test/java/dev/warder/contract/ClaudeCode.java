package dev.warder.contract;

import dev.warder.testkit.Field;
import dev.warder.testkit.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Requests in the shape of Claude Code's: the same fields in the same order, a body with the same members and of about the
 * same size. Every text in them is made up.
 */
final class ClaudeCode {
    /** What must stay first in {@code system}, alone and unchanged. */
    static final String ATTRIBUTION =
            "{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: cc_version=2.1.328.abc; cc_entrypoint=sdk-cli;\"}";

    static final String BETAS = "claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,"
            + "per-turn-control-2026-07-01,mid-conversation-tool-changes-2026-07-01,thinking-token-count-2026-05-13,"
            + "advanced-tool-use-2025-11-20,effort-2025-11-24";

    /** The betas that it sends with a login of its own. */
    static final String LOGIN_BETAS =
            BETAS.replace(",inter", ",oauth-2025-04-20,inter") + ",extended-cache-ttl-2025-04-11";

    private static final String SESSION = "0b6f3b0e-5d0c-4a53-9f5e-3c8a1f0e7d21";
    private static final int TOOLS = 18;

    private ClaudeCode() {}

    /**
     * The fields behind the request line but {@code Host} and {@code Content-Length}.
     *
     * @param credentials {@code Authorization} stands second, anything else where a key does
     */
    static List<Field> fields(String betas, Field... credentials) {
        var fields = new ArrayList<Field>();
        fields.add(new Field("Accept", "application/json"));
        add(fields, "Authorization", credentials);
        fields.add(new Field("Content-Type", "application/json"));
        fields.add(new Field("User-Agent", "claude-cli/2.1.328 (external, sdk-cli)"));
        add(fields, "X-Warder-Token", credentials);
        fields.add(new Field("X-Claude-Code-Session-Id", SESSION));
        fields.add(new Field("X-Stainless-Arch", "x64"));
        fields.add(new Field("X-Stainless-Lang", "js"));
        fields.add(new Field("X-Stainless-OS", "Linux"));
        fields.add(new Field("X-Stainless-Package-Version", "0.128.0"));
        fields.add(new Field("X-Stainless-Retry-Count", "0"));
        fields.add(new Field("X-Stainless-Runtime", "node"));
        fields.add(new Field("X-Stainless-Runtime-Version", "v24.3.0"));
        fields.add(new Field("X-Stainless-Timeout", "600"));
        fields.add(new Field("anthropic-beta", betas));
        fields.add(new Field("anthropic-dangerous-direct-browser-access", "true"));
        fields.add(new Field("anthropic-version", "2023-06-01"));
        add(fields, "x-api-key", credentials);
        fields.add(new Field("x-app", "cli"));
        fields.add(new Field("Connection", "keep-alive"));
        fields.add(new Field("Accept-Encoding", "gzip, deflate, br, zstd"));
        return fields;
    }

    /** The first request of a session, about 49 kB; {@code own} stands behind the attribution block. */
    static String body(String own) {
        var user = "{\"device_id\":\"%s\",\"account_uuid\":\"\",\"session_id\":\"%s\"}"
                .formatted("d0".repeat(32), SESSION);
        return """
                {"model":"claude-opus-5-5","messages":[{"role":"user","content":[{"type":"text","text":%s},\
                {"type":"text","text":"say hi","cache_control":{"type":"ephemeral"}}]},\
                {"role":"system","content":[{"type":"text","text":"Keep to the point."}],"output_config":{"effort":"low"}}],\
                "system":[%s,%s{"type":"text","text":"You help a programmer.","cache_control":{"type":"ephemeral"}},\
                {"type":"text","text":%s,"cache_control":{"type":"ephemeral"}}],"tools":[%s],\
                "metadata":{"user_id":%s},"max_tokens":128000,"thinking":{"type":"adaptive","display":"omitted"},\
                "context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]},\
                "output_config":{"effort":"high"},"stream":true}"""
                .formatted(
                        Messages.quoted(prose("note", 40)),
                        ATTRIBUTION,
                        own,
                        Messages.quoted(prose("rule", 160)),
                        tools(),
                        Messages.quoted(user));
    }

    /** One of the many requests with which it measures what fills its context. */
    static String counting(int number) {
        return "{\"model\":\"claude-opus-5-5\",\"messages\":[{\"role\":\"user\",\"content\":\"part %d\"}],\"tools\":[]}"
                .formatted(number);
    }

    private static void add(List<Field> fields, String name, Field... credentials) {
        for (var credential : credentials) {
            if (credential.name().equals(name)) {
                fields.add(credential);
            }
        }
    }

    private static String tools() {
        return IntStream.range(0, TOOLS)
                .mapToObj(number ->
                        """
                        {"name":"Tool%d","description":%s,"input_schema":{"$schema":"https://json-schema.org/draft/2020-12/schema",\
                        "type":"object","properties":{"path":{"type":"string"},"limit":{"type":"integer","exclusiveMinimum":0,\
                        "maximum":9007199254740991},"ratio":{"type":"number","default":1.0}},"required":["path"],\
                        "additionalProperties":false}%s}"""
                                .formatted(
                                        number,
                                        Messages.quoted(prose("tool " + number, 14)),
                                        number == 0 ? ",\"defer_loading\":true" : ""))
                .collect(Collectors.joining(","));
    }

    /** Lines with what a JSON writer may leave or escape: quotes, backslashes, umlauts, a sign beyond the basic plane. */
    private static String prose(String topic, int lines) {
        return IntStream.range(0, lines)
                .mapToObj(line ->
                        "# %s %d: use \"double\" quotes\tand C:\\paths – für <b>alle</b> & 🙂, at most %d times."
                                .formatted(topic, line, line))
                .collect(Collectors.joining("\n"));
    }
}
