package dev.warder.contract;

import static dev.warder.testkit.Messages.quoted;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.auth.TokenHash;
import dev.warder.config.Secret;
import dev.warder.testkit.Canaries;
import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.Script;
import dev.warder.testkit.TokenServer;
import dev.warder.testkit.WrittenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.h2.Driver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * More than 40 distinct secrets, one in each place where one can come in, through requests that succeed and that fail in
 * every way; then a search for each of them, whole in seven encodings and in parts, in everything that the gateway shows.
 */
class CanaryContract extends OAuthGroundContract {
    private static final long SEED = 13;
    private static final String CREDENTIALS = "/admin/credentials";
    private static final String DATA = "data";
    private static final Duration STORED = Duration.ofSeconds(20);

    /** Places where the caller's name of its session belongs. */
    private static final Set<String> WITH_SESSIONS =
            Set.of("log", "spans", "database", "journal", "export", "overview", "CSV");

    private static final String MODEL = "\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9";

    private final Canaries canaries = new Canaries(SEED);
    private final Map<String, String> shown = new TreeMap<>();
    private final Instant begun = Instant.ofEpochMilli(System.currentTimeMillis() - 1000);

    private final String managed = canaries.token("managed key", "sk-" + "ant-api03-");
    private final String ownKey = canaries.token("own key", "sk-" + "ant-api03-");
    private final String ownLogin = canaries.token("own login", "sk-" + "ant-oat01-");
    private final String shared = canaries.token("shared access token", "shared-");
    private final String mistyped = canaries.token("mistyped access token", "shared-");
    private final String admin = canaries.token("admin token", "admin-");
    private final String wrongAdmin = canaries.token("wrong admin token", "admin-");
    private final String pepper = canaries.token("pepper", "pepper-");
    private final String clientSecret = canaries.token("client secret", "client-");
    private final String identity = canaries.token("identity token", "identity-");
    private final String password = canaries.token("address of the database", "database-");
    private final String cookie = canaries.token("cookie", "session-");
    private final String query = canaries.token("query value", "");
    private final String field = canaries.token("field value", "");
    private final String idempotency = canaries.token("idempotency key", "");
    private final String session = canaries.token("session id", "");
    private final String basic = canaries.token("basic credentials", "");
    private final String proxy = canaries.token("proxy credentials", "");
    private final String address = canaries.token("forwarded address", "");
    private final String agent = canaries.token("user agent", "agent-");
    private final String setCookie = canaries.token("cookie of the upstream", "");
    private final String location = canaries.token("location of the upstream", "");
    private final String upstreamText = canaries.token("garbage of the upstream", "");
    private final String prompt = canaries.content("operator's prompt");
    private final String system = canaries.content("system prompt");
    private final String question = canaries.content("user text");
    private final String turn = canaries.content("assistant text");
    private final String toolInput = canaries.content("tool input");
    private final String toolResult = canaries.content("tool result");
    private final String description = canaries.content("tool description");
    private final String image = canaries.content("image");
    private final String document = canaries.content("document");
    private final String user = canaries.content("user id");
    private final String stop = canaries.content("stop sequence");
    private final String unknown = canaries.content("unknown member");
    private final String fileName = canaries.token("file name", "");
    private final String file = canaries.content("file");
    private final String completion = canaries.content("completion");
    private final String thinking = canaries.content("thinking");
    private final String signature = canaries.token("signature", "");
    private final String calledInput = canaries.content("input of a call");

    private @Nullable Container container;
    private final AccessToken valid = token("valid access token");
    private final AccessToken revoked = token("revoked access token");
    private final AccessToken expired = token("expired access token");
    private final AccessToken limited = token("limited access token");
    private final String storeKey =
            Base64.getEncoder().encodeToString(Canaries.bytes("canary-store-key-32-bytes-long-!"));

    CanaryContract() {
        canaries.known("store key", storeKey);
        canaries.known("access token of the login", TokenServer.secrets()[0]);
        canaries.known("refresh token of the login", TokenServer.secrets()[1]);
        canaries.known("code of the login", TokenServer.secrets()[2]);
    }

