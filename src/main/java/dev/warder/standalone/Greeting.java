package dev.warder.standalone;

import dev.warder.GatewaySettings;
import dev.warder.config.TextFile;
import dev.warder.credential.ManagedCredential;
import java.util.Optional;
import java.util.stream.Collectors;

/** The text shown after the start: the address, and commands that work when they are pasted unchanged. */
final class Greeting {
    private static final String DEMO =
            """
            Demo: requests go to an upstream built into Warder, which sends your text back.
            Put [[thinking]], [[tool]], [[error 429]], [[error 500]], [[error 529]] or [[error mid]] into the text for more.
            """;
    private static final String OPEN =
            """
            Attention: clients.open=true, everybody who reaches this port may call.
            """;

    private static final String CERTIFICATES =
            """
            Callers need a client certificate of clients.certificates, and call the front end of http.trustedProxies.
            """;

    private Greeting() {}

    static String text(String base, GatewaySettings settings, boolean demo, Optional<String> token) {
        var text = new StringBuilder("Warder " + TextFile.version() + " is ready: " + base + "\n\n");
        text.append(demo ? DEMO : upstream(settings));
        text.append(settings.clients().open() ? OPEN : "");
        if (settings.clients().needsCertificate()) {
            return text.append(CERTIFICATES).toString();
        }
        text.append(token.isPresent() ? "The access token below was made for this run and is shown only here.\n" : "");
        return text.append(examples(base, Access.to(settings, token), demo)).toString();
    }

    private static String upstream(GatewaySettings settings) {
        String to = "Requests go to " + settings.upstream().url();
        if (!settings.managed().credentials().isEmpty()) {
            String names = settings.managed().credentials().stream()
                    .map(ManagedCredential::name)
                    .collect(Collectors.joining(", "));
            return to + " with the managed credential " + names + ".\n";
        }
        return settings.managed().passthrough()
                ? to + ".\n" + ownCredential(settings)
                : to + ", but no credential is configured.\n";
    }

    private static String ownCredential(GatewaySettings settings) {
        String own = "Callers bring their own Anthropic API key or login";
        return settings.clients().open() || settings.clients().needsCertificate()
                ? own + ".\n"
                : own + " (passthrough), with the access token in "
                        + settings.clients().header() + ".\n";
    }

    private static String examples(String base, Access access, boolean demo) {
        String words = demo ? "These words come back one after the other, through Warder." : "Write a short story.";
        String body = "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":1024,\"stream\":true,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]}";
        return """

            Try it:
              curl -N %1$s/v1/messages%2$s -H "content-type: application/json" -d '%3$s'

            Claude Code:
              export ANTHROPIC_BASE_URL=%1$s
            %4$s  claude

            Python:
              client = anthropic.Anthropic(base_url="%1$s"%5$s)

            TypeScript:
              const client = new Anthropic({ baseURL: "%1$s"%6$s });
            """
                .formatted(base, access.curl(), body, access.shell(), access.python(), access.typescript());
    }

    /**
     * How the examples of the greeting present the caller's token.
     *
     * @param curl fields for curl
     * @param shell the line of a shell command to run before Claude Code; may be empty
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
                return new Access(managed ? "" : header("x-api-key", "$ANTHROPIC_API_KEY"), "", "", "");
            }
            String shell = token.orElse("$WARDER_TOKEN");
            String python = token.map(Access::quoted).orElse("os.environ[\"WARDER_TOKEN\"]");
            String typescript = token.map(Access::quoted).orElse("process.env.WARDER_TOKEN");
            if (managed || !settings.managed().passthrough()) {
                return new Access(
                        header("x-api-key", shell),
                        "  export ANTHROPIC_AUTH_TOKEN=" + shell + "\n",
                        ", api_key=" + python,
                        ", apiKey: " + typescript);
            }
            // The client's own key or login keeps its usual field, so the token needs another one. curl can use either
            // field.
            String header = settings.clients().header();
            return new Access(
                    header("x-api-key", shell) + header("authorization", "Bearer $ANTHROPIC_API_KEY"),
                    "  export ANTHROPIC_CUSTOM_HEADERS=" + quoted(header + ": " + shell) + "\n",
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
}
