package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.warder.contract.Eventually;
import dev.warder.testkit.Limit;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node whose {@code data.dir}, with the embedded database and the journal, is full for a moment. It needs a file system of its
 * own, which only root may mount.
 */
class FullDiskIT {
    private static final String ADMIN_TOKEN = "admin-" + "director".repeat(4);
    private static final Duration PATIENCE = Limit.seconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final Path disk;
    private boolean mounted;

    FullDiskIT(@TempDir Path folder) {
        this.folder = folder;
        this.disk = folder.resolve("disk");
    }

    @BeforeEach
    void mount() throws Exception {
        Files.createDirectories(disk);
        mounted = run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk.toString());
        assumeThat(mounted).as("a file system can be mounted").isTrue();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            // Lazily: nothing of the process may keep the folder.
            assertThat(run("umount", "-l", disk.toString())).isTrue();
        }
    }

    /** Without a restart, changes and revocations are made again, and no row is lost. */
    @Test
    void goesOnAfterItsDiskWasFull() throws Exception {
        try (var warder = warder()) {
            var base = warder.base();
            Eventually.holds(
                    PATIENCE, () -> send(base, "GET", "/health/ready", "").statusCode() == 200);
            change(base, "clients", "{'name': 'build', 'kind': 'service'}");
            var token = change(base, "tokens", "{'name': 'ci', 'client': 'build'}");
            int used = use(base, token, 5);
            Eventually.holds(PATIENCE, () -> rows(base) == 5);

            var filling = disk.resolve("filling");
            Eventually.holds(PATIENCE, () -> {
                fill(filling);
                return put(base, "meanwhile") == 503;
            });
            used += use(base, token, 20);
            fill(filling);
            used += use(base, token, 20);
            Files.delete(filling);

            Eventually.holds(PATIENCE, () -> put(base, "after") < 300);
            used += use(base, token, 5);
            int all = used;
            Eventually.holds(
                    PATIENCE, () -> send(base, "GET", "/health/ready", "").statusCode() == 200);
            assertThat(send(base, "DELETE", "/admin/api/tokens/" + token.getString("id"), "")
                            .statusCode())
                    .isEqualTo(200);
            Eventually.holds(PATIENCE, () -> message(base, token) == 401);
            Eventually.holds(PATIENCE, () -> rows(base) == all);
        }
    }

    private int put(URI base, String team) throws Exception {
        return send(base, "PUT", "/admin/api/teams/" + team, "{}").statusCode();
    }

    /** Leaves no block free. */
    private static void fill(Path file) throws IOException {
        for (int size = 1 << 20; size > 0; size /= 2) {
            try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(new byte[size]);
                }
            } catch (IOException full) {
                // The next pieces are smaller.
            }
        }
    }

    private WarderProcess warder() throws IOException {
        var token = Files.writeString(folder.resolve("token"), ADMIN_TOKEN);
        var clients = Files.createFile(folder.resolve("clients"));
        return new WarderProcess(
                Files.createDirectories(folder.resolve("process")),
                "--demo",
                "--port=0",
                "--data.dir=" + disk.resolve("data"),
                "--clients.file=" + clients,
                "--policy.database=true",
                "--admin.token=file:" + token);
    }

    private HttpResponse<String> send(URI base, String method, String path, String json) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("authorization", "Bearer " + ADMIN_TOKEN)
                        .method(method, BodyPublishers.ofString(json.replace('\'', '"')))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonObject change(URI base, String resource, String json) throws Exception {
        var response = send(base, "POST", "/admin/api/" + resource, json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        try (var reader = Json.createReader(new StringReader(response.body()))) {
            return reader.readObject();
        }
    }

    /** Sends so many requests, which are all served, and returns their number. */
    private int use(URI base, JsonObject token, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            assertThat(message(base, token)).isEqualTo(200);
        }
        return count;
    }

    private int message(URI base, JsonObject token) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(base + "/v1/messages"))
                                .header("x-api-key", token.getString("token"))
                                .header("content-type", "application/json")
                                .POST(BodyPublishers.ofString("{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,"
                                        + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    /** The rows of the ledger; -1 if it cannot be read now. */
    private long rows(URI base) throws Exception {
        var export = send(base, "GET", "/admin/api/ledger?from=2026-01-01T00:00:00Z&format=jsonl", "");
        return export.statusCode() == 200 ? export.body().lines().count() : -1;
    }

    private static boolean run(String... command) throws Exception {
        try {
            var process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            process.getInputStream().readAllBytes();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException unknown) {
            return false;
        }
    }
}
