package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.auth.AccessToken;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built WAR as a newcomer runs it. */
class StandaloneIT {
    private static final int TERMINATED = 128 + 15;
    private static final int HUGE = 24 << 20;
    private static final Pattern TOKEN = Pattern.compile("wrd_[a-z2-7]{8}_[a-z2-7]{59}");

    private static final Pattern LINE =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}\\+0530 [A-Z]+ [a-zA-Z.]+ \\S");

    private static final String REFUSED_POST =
            "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    private final Path folder;

    StandaloneIT(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Also: logs one line a record in the zone of the place, and never the token. */
    @Test
    void servesTheFirstCommandAndLetsOpenStreamsEndAfterSigterm() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "needs curl");
        try (var warder = new WarderProcess(folder, List.of("-Duser.timezone=Asia/Kolkata"), "--demo", "--port=0")) {
            URI base = warder.base();
            streamsWhenItIsPasted(warder.out()
                    .lines()
                    .filter(line -> line.contains("curl"))
                    .findFirst()
                    .orElseThrow());
            String text = "many words ".repeat(60);
            try (var stream = RawClient.connect(base)) {
                var head = stream.send(message(warder, text)).readHead();
                assertThat(stream.readEvent().orElseThrow().name()).isEqualTo("message_start");
                warder.terminate();
                warder.awaitLog("Draining");
                assertThat(RawClient.exchange(base, message(warder, "late")).status())
                        .isEqualTo(503);
                assertThat(health(base)).isEqualTo(503);
                assertThat(stream.readBody(head).text())
                        .contains("event: message_stop")
                        .doesNotContain("event: error");
            }
            assertThat(warder.exitCode()).isEqualTo(TERMINATED);
            assertThat(warder.err()).contains("end=ok", "Stopped").doesNotContain("Exception", token(warder), "demo_");
            assertThat(warder.err().lines())
                    .allMatch(line -> LINE.matcher(line).lookingAt())
                    .anyMatch(line -> line.contains(" INFO dev.warder.access id="));
            assertThat(warder.leftovers()).isEmpty();
        }
    }

    /** Also: refuses a certificate that is out of date, of no client, or sent by somebody else. */
    @Test
    void servesByTheCertificateThatATrustedFrontEndSends() throws Exception {
        var authority = TestAuthority.create(Map.of(
                "ci", List.of("-keyalg", "EC", "-signer", "ca", "-dname", "CN=ci"),
                "guest", List.of("-keyalg", "EC", "-signer", "ca", "-dname", "CN=guest"),
                "late", List.of(("-keyalg EC -signer ca -dname CN=ci -startdate -30d -validity 10").split(" "))));
        var rules = Files.writeString(
                folder.resolve("certificates"), "[{\"name\":\"ci\",\"subject\":\"CN=CI\",\"rights\":[\"managed\"]}]");
        try (var warder = new WarderProcess(
                folder,
                "--demo",
                "--port=0",
                "--auth.certificate=allow",
                "--clients.certificates=file:" + rules,
                "--http.trustedProxies=127.0.0.1")) {
            var encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
            byte[] ci = authority.certificate("ci").getEncoded();
            String pem = "-----BEGIN CERTIFICATE-----\n" + encoder.encodeToString(ci) + "\n-----END CERTIFICATE-----\n";
            // As nginx escapes it.
            String escaped = URLEncoder.encode(pem, StandardCharsets.US_ASCII).replace("+", "%20");
            assertThat(certified(warder.base(), sequence(ci)).status()).isEqualTo(200);
            assertThat(certified(warder.base(), escaped).status()).isEqualTo(200);
            for (var refused : List.of(
                    sequence(authority.certificate("guest").getEncoded()),
                    sequence(authority.certificate("late").getEncoded()),
                    ":bm8=:",
                    "%zz",
                    sequence(ci) + "\r\nClient-Cert: " + escaped)) {
                assertThat(certified(warder.base(), refused).status()).isEqualTo(401);
            }
            warder.awaitLog(" client=ci ");
            for (var reason : List.of(
                    "The client certificate belongs to no client of this gateway (subject CN=guest)",
                    "The client certificate has expired, or is not valid yet (subject CN=ci)",
                    "The field Client-Cert holds no certificate (from 127.0.0.1)")) {
                assertThat(warder.err()).containsOnlyOnce(reason);
            }
        }
    }

    private static String sequence(byte[] certificate) {
        return ":" + Base64.getEncoder().encodeToString(certificate) + ":";
    }

    /** The caller's key is none: its client may not use one of its own. */
    private static RawResponse certified(URI base, String value) throws IOException {
        try (var client = RawClient.connect(base)) {
            String body =
                    "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";
            return client.send(
                            "POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nx-api-key: sk-"
                                    + "ant-none\r\nClient-Cert: " + value + "\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                    .readResponse();
        }
    }

    private static void streamsWhenItIsPasted(String command) throws Exception {
        Process shell = new ProcessBuilder("/bin/sh", "-c", command.replace("curl ", "curl -s ")).start();
        String events = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        assertThat(events).contains("event: message_start").contains("event: message_stop");
        assertThat(events.split("\"text_delta\"", -1)).hasSizeGreaterThan(10);
    }

    @Test
    void answersUnderAContextPathWithSettingsFromAFile() throws Exception {
        Path file = Files.writeString(
                folder.resolve("warder.properties"), "limits.body=1k\nlimits.streams=10\nstream.keepAlive=7s\n");
        var rival = "--stream.keepAlive=9s";
        try (var warder = new WarderProcess(folder, "--demo", "--port=0", "--context=/gw", "--config=" + file, rival)) {
            URI base = warder.base();
            warder.awaitLog(
                    "stream.keepAlive: is set more than once; --stream.keepAlive counts, not the --config file");
            assertThat(base.getPath()).isEqualTo("/gw");
            var large = RawClient.exchange(base, message(warder, "x".repeat(2000)));
            assertThat(large.status()).isEqualTo(413);
            assertThat(health(base)).isEqualTo(200);
            var refused = RawClient.exchange(base, RawRequest.of("GET", "/outside"));
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.text()).contains("\"not_found_error\"");
            assertThat(refused.fields().has("server")).isFalse();
            assertThat(warder.err()).doesNotContain("cannot be reached");
        }
    }

    @Test
    void keepsTheTokenAndTheContentOutOfTheLogsAtEveryLevel() throws Exception {
        Path everything = folder.resolve("logging.properties");
        Files.writeString(
                everything,
                ".level=ALL\nhandlers=java.util.logging.ConsoleHandler\njava.util.logging.ConsoleHandler.level=ALL\n");
        try (var warder = new WarderProcess(
                folder, List.of("-Djava.util.logging.config.file=" + everything), "--demo", "--port=0")) {
            assertThat(RawClient.exchange(warder.base(), message(warder, "words between us"))
                            .status())
                    .isEqualTo(200);
            warder.terminate();
            assertThat(warder.exitCode()).isEqualTo(TERMINATED);
            assertThat(warder.err()).contains("[ApiKey]").doesNotContain(token(warder), "demo_", "words between us");
        }
    }

    @Test
    void endsWhenThePortIsInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var warder = new WarderProcess(folder, "--demo", "--port=" + taken.getLocalPort())) {
            assertThat(warder.exitCode()).isEqualTo(2);
            assertThat(warder.err())
                    .isEqualTo("warder: --port: " + taken.getLocalPort()
                            + " is in use on 127.0.0.1; choose another, or --port=0 for a free one\n");
            assertThat(warder.out()).isEmpty();
            assertThat(warder.leftovers()).isEmpty();
        }
    }

    /** As an operator changes it in the WAR. */
    @Test
    void makesNoTokenWhereTheDescriptorSaysWhoMayCall() throws Exception {
        Path war = Files.copy(Path.of(WarderProcess.war()), folder.resolve("changed.war"));
        try (var inside = FileSystems.newFileSystem(war)) {
            Path descriptor = inside.getPath("WEB-INF/web.xml");
            String open = "<context-param><param-name>warder.clients.open</param-name>"
                    + "<param-value>true</param-value></context-param>\n  <listener>";
            Files.writeString(descriptor, Files.readString(descriptor).replaceFirst("<listener>", open));
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var temporary = "-Djava.io.tmpdir=" + folder.resolve("tmp");
        var command = List.of(java, "-Xmx192m", temporary, "-jar", war.toString(), "--demo", "--port=0");
        try (var warder = new WarderProcess(folder, Map.of(), command)) {
            assertThat(health(warder.base())).isEqualTo(200);
            assertThat(warder.out()).contains("clients.open=true").doesNotContain("wrd_", "made for this run");
        }
    }

    /** Also: warns at its start that heap and open files cannot carry the streams, and serves others beside deaf clients. */
    @Test
    void makesATokenThatTheGatewayTakes() throws Exception {
        String token;
        Path file = folder.resolve("clients");
        try (var warder = new WarderProcess(Files.createDirectories(folder.resolve("make")), "token", "build")) {
            assertThat(warder.exitCode()).isZero();
            token = token(warder);
            String line = warder.out()
                    .lines()
                    .map(String::strip)
                    .filter(text -> text.startsWith("build id="))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(file, line + "\n");
        }
        try (var warder =
                new WarderProcess(folder, "--demo", "--port=0", "--clients.file=" + file, "--limits.streams=1000000")) {
            URI base = warder.base();
            assertThat(warder.out()).contains("$WARDER_TOKEN").doesNotContain("wrd_");
            assertThat(warder.err()).containsOnlyOnce("limits.streams: cannot be reached; heap and open files suffice");
            assertThat(RawClient.exchange(base, message(base, token, "some words"))
                            .status())
                    .isEqualTo(200);
            answersOthersWhileManyRefusedClientsReadNothing(base, token);
        }
    }

    /**
     * Threads that select answer refusals too: one that waited for a client would be lost to all the others. There are at most as
     * many as processors, and connections are spread over them.
     */
    private static void answersOthersWhileManyRefusedClientsReadNothing(URI base, String token) throws Exception {
        for (var refused : List.of("GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n", REFUSED_POST)) {
            try (var deaf =
                    new DeafClients(base.getPort(), 2 * Runtime.getRuntime().availableProcessors())) {
                deaf.send(refused);
                var others = new ArrayList<RawClient>();
                for (int i = 0; i < 16; i++) {
                    others.add(RawClient.connect(base).send(message(base, token, "some words")));
                }
                for (var other : others) {
                    assertThat(other.readResponse().status()).isEqualTo(200);
                    other.close();
                }
            }
        }
    }

    /**
     * Limits larger than the heap are the surest way to get there, with one string that needs more than the whole heap: a
     * heap that fills up piece by piece can make the client look slow first.
     */
    @Test
    void endsWithALineAndAStatusOfItsOwnWhenItsHeapDoesNotSuffice() throws Exception {
        try (var warder = new WarderProcess(
                folder, List.of("-Xmx48m"), "--demo", "--port=0", "--limits.memory=1g", "--limits.body=200m")) {
            upload(warder);
            assertThat(warder.exitCode()).isEqualTo(OutOfMemory.EXIT_CODE);
            assertThat(warder.err()).contains("warder: out of memory, the process ends");
        }
    }

    private static void upload(WarderProcess warder) throws Exception {
        try (var client = RawClient.connect(warder.base())) {
            String before = "{\"model\":\"claude-x\",\"messages\":[{\"role\":\"user\",\"content\":\"";
            String after = "\"}]}";
            client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nx-api-key: " + warder.token()
                    + "\r\nContent-Type: application/json\r\nContent-Length: "
                    + (before.length() + HUGE + after.length()) + "\r\n\r\n" + before);
            byte[] piece = "a".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int sent = 0; sent < HUGE; sent += piece.length) {
                client.send(piece);
            }
            client.send(after);
        } catch (IOException ended) {
            // With the process.
        }
    }

    private static int health(URI base) throws IOException {
        return RawClient.exchange(base, RawRequest.of("GET", base.getPath() + "/health/ready"))
                .status();
    }

    private static String token(WarderProcess warder) {
        Matcher matcher = TOKEN.matcher(warder.out());
        assertThat(matcher.find()).isTrue();
        return AccessToken.parse(matcher.group()).orElseThrow().reveal();
    }

    private static RawRequest message(WarderProcess warder, String text) throws IOException, InterruptedException {
        return message(warder.base(), token(warder), text);
    }

    private static RawRequest message(URI base, String token, String text) {
        return RawRequest.of("POST", base.getPath() + "/v1/messages")
                .field("x-api-key", token)
                .json("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":64,\"stream\":true,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}");
    }

    /** Clients that send one request after another and never read an answer. One thread at a time. */
    private static final class DeafClients implements AutoCloseable {
        private static final long STUCK_MILLIS = 1000;
        private static final long MOST = 64L * 1024 * 1024;

        private final List<SocketChannel> channels = new ArrayList<>();

        DeafClients(int port, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                var channel = SocketChannel.open();
                channels.add(channel);
                channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channel.configureBlocking(false);
            }
        }

        /** Sends {@code request} on every connection again and again, until none takes any more for a second. */
        void send(String request) throws IOException {
            byte[] many = request.repeat(1000).getBytes(StandardCharsets.US_ASCII);
            long sent = 0;
            try (var selector = Selector.open()) {
                for (var channel : channels) {
                    channel.register(selector, SelectionKey.OP_WRITE, ByteBuffer.wrap(many));
                }
                while (sent < MOST && selector.select(STUCK_MILLIS) > 0) {
                    for (var key : selector.selectedKeys()) {
                        var left = (ByteBuffer) key.attachment();
                        sent += ((SocketChannel) key.channel()).write(left);
                        if (!left.hasRemaining()) {
                            left.rewind();
                        }
                    }
                    selector.selectedKeys().clear();
                }
            }
            if (sent >= MOST) {
                throw new IOException("nobody got stuck");
            }
        }

        @Override
        public void close() throws IOException {
            for (var channel : channels) {
                channel.close();
            }
        }
    }
}