    @Test
    void showsNoCanaryAnywhere() throws Exception {
        log.level("org.flywaydb", Level.ALL).level("org.jdbi", Level.ALL).level("com.zaxxer", Level.ALL);
        assertThat(canaries.values()).hasSizeGreaterThanOrEqualTo(40);
        Files.writeString(folder.resolve("prompt"), prompt);
        container = deploy("canaries", deployment().ofWar(ChangedWar.withSpans()));
        logIn();
        succeed();
        fail();
        failUpstream();
        administer();
        observe();
        look();
        assertThat(shown).hasSizeGreaterThan(80);
        assertThat(leaks(shown)).as("with seed %d", SEED).isEmpty();
    }

    /** Plants a canary in a log line, a thread's name, a file and a response, and finds each. */
    @Test
    void seesACanaryInEachPlace() throws Exception {
        var leak = "before " + completion.substring(20, 28) + " after";
        var name = new Thread(() -> {}, "worker " + query).getName();
        Logger.getLogger("dev.warder.probe").finest(() -> "body=" + quoted(question));
        var places = new TreeMap<String, String>();
        places.put("log", log());
        places.put("part", leak);
        places.put("thread", name);
        places.put("page", "<td>" + completion.replace("&", "&amp;").replace("<", "&lt;") + "</td>");
        var written = Files.writeString(Path.of(System.getProperty("java.io.tmpdir"), "warder-canary-probe"), fileName);
        files(places);
        Files.delete(written);
        assertThat(leaks(places)).hasSize(5);
        log.clear();
    }

    private Deployment deployment() throws Exception {
        var hash = new TokenHash(Optional.of(Secret.of(pepper)));
        var clients = Files.writeString(
                folder.resolve("clients"),
                valid.line("valid", hash) + "\n"
                        + limited.line("limited", hash) + " models=other-*\n"
                        + expired.line("expired", hash) + " expires=2020-01-01T00:00:00Z\n");
        return ground.bare()
                .withSecret("clients.token", shared)
                .with("clients.file", clients.toString())
                .withSecret("clients.pepper", pepper)
                .with("upstream.credentials", "team=oauth; ci=federation; spare=jndi:warder/secret.key")
                .withJndi("warder/secret.key", managed)
                .with("oauth.tokenUrl", server.url().toString())
                .with("oauth.authorizeUrl", "https://login.example/authorize")
                .with("oauth.redirectUri", "https://gateway.example/canaries/admin/credentials/callback")
                .with("oauth.clientId", "the-client")
                .withSecret("oauth.clientSecret", clientSecret)
                .with("oauth.store", "jdbc")
                .withSecret("oauth.storeKey", storeKey)
                .withDatabase(database())
                .with("data.dir", folder.resolve(DATA).toString())
                .with("federation.tokenUrl", server.url().toString())
                .with("federation.ruleId", "the-rule")
                .with("federation.organizationId", "the-organization")
                .with("federation.identityToken", "file:" + Files.writeString(folder.resolve("identity"), identity))
                .withSecret("admin.token", admin)
                .with("prompt.text", "file:" + folder.resolve("prompt"))
                .with("limits.body", "64k")
                .with("limits.event", "2k")
                .with("timeouts.idle", "2s");
    }

    /** Its name stands for the password that an address may hold, which drivers like to repeat. */
    private String database() {
        return "jdbc:h2:mem:" + password + ";DB_CLOSE_DELAY=-1";
    }

    private void logIn() throws Exception {
        var begun = show("login", admin("POST", CREDENTIALS + "/team/login"), 200);
        var url = Answers.json(begun).getString("authorizeUrl");
        // The address of the login is for the operator's browser: state and challenge belong in it.
        shown.remove("login");
        var back = CREDENTIALS + "/callback?code=" + server.code(parameter(url, "code_challenge")) + "&state=";
        show("wrong state", admin("GET", back + "another"), 400);
        show("callback", admin("GET", back + parameter(url, "state")), 200);
        show("callback again", admin("GET", back + parameter(url, "state")), 400);
    }

