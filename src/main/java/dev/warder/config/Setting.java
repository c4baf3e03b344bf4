package dev.warder.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The public names that an operator can set, each with its type, its default and one line of help. */
public enum Setting {
    UPSTREAM_URL(Type.URL, "https://api.anthropic.com", "the only host that receives credentials"),
    UPSTREAM_CREDENTIALS(
            Type.LIST,
            "managed credentials, separated by ; each is name[*weight]=[bearer:]secret, name[*weight]=oauth or"
                    + " name[*weight]=federation"),
    UPSTREAM_POOL(
            Type.CHOICE, "ordered", "ordered: the first usable credential; weighted: all usable ones by their weights"),
    UPSTREAM_VERSION(Type.TEXT, "2023-06-01", "anthropic-version for clients that send none"),
    UPSTREAM_HTTP2(
            Type.CHOICE,
            "streaming",
            "streaming: HTTP/2 for event streams if an https upstream selects it; auto: for all requests; off: never"),
    UPSTREAM_PROXY(
            Type.TEXT,
            "http://HOST:PORT or https://HOST:PORT of the proxy for all that Warder calls, by CONNECT; unset = directly"),
    UPSTREAM_PROXY_LOGIN(Type.SECRET, "secret: USER:PASSWORD for that proxy (Basic authentication)"),
    UPSTREAM_NO_PROXY(
            Type.LIST,
            "hosts, .ENDINGS of hosts and networks that are called directly, separated by commas; loopback always is"),
    UPSTREAM_TRUSTSTORE(
            Type.PATH,
            "path of a PEM or PKCS#12 file of authorities that are trusted beside the JVM's, reloaded when it changes"),
    UPSTREAM_TRUSTSTORE_PASSWORD(Type.SECRET, "secret: the password of that file, if it is PKCS#12"),
    UPSTREAM_KEYSTORE(
            Type.PATH,
            "path of a PEM or PKCS#12 file with the client certificate and its key, or of two PEM files as"
                    + " CERTIFICATE;KEY, reloaded when they change"),
    UPSTREAM_KEYSTORE_PASSWORD(Type.SECRET, "secret: the password of that file, if it is PKCS#12"),
    CLIENTS_TOKEN(Type.SECRET, "secret: one shared access token (32 to 512 visible ASCII characters)"),
    CLIENTS_FILE(Type.PATH, "path of the file of hashed access tokens, reloaded when it changes"),
    CLIENTS_PEPPER(Type.SECRET, "secret: HMAC key for the hashes in clients.file"),
    CLIENTS_HEADER(Type.TEXT, "X-Warder-Token", "the dedicated header field for the access token"),
    CLIENTS_CERTIFICATES(
            Type.FILE,
            "file:PATH of a JSON array that maps TLS client certificates to clients, reloaded when it changes"),
    AUTH_CERTIFICATE(
            Type.CHOICE,
            "off",
            "off: client certificates are not looked at; allow: one stands for its client, or must be of the access token's;"
                    + " require: none of the API's paths without one"),
    HTTP_TRUSTED_PROXIES(
            Type.LIST,
            "addresses or networks of front ends, separated by commas, whose Client-Cert (RFC 9440) is the client's"
                    + " certificate; java -jar only"),
    CLIENTS_OPEN(Type.FLAG, "false", "true accepts callers without an access token"),
    POLICY_FILE(
            Type.PATH,
            "path of a JSON file of clients, teams and budgets, reloaded when it changes; unset, and policy.database"
                    + " false = each access token is its own client"),
    POLICY_DATABASE(
            Type.FLAG,
            "false",
            "true: the policy is what administrators keep in the database, and policy.file must not be set"),
    BUDGET_DEFAULT(
            Type.TEXT,
            "for each client that no budget limits: US dollars and a period such as 50/month, or" + " unlimited"),
    BUDGET_WAIT(
            Type.DURATION,
            "60s",
            "how long a request waits for money that running requests hold, 10m at most; 0s = only for the database,"
                    + " 0.5 s at most"),
    BUDGET_CONTACT(Type.TEXT, "who can raise a budget, in words that refused clients read (1 to 200 characters)"),
    BUDGET_MEMBERS(
            Type.LIST,
            "NAME=none or NAME=longest, separated by commas: whether a member that Warder does not know makes a request hold the"
                    + " longest prompt; unset = until 20 responses were as short as their requests"),
    BUDGET_USER_PROFILE(
            Type.FLAG,
            "false",
            "true charges budgets also for requests whose billing_policy bills the customer behind a user profile"),
    BUDGET_WEBHOOK(
            Type.URL,
            "where a message is sent when 75, 80, 90 or 100 % of a budget are used; or a reference to a secret"),
    BUDGET_WEBHOOK_KEY(Type.SECRET, "secret: base64 of the 32 to 64 bytes that sign these messages"),
    PASSTHROUGH(Type.FLAG, "true", "true uses the client's own Anthropic credential if the request has one"),
    THREADS(
            Type.CHOICE,
            "pass",
            "pass: a client continues its own message threads; refuse: 400, so that it sends each conversation as a"
                    + " whole"),
    OAUTH_AUTHORIZE_URL(Type.URL, "authorization endpoint, needed only for logging in"),
    OAUTH_TOKEN_URL(Type.URL, "token endpoint of the login NAME=oauth"),
    OAUTH_CLIENT_ID(Type.TEXT, "the OAuth 2 client that you registered there"),
    OAUTH_CLIENT_SECRET(Type.SECRET, "secret: the client secret of a confidential client"),
    OAUTH_SCOPES(Type.LIST, "scopes to request, separated by spaces or commas"),
    OAUTH_REDIRECT_URI(Type.URL, "redirect URI of the login, needed only for logging in"),
    OAUTH_STORE(
            Type.TEXT,
            "where the login is stored: file:PATH, or jdbc for the DataSource jdbc/warder (java -jar: its database)"),
    OAUTH_STORE_KEY(
            Type.SECRET, "secret: base64 of the 32-byte key that encrypts the stored login; unset = not encrypted"),
    OAUTH_STORE_SEALED_ONLY(Type.FLAG, "false", "true, with a storeKey, refuses a stored login that is not encrypted"),
    OAUTH_FORMAT(Type.CHOICE, "form", "format of requests to the token endpoint: form or json"),
    FEDERATION_TOKEN_URL(
            Type.URL,
            "endpoint where NAME=federation exchanges the identity token; unset = {upstream.url}/v1/oauth/token"),
    FEDERATION_RULE_ID(Type.TEXT, "the federation rule to apply"),
    FEDERATION_ORGANIZATION_ID(Type.TEXT, "the organization that owns the rule"),
    FEDERATION_SERVICE_ACCOUNT_ID(Type.TEXT, "the service account, if the rule does not fix one"),
    FEDERATION_WORKSPACE_ID(Type.TEXT, "the workspace, if the rule does not fix one"),
    FEDERATION_IDENTITY_TOKEN(
            Type.SECRET, "secret: the platform's identity token; a file is read again for each exchange"),
    PROMPT_TEXT(Type.TEXT, "the operator's system text, literal or file:PATH; unset = none"),
    PROMPT_MODE(Type.CHOICE, "always", "always, managed (only with a managed credential) or off"),
    PROMPT_COUNT_TOKENS(Type.FLAG, "false", "true inserts the text on count_tokens too"),
    PROMPT_SKIP_MODELS(
            Type.LIST, "models without the text, separated by commas; * at the end of a name matches the rest"),
    MODELS_ALIASES(
            Type.LIST,
            "PATTERN=MODEL as in openai.models, for messages, token counts and OpenAI's requests; other names stay"
                    + " unchanged"),
    OPENAI_ENABLED(Type.FLAG, "true", "false returns 404 on every OpenAI path"),
    OPENAI_MODELS(
            Type.LIST,
            "PATTERN=MODEL, separated by ; or one per line of file:PATH, reloaded when it changes; the first match"
                    + " wins"),
    OPENAI_DEFAULT_MODEL(
            Type.TEXT, "the model for names that match no pattern and do not start with claude-; unset = 404"),
    OPENAI_MAX_TOKENS(Type.NUMBER, "4096", "max_tokens for chat completions without a limit"),
    OPENAI_REASONING(
            Type.FLAG,
            "true",
            "true returns thinking: as reasoning_content, or as reasoning items of the Responses API"),
    OPENAI_REASONING_KEY(
            Type.SECRET,
            "secrets, separated by ;: they authenticate the reasoning that clients of the Responses API send back,"
                    + " the first one also seals; unset = a checksum only"),
    OPENAI_CAPABILITIES(
            Type.FILE, "file:PATH of JSON rows that override what is known of models, reloaded when it changes"),
    PRICES_FILE(
            Type.PATH,
            "path of a JSON file of price rows that come before the built-in ones, reloaded when it changes"),
    PRICES_FACTORS(
            Type.LIST,
            "NAME=FACTOR, separated by commas: what is paid with a managed credential, as a factor of the list price"),
    DATABASE_URL(
            Type.TEXT,
            "JDBC URL of the database that java -jar opens: jdbc:postgresql:… or jdbc:h2:…; unset = an H2 in data.dir"),
    DATABASE_USER(Type.TEXT, "the user of that database"),
    DATABASE_PASSWORD(Type.SECRET, "secret: the user's password"),
    DATA_DIR(
            Type.PATH,
            "folder of this node's own files: the ledger's journal, the H2 of java -jar; unset = none; required where a budget enforces"),
    LEDGER_RETENTION(Type.DURATION, "400d", "how long the ledger keeps rows in the database (1d to 36500d)"),
    RECONCILE_KEY(
            Type.SECRET,
            "secret: an Anthropic admin key, to compare the ledger with Anthropic's usage and cost reports; needs a"
                    + " database"),
    RECONCILE_MAP(
            Type.LIST,
            "ID=NAME, separated by commas: which ids of these reports (apikey_…, user_…, svac_…) are which managed"
                    + " credential"),
    RECONCILE_URL(Type.URL, "base URL of Anthropic's Admin API; unset = scheme and host of upstream.url"),
    LIMITS_BODY(Type.SIZE, "32m", "largest collected request body, inclusive"),
    LIMITS_MEMORY(
            Type.SIZE,
            "30%",
            "memory for all collected bodies, and for what slow clients or a slow upstream leave in transit"
                    + " (at least 1m)"),
    LIMITS_MEMORY_WAIT(
            Type.DURATION, "60s", "longest wait for that memory while no body before it moves, then 503; 660 s in all"),
    LIMITS_STREAMS(
            Type.NUMBER,
            "5000",
            "open exchanges; above that 503 at once; unset on Tomcat: at most what fits in the heap"),
    LIMITS_CLIENT_MEMORY(
            Type.SIZE,
            "50%",
            "memory for the bodies and bytes in transit of one client of clients.file, or of policy.file if that is set, as a size or a"
                    + " part of limits.memory; a single client in the file may use all of it"),
    LIMITS_CLIENT_STREAMS(
            Type.NUMBER,
            "50%",
            "open exchanges of one client of clients.file, or of policy.file if that is set, as a number or a part of"
                    + " limits.streams; above that 429"),
    LIMITS_EVENT(Type.SIZE, "16m", "largest event of a stream that Warder rewrites (1k to 1g)"),
    STREAM_KEEP_ALIVE(Type.DURATION, "15s", "silence on an event stream before a comment is sent; 0s = never"),
    DRAIN_FILE(Type.PATH, "path of a file that starts draining when it exists"),
    TIMEOUTS_CONNECT(Type.DURATION, "3s", "connecting to the upstream"),
    TIMEOUTS_FIRST_BYTE(
            Type.DURATION, "waiting for the response head; unset = 120s for streams, 660s for other responses"),
    TIMEOUTS_IDLE(Type.DURATION, "300s", "silence of the upstream within a response"),
    TIMEOUTS_CLIENT_READ(Type.DURATION, "20s", "a client that sends no bytes of its body, then 408"),
    TIMEOUTS_CLIENT_WRITE(Type.DURATION, "30s", "a client that accepts less than one piece (up to 72 KiB)"),
    TIMEOUTS_DRAIN(Type.DURATION, "300s", "how long open exchanges may continue while draining"),
    HEALTH_DETAILS(
            Type.CHOICE,
            "authenticated",
            "who sees names, reasons and times in health: authenticated (access token or admin.token) or always"),
    ADMIN_TOKEN(Type.SECRET, "secret: enables /admin (32 to 512 visible ASCII characters); unset = 404 there"),
    METRICS_TOKEN(
            Type.SECRET,
            "secret: the bearer token for GET /metrics (32 to 512 visible ASCII characters), which also accepts"
                    + " admin.token; neither set = 404"),
    METRICS_OPEN(Type.FLAG, "false", "true serves GET /metrics to every caller"),
    METRICS_CLIENTS(
            Type.LIST,
            "clients with metrics of their own, separated by commas, at most 50; others are counted as other"),
    OTLP_URL(
            Type.URL,
            "base URL of an OpenTelemetry collector (OTLP over HTTP), to which metrics are sent every minute"),
    OTLP_HEADERS(Type.SECRET, "secret: header fields for the collector, NAME=VALUE separated by commas"),
    OTLP_SEMCONV(
            Type.CHOICE, "latest", "names of generative AI metrics: latest, or latest/dup for the former names too"),
    OTLP_RELAY(
            Type.LIST,
            "telemetry of clients that is passed on to otlp.url: metrics, logs, traces, separated by commas; unset ="
                    + " none"),
    LOG_FORMAT(
            Type.CHOICE,
            "text",
            "format of the access log, and of all lines with java -jar: text, or json with one object a line"),
    LOG_LEVEL(
            Type.CHOICE,
            "normal",
            "quiet: warnings and errors; normal: also each request; verbose: also the credential of each try");

