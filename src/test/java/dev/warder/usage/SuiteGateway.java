package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.GatewayProcess;
import dev.warder.testkit.OpenApiCheck;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The standalone gateway of {@link LedgerSuiteIT}, which is killed and started again with the same data. Thread-safe. */
final class SuiteGateway implements AutoCloseable {
    private static final String ADMIN = "a".repeat(40);

    private final Map<String, String> settings;

    /** Not complete while there is none. */
    private volatile CompletableFuture<GatewayProcess> current;

    SuiteGateway(Map<String, String> settings) throws Exception {
        this.settings = settings;
        this.current = CompletableFuture.completedFuture(start());
    }

    /** What the settings of every such gateway have; other ones are added. */
    static Map<String, String> common(URI upstream) {
        return Map.of(
                "upstream.url",
                upstream.toString(),
                "upstream.credentials",
                "main=value:" + "m".repeat(40) + ";spare=value:" + "s".repeat(40),
                "openai.enabled",
                "true",
                "clients.open",
                "true",
                "admin.token",
                "value:" + ADMIN);
    }

    private GatewayProcess start() throws Exception {
        return GatewayProcess.start(GatewayProcess.Form.STANDALONE, settings, "-Xmx256m");
    }

    /** Waits until there is one. */
    URI uri() {
        return current.join().baseUri();
    }

    /** Kills it with SIGKILL, starts another one, and returns the time of the kill. */
    long kill() throws Exception {
        var killed = current.join();
        current = new CompletableFuture<>();
        long now = System.nanoTime();
        assertThat(ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly())
                .isTrue();
        killed.close();
        current.complete(start());
        return now;
    }

    /** The whole ledger. */
    List<JsonObject> rows() throws Exception {
        var request = RawRequest.of("GET", "/admin/api/ledger?format=jsonl").field("Authorization", "Bearer " + ADMIN);
        var response = OpenApiCheck.checked("", request, RawClient.exchange(uri(), request));
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        return response.text().lines().map(SuiteGateway::row).toList();
    }

    private static JsonObject row(String line) {
        try (var reader = Json.createReader(new StringReader(line))) {
            return reader.readObject();
        }
    }

    /** What it logged since its last start. */
    String log() {
        return current.join().log();
    }

    @Override
    public void close() {
        current.join().close();
    }
}