    private void succeed() throws Exception {
        for (var token : List.of(shared, valid.reveal())) {
            for (var own : List.of("", ownKey, ownLogin)) {
                upstream.next((request, reply) ->
                        reply.field("Set-Cookie", "a=" + setCookie).json(200, message()));
                var request = talk("/v1/messages?beta=" + query, messages(false), token);
                head("message of " + token + own, own.isEmpty() ? request : request.field("x-api-key", own));
            }
            upstream.next(Script.events(Messages.start() + Messages.delta(completion) + Messages.end()));
            head("stream of " + token, talk("/v1/messages", messages(true), token));
            upstream.next(json(200, message()));
            head("chat of " + token, talk("/v1/chat/completions", chat(false), token));
            upstream.next(Script.events(Messages.start() + Messages.delta(completion) + Messages.end()));
            head("chat stream of " + token, talk("/v1/chat/completions", chat(true), token));
            for (boolean stream : new boolean[] {false, true}) {
                upstream.next(json(200, message()));
                head("response of " + token + stream, talk("/v1/responses", response(stream), token));
            }
            upstream.next(json(200, "{}"));
            head("raw of " + token, talk("/anthropic/v1/messages", messages(false), token));
        }
        upstream.next(json(200, "{}"));
        head("file", upload(shared));
    }

    /** Requests that Warder refuses itself; each holds every canary that a request can hold. */
    private void fail() throws Exception {
        var broken = List.of(
                messages(false) + "x",
                messages(false).substring(0, messages(false).length() - 5),
                "{\"model\":\"a\"," + messages(false).substring(1),
                "[" + messages(false) + "]",
                "\ufeff" + messages(false),
                messages(false).replace("user", "us\\ud800er"),
                messages(false).replace("\"max_tokens\":9", "\"max_tokens\":\u0001"),
                "{\"model\":" + quoted(question) + ",\"model\":1}",
                "[".repeat(200) + quoted(question));
        for (var path : List.of("/v1/messages", "/v1/messages/count_tokens", "/v1/chat/completions", "/v1/responses")) {
            for (int i = 0; i < broken.size(); i++) {
                var request = talk(path, broken.get(i), shared);
                show("broken " + i + " at " + path, request, 400);
            }
            show("too large at " + path, talk(path, pad(messages(false)), shared), 413);
            show("coded at " + path, talk(path, messages(false), shared).field("Content-Encoding", "br"), 415);
            show("broken gzip at " + path, talk(path, messages(false), shared).field("Content-Encoding", "gzip"), 400);
            show("model at " + path, talk(path, asked(path), limited.reveal()), 403);
            for (var token : List.of(mistyped, revoked.reveal(), expired.reveal(), valid.reveal() + "2")) {
                for (var name : List.of("X-Warder-Token", "x-api-key", "Authorization")) {
                    var request = base("POST", path + "?a=" + query)
                            .field(name, name.startsWith("A") ? "Bearer " + token : token);
                    show("token " + name + token + path, request.json(messages(false)), 401);
                }
            }
            var twice = base("POST", path).field("x-api-key", shared).bearer(valid.reveal());
            show("two tokens at " + path, twice.json(messages(false)), 400);
        }
        show("method", base("PUT", "/v1/messages?" + query).field("x-api-key", shared), 405);
        show("path", base("GET", "/nowhere?" + query).field("x-api-key", shared), 404);
        show("ambiguous", base("GET", "/v1//x").field("x-api-key", shared), 400);
        show("broken field", base("GET", "/v1/models").field("X-A", "b\u0001"), 400);
        show("own path", base("GET", "/v1/organizations?" + query).field("x-api-key", shared), 403);
        show(
                "unknown model",
                talk("/v1/chat/completions", chat(false).replace("claude-sonnet-5-5", "no-such"), shared),
                404);
        show(
                "bad parameter",
                talk("/v1/chat/completions", chat(false).replace("\"max_tokens\":9", "\"n\":7"), shared),
                400);
    }

