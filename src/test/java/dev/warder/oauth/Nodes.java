package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Several processes that are told the same. One thread at a time. */
final class Nodes implements AutoCloseable {
    private static final String TOKEN = "token ";

    private final List<NodeProcess> processes = new ArrayList<>();

    void add(NodeProcess process) {
        processes.add(process);
    }

    void tell(String line) throws IOException {
        for (var process : processes) {
            process.tell(line);
        }
    }

    void hear(String line) throws InterruptedException {
        for (var process : processes) {
            process.hear(line);
        }
    }

    /** The tokens that they say they have got, each value once. */
    Set<String> tokens() throws InterruptedException {
        var tokens = new TreeSet<String>();
        for (var process : processes) {
            String said = process.heard();
            assertThat(said).startsWith(TOKEN);
            tokens.add(said.substring(TOKEN.length()));
        }
        return tokens;
    }

    @Override
    public void close() {
        processes.forEach(NodeProcess::close);
    }
}