    private final String publicName = publicName(name());
    private final Type type;
    private final String defaultText;
    private final String help;

    Setting(Type type, String help) {
        this(type, "", help);
    }

    Setting(Type type, String defaultText, String help) {
        this.type = type;
        this.defaultText = defaultText;
        this.help = help;
    }

    private static String publicName(String constant) {
        String name = constant.toLowerCase(Locale.ROOT).replaceFirst("_", ".");
        return Pattern.compile("_(.)").matcher(name).replaceAll(word -> word.group(1)
                .toUpperCase(Locale.ROOT));
    }

    public static Optional<Setting> find(String publicName) {
        return Arrays.stream(values())
                .filter(setting -> setting.publicName.equals(publicName))
                .findFirst();
    }

    public static List<String> publicNames() {
        return Arrays.stream(values()).map(Setting::publicName).toList();
    }

    /** The constant's words: the first one, a dot, and the others in camel case. */
    public String publicName() {
        return publicName;
    }

    public Type type() {
        return type;
    }

    /** The default as an operator would write it; empty where unset is the default. */
    public Optional<String> defaultText() {
        return defaultText.isEmpty() ? Optional.empty() : Optional.of(defaultText);
    }

    public String help() {
        return help;
    }

    /** How a value is written, as the page of the settings names and explains it. */
    public enum Type {
        FLAG,
        CHOICE,
        /** A whole number from 1; for some settings also a percentage. */
        NUMBER,
        /** Bytes, also with {@code k}, {@code m} or {@code g}, or a percentage. */
        SIZE,
        DURATION,
        /** An absolute URL, {@code https} unless its host is loopback. */
        URL,
        PATH,
        FILE,
        /** Several entries in one text; the help of the setting names the separator. */
        LIST,
        /** A reference to a secret, never the secret itself. */
        SECRET,
        TEXT;

        public String label() {
            return this == URL ? name() : name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Settings of earlier versions. One that is still set has no effect and stops nothing; the start names it with this advice.
     */
    public enum Retired {
        BUDGET_GRACE("budget.grace", "while the database is away, a node spends what it has reserved"),
        BUDGET_WHOLE_REPLIES(
                "budget.wholeReplies", "a response that is not streamed reserves the request's max_tokens");

        private final String publicName;
        private final String advice;

        Retired(String publicName, String advice) {
            this.publicName = publicName;
            this.advice = advice;
        }

        public String publicName() {
            return publicName;
        }

        /** One line for the log, without the value, which may have been a secret. */
        public String note() {
            return publicName + ": is no setting any more; " + advice;
        }

        public static Optional<Retired> find(String publicName) {
            return Arrays.stream(values())
                    .filter(each -> each.publicName.equals(publicName))
                    .findFirst();
        }
    }
}