    /** Responses of the upstream that Warder replaces by its own, full of canaries. */
    private void failUpstream() throws Exception {
        for (var path : List.of(
                "/v1/messages", "/v1/chat/completions", "/v1/responses", "/v1/files", "/anthropic/v1/messages")) {
            String body = asked(path);
            upstream.next((request, reply) -> reply.field("Location", "https://x.example/" + location)
                    .field("X-Detail", upstreamText)
                    .json(302, quoted(completion)));
            show("redirect " + path, talk(path, body, ownKey, shared), 502);
            upstream.next((request, reply) -> reply.send("garbage " + upstreamText + "\r\n\r\n"));
            show("garbage " + path, talk(path, body, ownKey, shared), 502);
            upstream.next((request, reply) ->
                    reply.field("X-Long", upstreamText + "x".repeat(70_000)).json(200, "{}"));
            show("long head " + path, talk(path, body, ownKey, shared), 502);
        }
        for (var text :
                List.of("not JSON " + completion, quoted(completion), "{\"type\":" + quoted(completion) + "}")) {
            upstream.next(json(200, text));
            show("no message " + text.length(), talk("/v1/chat/completions", chat(false), ownKey, shared), 502);
        }
        for (int i = 0;
                i < 3;
                i++) { // One for each managed credential: all are refused, and the upstream repeats them.
            upstream.next((request, reply) -> reply.json(
                    401,
                    Messages.error(
                            "authentication_error",
                            request.fields().lines().stream()
                                    .map(line -> line.name() + line.value())
                                    .collect(Collectors.joining()))));
        }
        show("refused", talk("/v1/messages", messages(false), shared), 502);
        for (boolean chats : new boolean[] {false, true}) {
            upstream.next(Script.cutEvents(
                    Messages.start() + "event: content_block_delta\ndata: {\"delta\":\"" + upstreamText));
            var path = chats ? "/v1/chat/completions" : "/v1/messages";
            var text = answer(talk(path, chats ? chat(true) : messages(true), ownKey, shared))
                    .text();
            shown.put("broken stream " + chats, text.substring(text.indexOf("error")));
        }
        upstream.next(Script.events(Messages.start(), Messages.delta(upstreamText + "x".repeat(4000))));
        shown.put(
                "large event",
                answer(talk("/v1/chat/completions", chat(true), ownKey, shared)).text());
    }

    private void administer() throws Exception {
        for (int status : new int[] {500, 400, 200}) {
            server.next((request, reply) -> reply.json(status, "{\"error\":" + quoted(request.text()) + "}"));
            show("refresh " + status, admin("POST", CREDENTIALS + "/team/refresh"));
        }
        show("page", admin("GET", CREDENTIALS).field("Accept", "text/html"));
        show("status", admin("GET", CREDENTIALS));
        show("wrong administrator", request(container(), "GET", CREDENTIALS).bearer(wrongAdmin), 401);
        show("wrong form", form(request(container(), "POST", "/admin/login"), "token=" + wrongAdmin));
        for (var path : List.of("/health", "/health/live", "/health/ready", "/metrics", "/api/hello", "/admin/login")) {
            show("get " + path, base("GET", path + "?" + query));
        }
    }

    /** What operators and their tools see of requests. */
    private void observe() throws Exception {
        show("metrics", admin("GET", "/metrics"), 200);
        show("overview", admin("GET", "/admin/?range=day"), 200);
        show("CSV", admin("GET", "/admin/panels/sessions.csv"), 200);
        show("refusals", admin("GET", "/admin/panels/refusals.csv"), 200);
        var rows = "/admin/api/ledger?format=jsonl&from=" + begun + "&to=" + begun.plus(Duration.ofHours(1));
        // A row is stored soon after the end of its request.
        Eventually.holds(STORED, () -> answer(admin("GET", rows)).text().contains("claude-sonnet-5-5"));
        show("export", admin("GET", rows), 200);
        assertThat(shown.get("metrics")).contains("warder_requests_total");
        assertThat(shown.get("export")).contains("claude-sonnet-5-5");
        assertThat(shown.get("overview")).contains("claude-sonnet-5-5");
        assertThat(shown.get("CSV")).contains(session);
    }

