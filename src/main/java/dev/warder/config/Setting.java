package dev.warder.config;

import java.util.Arrays;
import java.util.Optional;

/** The public names that an operator can set, each with its default and one line of help. */
public enum Setting {
    UPSTREAM_URL("upstream.url", "https://api.anthropic.com", "the only host that credentials go to"),
    UPSTREAM_CREDENTIALS(
            "upstream.credentials",
            "",
            "managed credentials, separated by ; each name[*weight]=[bearer:]secret, name[*weight]=oauth or name[*weight]=federation"),
    UPSTREAM_POOL(
            "upstream.pool", "ordered", "ordered takes the first usable credential, weighted all by their weights"),
    UPSTREAM_VERSION("upstream.version", "2023-06-01", "anthropic-version when the client sent none"),
    UPSTREAM_HTTP2(
            "upstream.http2",
            "streaming",
            "streaming speaks HTTP/2 for event streams with an https upstream that chooses it, auto for all requests, off never"),
    CLIENTS_TOKEN("clients.token", "", "secret: one shared access token (16 to 512 visible ASCII characters)"),
    CLIENTS_FILE("clients.file", "", "path of the file of hashed access tokens, re-read when it changes"),
    CLIENTS_PEPPER("clients.pepper", "", "secret: HMAC key for the hashes in clients.file"),
    CLIENTS_HEADER("clients.header", "X-Warder-Token", "the dedicated field for the access token"),
    CLIENTS_OPEN("clients.open", "false", "true accepts callers without an access token"),
    PASSTHROUGH("passthrough", "true", "true uses a client's own Anthropic credential when it brings one"),
    OAUTH_AUTHORIZE_URL("oauth.authorizeUrl", "", "authorization endpoint, needed for logging in only"),
    OAUTH_TOKEN_URL("oauth.tokenUrl", "", "token endpoint of the login NAME=oauth"),
    OAUTH_CLIENT_ID("oauth.clientId", "", "the OAuth 2 client that you registered there"),
    OAUTH_CLIENT_SECRET("oauth.clientSecret", "", "secret: that of a confidential client"),
    OAUTH_SCOPES("oauth.scopes", "", "scopes to ask for, separated by blanks or commas"),
    OAUTH_REDIRECT_URI("oauth.redirectUri", "", "where the browser is sent back to, needed for logging in only"),
    OAUTH_STORE("oauth.store", "", "where the login is kept: file:PATH, or jdbc for the DataSource jdbc/warder"),
    OAUTH_STORE_KEY("oauth.storeKey", "", "secret: base64 of 32 bytes that encrypt what is stored; unset = plain"),
    OAUTH_STORE_SEALED_ONLY(
            "oauth.storeSealedOnly", "false", "true with a storeKey: never reads a login that is not encrypted"),
    OAUTH_FORMAT("oauth.format", "form", "how the token endpoint is asked: form or json"),
    FEDERATION_TOKEN_URL(
            "federation.tokenUrl",
            "",
            "where NAME=federation exchanges the identity token; unset = {upstream.url}/v1/oauth/token"),
    FEDERATION_RULE_ID("federation.ruleId", "", "the federation rule to apply"),
    FEDERATION_ORGANIZATION_ID("federation.organizationId", "", "the organization whose rule it is"),
    FEDERATION_SERVICE_ACCOUNT_ID(
            "federation.serviceAccountId", "", "the service account, where the rule leaves it open"),
    FEDERATION_WORKSPACE_ID("federation.workspaceId", "", "the workspace, where the rule leaves it open"),
    FEDERATION_IDENTITY_TOKEN(
            "federation.identityToken", "", "secret: the platform's identity token; a file is read for each exchange"),
    PROMPT_TEXT("prompt.text", "", "the operator's system text, literal or file:PATH; unset injects nothing"),
    PROMPT_MODE("prompt.mode", "always", "always, managed (only with a managed credential) or off"),
    PROMPT_COUNT_TOKENS("prompt.countTokens", "false", "true injects on count_tokens as well"),
    PROMPT_SKIP_MODELS("prompt.skipModels", "", "models left alone: a list, * at the end of a name matches the rest"),
    OPENAI_ENABLED("openai.enabled", "true", "false answers 404 on every OpenAI path"),
    OPENAI_MODELS(
            "openai.models",
            "",
            "PATTERN=MODEL, separated by ; or one per line of file:PATH, re-read when it changes; the first match wins"),
    OPENAI_DEFAULT_MODEL(
            "openai.defaultModel", "", "the model for names that neither match nor start claude-; unset = 404"),
    OPENAI_MAX_TOKENS("openai.maxTokens", "4096", "max_tokens where an OpenAI request says no limit"),
    OPENAI_REASONING("openai.reasoning", "true", "true shows thinking as reasoning_content"),
    OPENAI_CAPABILITIES(
            "openai.capabilities", "", "file:PATH of JSON rows over what is known of models, re-read when it changes"),
    LIMITS_BODY("limits.body", "32m", "largest collected request body, inclusive"),
    LIMITS_MEMORY("limits.memory", "30%", "memory for all collected bodies in flight (at least 1m)"),
    LIMITS_MEMORY_WAIT("limits.memoryWait", "60s", "longest wait for that memory, then 503"),
    LIMITS_STREAMS("limits.streams", "5000", "open exchanges, beyond them 503 at once"),
    LIMITS_CLIENT_MEMORY(
            "limits.clientMemory",
            "50%",
            "memory for the bodies of one client of clients.file, as a size or a part of limits.memory; one that is alone may take all"),
    LIMITS_CLIENT_STREAMS(
            "limits.clientStreams",
            "50%",
            "open exchanges of one client of clients.file, as a number or a part of limits.streams; beyond them 429"),
    LIMITS_EVENT("limits.event", "16m", "largest event of a stream where events are rewritten (1k to 1g)"),
    STREAM_KEEP_ALIVE("stream.keepAlive", "15s", "silence on an event stream before a comment is written; 0s = never"),
    DRAIN_FILE("drain.file", "", "path of a file whose existence starts draining"),
    TIMEOUTS_CONNECT("timeouts.connect", "3s", "connecting to the upstream"),
    TIMEOUTS_FIRST_BYTE("timeouts.firstByte", "", "wait for the response head; unset = 120s for streams, else 660s"),
    TIMEOUTS_IDLE("timeouts.idle", "300s", "silence of the upstream inside a response"),
    TIMEOUTS_CLIENT_READ("timeouts.clientRead", "20s", "a client that sends nothing of its body, then 408"),
    TIMEOUTS_CLIENT_WRITE("timeouts.clientWrite", "30s", "a client that takes less than a piece (up to 64 KiB)"),
    TIMEOUTS_DRAIN("timeouts.drain", "300s", "how long open exchanges may go on while draining"),
    HEALTH_DETAILS(
            "health.details",
            "authenticated",
            "names, reasons and times in health: authenticated (with an access token or admin.token) or always"),
    ADMIN_TOKEN("admin.token", "", "secret: opens /admin (32 to 512 visible ASCII characters); unset = 404 there");

    private final String publicName;
    private final String defaultText;
    private final String help;

    Setting(String publicName, String defaultText, String help) {
        this.publicName = publicName;
        this.defaultText = defaultText;
        this.help = help;
    }

    /** The name that the operator writes, such as {@code limits.body}. */
    public String publicName() {
        return publicName;
    }

    /** The default as an operator would write it; empty where unset is the default. */
    public Optional<String> defaultText() {
        return defaultText.isEmpty() ? Optional.empty() : Optional.of(defaultText);
    }

    /** One line that says what the setting means. */
    public String help() {
        return help;
    }

    /** The setting with exactly this public name. */
    public static Optional<Setting> named(String publicName) {
        return Arrays.stream(values())
                .filter(setting -> setting.publicName.equals(publicName))
                .findFirst();
    }
}
