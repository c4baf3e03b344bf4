package dev.warder.oauth;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileClusterTest implements ClusterContract {
    @TempDir
    private Path folder = Path.of("");

    @Override
    public String address() {
        return "file:" + folder.resolve("login");
    }
}