    private void look() throws Exception {
        server.requests().forEach(request -> TokenServer.members(request).forEach((name, value) -> {
            if (List.of("code_verifier", "refresh_token", "code").contains(name)) {
                canaries.known("sent " + name + " " + value, value);
            }
        }));
        shown.put("log", log());
        shown.put("spans", lines(log.lines(SpanListener.LOG, Level.ALL)));
        assertThat(shown.get("spans")).contains("gen_ai.operation.name");
        shown.put("MBeans", Beans.text());
        Thread.getAllStackTraces().keySet().forEach(thread -> shown.put("thread " + thread.getId(), thread.getName()));
        files(shown);
        try (var journal = Files.walk(folder.resolve(DATA))) {
            for (var file : journal.filter(Files::isRegularFile).toList()) {
                shown.merge("journal", file + "\n" + Files.readString(file, ISO_8859_1), String::concat);
            }
        }
        assertThat(shown.get("journal")).contains("claude-sonnet-5-5");
        try (var connection = new Driver().connect(database(), new Properties());
                var rows = connection.createStatement().executeQuery("SCRIPT")) {
            while (rows.next()) {
                shown.merge("database", rows.getString(1) + "\n", String::concat);
            }
        }
        assertThat(shown.get("database")).contains("WARDER_OAUTH_TOKEN");
        assertThat(shown.get("log")).contains("[ApiKey]", "[OAuth]", "[Passthrough]");
    }

    private String log() {
        return lines(log.lines("", Level.ALL));
    }

    private static String lines(List<LogLine> lines) {
        return lines.stream().map(LogLine::text).collect(Collectors.joining("\n"));
    }

    /** What was written to the folder for temporary files meanwhile, but for the operator's own files. */
    private void files(Map<String, String> places) throws IOException {
        var temporary = Path.of(System.getProperty("java.io.tmpdir"));
        for (var file : WrittenFiles.below(temporary, this::isWrittenMeanwhile)) {
            try {
                places.put("file " + file, file + "\n" + Files.readString(file, ISO_8859_1));
            } catch (NoSuchFileException gone) {
                // Another process deletes its own files.
            }
        }
    }

    private boolean isWrittenMeanwhile(Path path, BasicFileAttributes attributes) {
        return attributes.isRegularFile()
                && !path.startsWith(folder)
                && path.toString().contains("warder")
                && attributes.size() < 1 << 20
                && attributes.lastModifiedTime().toInstant().isAfter(begun);
    }

    private List<String> leaks(Map<String, String> places) {
        var found = new ArrayList<String>();
        places.forEach((place, text) ->
                canaries.in(withoutSession(place, text)).ifPresent(what -> found.add(what + " in " + kind(place))));
        return found;
    }

    /** The access log, spans, the ledger and what shows it name the client's session, and nothing else does. */
    private String withoutSession(String place, String text) {
        return WITH_SESSIONS.contains(place) ? text.replace(session, "") : text;
    }

    /** Some places are named after a token. */
    private String kind(String place) {
        return canaries.in(place).isPresent() ? place.replaceAll(" .*", "") : place;
    }

    private RawResponse show(String place, RawRequest request, int status) throws IOException {
        var answer = show(place, request);
        assertThat(answer.status()).as("%s: %s", kind(place), answer).isEqualTo(status);
        return answer;
    }

    private RawResponse show(String place, RawRequest request) throws IOException {
        var answer = answer(request);
        shown.put(place, answer.toString());
        return answer;
    }

    /** A response that the caller asked for holds what the upstream said; its head holds none of it. */
    private void head(String place, RawRequest request) throws IOException {
        var head = show(place, request, 200).fields().lines().stream();
        shown.put(place, head.map(line -> line.name() + ": " + line.value()).collect(Collectors.joining("\n")));
    }

    private RawResponse answer(RawRequest request) throws IOException {
        return send(container(), request);
    }

    private Container container() {
        return Objects.requireNonNull(container);
    }

    private RawRequest admin(String method, String path) {
        return request(container(), method, path).bearer(admin);
    }

    private RawRequest base(String method, String target) {
        return request(container(), method, target)
                .field("Cookie", "a=" + cookie)
                .field("X-Custom", field)
                .field("Idempotency-Key", idempotency)
                .field("x-claude-code-session-id", session)
                .field("Proxy-Authorization", "Basic " + proxy)
                .field("X-Forwarded-For", address)
                .field("User-Agent", agent);
    }

