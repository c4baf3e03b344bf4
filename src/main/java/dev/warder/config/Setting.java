package dev.warder.config;

import java.util.Optional;

/** The public names that an operator can set, each with its type, its default and one line of help. */
public enum Setting {
    UPSTREAM_URL("upstream.url", ValueType.URL, "https://api.anthropic.com", "the only host that receives credentials"),
    UPSTREAM_CREDENTIALS(
            "upstream.credentials",
            ValueType.LIST,
            "managed credentials, separated by ; each is name[*weight]=[bearer:]secret, name[*weight]=oauth or"
                    + " name[*weight]=federation"),
    UPSTREAM_POOL(
            "upstream.pool",
            ValueType.CHOICE,
            "ordered",
            "ordered: the first usable credential; weighted: all usable ones by their weights"),
    UPSTREAM_VERSION("upstream.version", ValueType.TEXT, "2023-06-01", "anthropic-version for clients that send none"),
    UPSTREAM_HTTP2(
            "upstream.http2",
            ValueType.CHOICE,
            "streaming",
            "streaming: HTTP/2 for event streams if an https upstream selects it; auto: for all requests; off: never"),
    CLIENTS_TOKEN(
            "clients.token", ValueType.SECRET, "secret: one shared access token (32 to 512 visible ASCII characters)"),
    CLIENTS_FILE("clients.file", ValueType.PATH, "path of the file of hashed access tokens, reloaded when it changes"),
    CLIENTS_PEPPER("clients.pepper", ValueType.SECRET, "secret: HMAC key for the hashes in clients.file"),
    CLIENTS_HEADER(
            "clients.header", ValueType.TEXT, "X-Warder-Token", "the dedicated header field for the access token"),
    CLIENTS_OPEN("clients.open", ValueType.FLAG, "false", "true accepts callers without an access token"),
    POLICY_FILE(
            "policy.file",
            ValueType.PATH,
            "path of a JSON file of clients, teams and budgets, reloaded when it changes; unset, and policy.database"
                    + " false = each access token is its own client"),
    POLICY_DATABASE(
            "policy.database",
            ValueType.FLAG,
            "false",
            "true: the policy is what administrators keep in the database, and policy.file must not be set"),
    BUDGET_DEFAULT(
            "budget.default",
            ValueType.TEXT,
            "for each client that no budget limits: US dollars and a period such as 50/month, or" + " unlimited"),
    BUDGET_WAIT(
            "budget.wait",
            ValueType.DURATION,
            "60s",
            "how long a request waits for money that running requests hold, 10m at most; 0s = only for the database,"
                    + " 0.5 s at most"),
    BUDGET_CONTACT(
            "budget.contact",
            ValueType.TEXT,
            "who can raise a budget, in words that refused clients read (1 to 200 characters)"),
    BUDGET_MEMBERS(
            "budget.members",
            ValueType.LIST,
            "NAME=none or NAME=longest, separated by commas: whether a member that Warder does not know makes a request hold the"
                    + " longest prompt; unset = until 20 responses were as short as their requests"),
    BUDGET_USER_PROFILE(
            "budget.userProfile",
            ValueType.FLAG,
            "false",
            "true charges budgets also for requests whose billing_policy bills the customer behind a user profile"),
    BUDGET_WEBHOOK(
            "budget.webhook",
            ValueType.URL,
            "where a message is sent when 75, 80, 90 or 100 % of a budget are used; or a reference to a secret"),
    BUDGET_WEBHOOK_KEY(
            "budget.webhookKey", ValueType.SECRET, "secret: base64 of the 32 to 64 bytes that sign these messages"),
    PASSTHROUGH(
            "passthrough",
            ValueType.FLAG,
            "true",
            "true uses the client's own Anthropic credential if the request has one"),
    THREADS(
            "threads",
            ValueType.CHOICE,
            "pass",
            "pass: a client continues its own message threads; refuse: 400, so that it sends each conversation as a"
                    + " whole"),
    OAUTH_AUTHORIZE_URL("oauth.authorizeUrl", ValueType.URL, "authorization endpoint, needed only for logging in"),
    OAUTH_TOKEN_URL("oauth.tokenUrl", ValueType.URL, "token endpoint of the login NAME=oauth"),
    OAUTH_CLIENT_ID("oauth.clientId", ValueType.TEXT, "the OAuth 2 client that you registered there"),
    OAUTH_CLIENT_SECRET("oauth.clientSecret", ValueType.SECRET, "secret: the client secret of a confidential client"),
    OAUTH_SCOPES("oauth.scopes", ValueType.LIST, "scopes to request, separated by spaces or commas"),
    OAUTH_REDIRECT_URI("oauth.redirectUri", ValueType.URL, "redirect URI of the login, needed only for logging in"),
    OAUTH_STORE(
            "oauth.store",
            ValueType.TEXT,
            "where the login is stored: file:PATH, or jdbc for the DataSource jdbc/warder (java -jar: its database)"),
    OAUTH_STORE_KEY(
            "oauth.storeKey",
            ValueType.SECRET,
            "secret: base64 of the 32-byte key that encrypts the stored login; unset = not encrypted"),
    OAUTH_STORE_SEALED_ONLY(
            "oauth.storeSealedOnly",
            ValueType.FLAG,
            "false",
            "true, with a storeKey, refuses a stored login that is not encrypted"),
    OAUTH_FORMAT("oauth.format", ValueType.CHOICE, "form", "format of requests to the token endpoint: form or json"),
    FEDERATION_TOKEN_URL(
            "federation.tokenUrl",
            ValueType.URL,
            "endpoint where NAME=federation exchanges the identity token; unset = {upstream.url}/v1/oauth/token"),
    FEDERATION_RULE_ID("federation.ruleId", ValueType.TEXT, "the federation rule to apply"),
    FEDERATION_ORGANIZATION_ID("federation.organizationId", ValueType.TEXT, "the organization that owns the rule"),
    FEDERATION_SERVICE_ACCOUNT_ID(
            "federation.serviceAccountId", ValueType.TEXT, "the service account, if the rule does not fix one"),
    FEDERATION_WORKSPACE_ID("federation.workspaceId", ValueType.TEXT, "the workspace, if the rule does not fix one"),
    FEDERATION_IDENTITY_TOKEN(
            "federation.identityToken",
            ValueType.SECRET,
            "secret: the platform's identity token; a file is read again for each exchange"),
    PROMPT_TEXT("prompt.text", ValueType.TEXT, "the operator's system text, literal or file:PATH; unset = none"),
    PROMPT_MODE("prompt.mode", ValueType.CHOICE, "always", "always, managed (only with a managed credential) or off"),
    PROMPT_COUNT_TOKENS("prompt.countTokens", ValueType.FLAG, "false", "true inserts the text on count_tokens too"),
    PROMPT_SKIP_MODELS(
            "prompt.skipModels",
            ValueType.LIST,
            "models without the text, separated by commas; * at the end of a name matches the rest"),
    MODELS_ALIASES(
            "models.aliases",
            ValueType.LIST,
            "PATTERN=MODEL as in openai.models, for messages, token counts and OpenAI's requests; other names stay"
                    + " unchanged"),
    OPENAI_ENABLED("openai.enabled", ValueType.FLAG, "true", "false returns 404 on every OpenAI path"),
    OPENAI_MODELS(
            "openai.models",
            ValueType.LIST,
            "PATTERN=MODEL, separated by ; or one per line of file:PATH, reloaded when it changes; the first match"
                    + " wins"),
    OPENAI_DEFAULT_MODEL(
            "openai.defaultModel",
            ValueType.TEXT,
            "the model for names that match no pattern and do not start with claude-; unset = 404"),
    OPENAI_MAX_TOKENS("openai.maxTokens", ValueType.NUMBER, "4096", "max_tokens for chat completions without a limit"),
    OPENAI_REASONING(
            "openai.reasoning",
            ValueType.FLAG,
            "true",
            "true returns thinking: as reasoning_content, or as reasoning items of the Responses API"),
    OPENAI_REASONING_KEY(
            "openai.reasoningKey",
            ValueType.SECRET,
            "secrets, separated by ;: they authenticate the reasoning that clients of the Responses API send back,"
                    + " the first one also seals; unset = a checksum only"),
    OPENAI_CAPABILITIES(
            "openai.capabilities",
            ValueType.FILE,
            "file:PATH of JSON rows that override what is known of models, reloaded when it changes"),
    PRICES_FILE(
            "prices.file",
            ValueType.PATH,
            "path of a JSON file of price rows that come before the built-in ones, reloaded when it changes"),
    PRICES_FACTORS(
            "prices.factors",
            ValueType.LIST,
            "NAME=FACTOR, separated by commas: what is paid with a managed credential, as a factor of the list price"),
    DATABASE_URL(
            "database.url",
            ValueType.TEXT,
            "JDBC URL of the database that java -jar opens: jdbc:postgresql:… or jdbc:h2:…; unset = an H2 in data.dir"),
    DATABASE_USER("database.user", ValueType.TEXT, "the user of that database"),
    DATABASE_PASSWORD("database.password", ValueType.SECRET, "secret: the user's password"),
    DATA_DIR(
            "data.dir",
            ValueType.PATH,
            "folder of this node's own files: the ledger's journal, the H2 of java -jar; unset = none; required where a budget enforces"),
    LEDGER_RETENTION(
            "ledger.retention",
            ValueType.DURATION,
            "400d",
            "how long the ledger keeps rows in the database (1d to 36500d)"),
    RECONCILE_KEY(
            "reconcile.key",
            ValueType.SECRET,
            "secret: an Anthropic admin key, to compare the ledger with Anthropic's usage and cost reports; needs a"
                    + " database"),
    RECONCILE_MAP(
            "reconcile.map",
            ValueType.LIST,
            "ID=NAME, separated by commas: which ids of these reports (apikey_…, user_…, svac_…) are which managed"
                    + " credential"),
    RECONCILE_URL(
            "reconcile.url",
            ValueType.URL,
            "base URL of Anthropic's Admin API; unset = scheme and host of upstream.url"),
    LIMITS_BODY("limits.body", ValueType.SIZE, "32m", "largest collected request body, inclusive"),
    LIMITS_MEMORY("limits.memory", ValueType.SIZE, "30%", "memory for all collected bodies in flight (at least 1m)"),
    LIMITS_MEMORY_WAIT(
            "limits.memoryWait",
            ValueType.DURATION,
            "60s",
            "longest wait for that memory while no body before it moves, then 503; 660 s in all"),
    LIMITS_STREAMS("limits.streams", ValueType.NUMBER, "5000", "open exchanges; above that 503 at once"),
    LIMITS_CLIENT_MEMORY(
            "limits.clientMemory",
            ValueType.SIZE,
            "50%",
            "memory for the bodies of one client of clients.file, or of policy.file if that is set, as a size or a"
                    + " part of limits.memory; a single client in the file may use all of it"),
    LIMITS_CLIENT_STREAMS(
            "limits.clientStreams",
            ValueType.NUMBER,
            "50%",
            "open exchanges of one client of clients.file, or of policy.file if that is set, as a number or a part of"
                    + " limits.streams; above that 429"),
    LIMITS_EVENT("limits.event", ValueType.SIZE, "16m", "largest event of a stream that Warder rewrites (1k to 1g)"),
    STREAM_KEEP_ALIVE(
            "stream.keepAlive",
            ValueType.DURATION,
            "15s",
            "silence on an event stream before a comment is sent; 0s = never"),
    DRAIN_FILE("drain.file", ValueType.PATH, "path of a file that starts draining when it exists"),
    TIMEOUTS_CONNECT("timeouts.connect", ValueType.DURATION, "3s", "connecting to the upstream"),
    TIMEOUTS_FIRST_BYTE(
            "timeouts.firstByte",
            ValueType.DURATION,
            "waiting for the response head; unset = 120s for streams, 660s for other responses"),
    TIMEOUTS_IDLE("timeouts.idle", ValueType.DURATION, "300s", "silence of the upstream within a response"),
    TIMEOUTS_CLIENT_READ(
            "timeouts.clientRead", ValueType.DURATION, "20s", "a client that sends no bytes of its body, then 408"),
    TIMEOUTS_CLIENT_WRITE(
            "timeouts.clientWrite",
            ValueType.DURATION,
            "30s",
            "a client that accepts less than one piece (up to 64 KiB)"),
    TIMEOUTS_DRAIN("timeouts.drain", ValueType.DURATION, "300s", "how long open exchanges may continue while draining"),
    HEALTH_DETAILS(
            "health.details",
            ValueType.CHOICE,
            "authenticated",
            "who sees names, reasons and times in health: authenticated (access token or admin.token) or always"),
    ADMIN_TOKEN(
            "admin.token",
            ValueType.SECRET,
            "secret: enables /admin (32 to 512 visible ASCII characters); unset = 404 there"),
    METRICS_TOKEN(
            "metrics.token",
            ValueType.SECRET,
            "secret: the bearer token for GET /metrics (32 to 512 visible ASCII characters), which also accepts"
                    + " admin.token; neither set = 404"),
    METRICS_OPEN("metrics.open", ValueType.FLAG, "false", "true serves GET /metrics to every caller"),
    METRICS_CLIENTS(
            "metrics.clients",
            ValueType.LIST,
            "clients with metrics of their own, separated by commas, at most 50; others are counted as other"),
    OTLP_URL(
            "otlp.url",
            ValueType.URL,
            "base URL of an OpenTelemetry collector (OTLP over HTTP), to which metrics are sent every minute"),
    OTLP_HEADERS(
            "otlp.headers",
            ValueType.SECRET,
            "secret: header fields for the collector, NAME=VALUE separated by commas"),
    OTLP_SEMCONV(
            "otlp.semconv",
            ValueType.CHOICE,
            "latest",
            "names of generative AI metrics: latest, or latest/dup for the former names too"),
    OTLP_RELAY(
            "otlp.relay",
            ValueType.LIST,
            "telemetry of clients that is passed on to otlp.url: metrics, logs, traces, separated by commas; unset ="
                    + " none"),
    LOG_FORMAT(
            "log.format",
            ValueType.CHOICE,
            "text",
            "format of the access log, and of all lines with java -jar: text, or json with one object a line"),
    LOG_LEVEL(
            "log.level",
            ValueType.CHOICE,
            "normal",
            "quiet: warnings and errors; normal: also each request; verbose: also the credential of each try");

    private final String publicName;
    private final ValueType type;
    private final String defaultText;
    private final String help;

    Setting(String publicName, ValueType type, String help) {
        this(publicName, type, "", help);
    }

    Setting(String publicName, ValueType type, String defaultText, String help) {
        this.publicName = publicName;
        this.type = type;
        this.defaultText = defaultText;
        this.help = help;
    }

    public String publicName() {
        return publicName;
    }

    public ValueType type() {
        return type;
    }

    /** The default as an operator would write it; empty where unset is the default. */
    public Optional<String> defaultText() {
        return defaultText.isEmpty() ? Optional.empty() : Optional.of(defaultText);
    }

    public String help() {
        return help;
    }
}
