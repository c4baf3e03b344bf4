package dev.warder.standalone;

import dev.warder.settings.GatewaySettings;
import java.util.Optional;

/**
 * How the examples of the greeting present the caller's token.
 *
 * @param curl fields for curl
 * @param shell a shell command to run before Claude Code; may be empty
 * @param python further arguments of the Python SDK's client
 * @param typescript further members of the TypeScript SDK's options
 */
record Access(String curl, String shell, String python, String typescript) {
    /**
     * Examples that work with these settings.
     *
     * @param token the token of this run; without one the examples refer to the variable {@code WARDER_TOKEN}
     */
    static Access to(GatewaySettings settings, Optional<String> token) {
        boolean managed = !settings.managed().credentials().isEmpty();
        if (settings.clients().open()) {
            return open(managed);
        }
        String shell = token.orElse("$WARDER_TOKEN");
        String python = token.map(Access::quoted).orElse("os.environ[\"WARDER_TOKEN\"]");
        String typescript = token.map(Access::quoted).orElse("process.env.WARDER_TOKEN");
        return managed || !settings.passthrough().allowed()
                ? managed(shell, python, typescript)
                : withOwnCredential(settings.clients().header(), shell, python, typescript);
    }

    private static Access open(boolean managed) {
        return new Access(managed ? "" : header("x-api-key", "$ANTHROPIC_API_KEY"), "", "", "");
    }

    private static Access managed(String shell, String python, String typescript) {
        return new Access(
                header("x-api-key", shell),
                "export ANTHROPIC_AUTH_TOKEN=" + shell,
                ", api_key=" + python,
                ", apiKey: " + typescript);
    }

    // The client's own key or login keeps its usual field, so the token needs another one. curl can use either field.
    private static Access withOwnCredential(String header, String shell, String python, String typescript) {
        return new Access(
                header("x-api-key", shell) + header("authorization", "Bearer $ANTHROPIC_API_KEY"),
                "export ANTHROPIC_CUSTOM_HEADERS=" + quoted(header + ": " + shell),
                ", default_headers={" + quoted(header) + ": " + python + "}",
                ", defaultHeaders: { " + quoted(header) + ": " + typescript + " }");
    }

    private static String header(String name, String value) {
        return " -H " + quoted(name + ": " + value);
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