    private RawRequest talk(String target, String body, String token) {
        return base("POST", target).field("X-Warder-Token", token).json(body);
    }

    /** With a credential of the client's own, whose failures Warder does not answer by another one. */
    private RawRequest talk(String target, String body, String own, String token) {
        return talk(target, body, token).field("x-api-key", own).field("X-Basic", basic);
    }

    private RawRequest upload(String token) {
        return base("POST", "/v1/files")
                .field("X-Warder-Token", token)
                .field("Content-Type", "multipart/form-data; boundary=b")
                .body(Canaries.bytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                        + "\"\r\n\r\n" + file + "\r\n--b--\r\n"));
    }

    private String messages(boolean stream) {
        return "{" + MODEL + ",\"stream\":" + stream + ",\"system\":" + quoted(system)
                + ",\"metadata\":{\"user_id\":" + quoted(user) + "},\"stop_sequences\":[" + quoted(stop)
                + "],\"unknown\":"
                + quoted(unknown) + ",\"tools\":[{\"name\":\"f\",\"description\":" + quoted(description)
                + ",\"input_schema\":{\"type\":\"object\"}}],\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":"
                + quoted(question)
                + "},{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\""
                + base64(image)
                + "\"}},{\"type\":\"document\",\"source\":{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":"
                + quoted(document) + "}}]},{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":"
                + quoted(turn)
                + "},{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":" + quoted(toolInput)
                + "}}]},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":"
                + quoted(toolResult) + "}]}]}";
    }

    private String chat(boolean stream) {
        return "{" + MODEL + ",\"stream\":" + stream + ",\"user\":" + quoted(user) + ",\"stop\":[" + quoted(stop)
                + "],\"messages\":[{\"role\":\"system\",\"content\":" + quoted(system)
                + "},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":" + quoted(question)
                + "},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,iVBORw0KGgoA"
                + base64(image)
                + "\"}}]},{\"role\":\"assistant\",\"content\":" + quoted(turn)
                + ",\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":"
                + quoted("{\"a\":" + quoted(toolInput) + "}")
                + "}}]},{\"role\":\"tool\",\"tool_call_id\":\"t\",\"content\":"
                + quoted(toolResult)
                + "}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":"
                + quoted(description) + ",\"parameters\":{\"type\":\"object\"}}}]}";
    }

    /** A request in the form of this path. */
    private String asked(String path) {
        return switch (path) {
            case "/v1/chat/completions" -> chat(false);
            case "/v1/responses" -> response(false);
            default -> messages(false);
        };
    }

    private String response(boolean stream) {
        return "{" + MODEL.replace("max_tokens", "max_output_tokens") + ",\"stream\":" + stream + ",\"user\":"
                + quoted(user) + ",\"instructions\":" + quoted(system)
                + ",\"include\":[\"reasoning.encrypted_content\"],\"input\":[{\"role\":\"user\",\"content\":["
                + "{\"type\":\"input_text\",\"text\":" + quoted(question)
                + "},{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,iVBORw0KGgoA" + base64(image)
                + "\"}]},{\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":" + quoted(turn)
                + "}]},{\"type\":\"function_call\",\"call_id\":\"t\",\"name\":\"f\",\"arguments\":"
                + quoted("{\"a\":" + quoted(toolInput) + "}")
                + "},{\"type\":\"function_call_output\",\"call_id\":\"t\",\"output\":" + quoted(toolResult)
                + "}],\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"description\":" + quoted(description)
                + ",\"parameters\":{\"type\":\"object\"}}]}";
    }

    private String message() {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-5-5\",\"content\":["
                + "{\"type\":\"thinking\",\"thinking\":" + quoted(thinking) + ",\"signature\":" + quoted(signature)
                + "},{\"type\":\"text\",\"text\":" + quoted(completion)
                + "},{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":" + quoted(calledInput)
                + "}}],\"stop_reason\":\"tool_use\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
    }

    private static String pad(String json) {
        return json + " ".repeat(70_000);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(Canaries.bytes(text));
    }

    private AccessToken token(String name) {
        var token = AccessToken.generate(new SecureRandom());
        canaries.known(name, token.reveal());
        return token;
    }
}
