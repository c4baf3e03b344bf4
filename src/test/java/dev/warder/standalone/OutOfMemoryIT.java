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
    private static final int TEXT = 24 << 20;

    private final Path folder;

    OutOfMemoryIT(@TempDir Path folder) {
        this.folder = folder;
    }

    /**
     * Limits larger than the heap are the surest way to get there, with one string that needs more than the whole heap: a heap
     * that fills up piece by piece can make the client look slow first.
     */
    @Test
    void endsWithALineAndAStatusOfItsOwn() throws Exception {
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
                    + (before.length() + TEXT + after.length()) + "\r\n\r\n" + before);
            byte[] piece = "a".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int sent = 0; sent < TEXT; sent += piece.length) {
                client.send(piece);
            }
            client.send(after);
        } catch (IOException ended) {
            // With the process.
        }
    }
}
