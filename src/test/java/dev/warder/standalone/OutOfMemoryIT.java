package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the process of the built WAR when its heap does not suffice. */
class OutOfMemoryIT {
    private static final int BODY = 100 << 20;

    private final Path folder;

    OutOfMemoryIT(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Limits larger than the heap are the surest way to get there. */
    @Test
    void endsWithALineAndAStatusOfItsOwn() throws Exception {
        try (var warder = new WarderProcess(
                folder,
                List.of("-Xmx48m"),
                "--demo",
                "--port=0",
                "--limits.memory=1g",
                "--limits.body=200m",
                // A heap that is nearly full makes a slow reader on a machine with much to do.
                "--timeouts.clientRead=10m")) {
            upload(warder);
            assertThat(warder.exitCode()).isEqualTo(OutOfMemory.EXIT_CODE);
            assertThat(warder.err()).contains("warder: out of memory, the process ends");
        }
    }

    private static void upload(WarderProcess warder) throws Exception {
        try (var client = RawClient.connect(warder.base())) {
            client.send("POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: " + warder.token() + "\r\nContent-Length: "
                    + BODY + "\r\n\r\n{\"model\":\"");
            byte[] piece = "a\",\"b\":[1],\"x\":\"".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
            for (int sent = 0; sent < BODY; sent += piece.length) {
                client.send(piece);
            }
        } catch (IOException ended) {
            // With the process.
        }
    }
}
