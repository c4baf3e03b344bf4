package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.warder.contract.Eventually;
import dev.warder.json.JsonTree;
import dev.warder.testkit.Limit;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
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
                    PATIENCE, () -> send(base, "GET", "/health/ready", "").status() == 200);
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
                    PATIENCE, () -> send(base, "GET", "/health/ready", "").status() == 200);
            assertThat(send(base, "DELETE", "/admin/api/tokens/" + token.getString("id"), "")
                            .status())
                    .isEqualTo(200);
            Eventually.holds(PATIENCE, () -> message(base, token) == 401);
            Eventually.holds(PATIENCE, () -> rows(base) == all);
        }
    }

    private static int put(URI base, String team) throws IOException {
        return send(base, "PUT", "/admin/api/teams/" + team, "{}").status();
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

    private static RawResponse send(URI base, String method, String path, String json) throws IOException {
        return RawClient.exchange(
                base,
                RawRequest.of(method, path)
                        .field("authorization", "Bearer " + ADMIN_TOKEN)
                        .json(json.replace('\'', '"')));
    }

    private static JsonObject change(URI base, String resource, String json) throws IOException {
        var response = send(base, "POST", "/admin/api/" + resource, json);
        assertThat(response.status()).as("%s", response).isEqualTo(201);
        return JsonTree.parseObject(response.text()).orElseThrow();
    }

    /** Sends so many requests, which are all served, and returns their number. */
    private static int use(URI base, JsonObject token, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            assertThat(message(base, token)).isEqualTo(200);
        }
        return count;
    }

    private static int message(URI base, JsonObject token) throws IOException {
        var request = RawRequest.of("POST", "/v1/messages").field("x-api-key", token.getString("token"));
        return RawClient.exchange(
                        base,
                        request.json("{\"model\":\"claude-haiku-4-5\",\"max_tokens\":9,"
                                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"))
                .status();
    }

    /** The rows of the ledger; -1 if it cannot be read now. */
    private static long rows(URI base) throws IOException {
        var export = send(base, "GET", "/admin/api/ledger?from=2026-01-01T00:00:00Z&format=jsonl", "");
        return export.status() == 200 ? export.text().lines().count() : -1;
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
