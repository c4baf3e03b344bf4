package dev.warder.testkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium with a new profile, which requests nothing on its own; its log is discarded. */
final class ChromiumProcess implements AutoCloseable {
    private static final String LISTENING = "DevTools listening on ";
    private static final int LIMIT_SECONDS = 30;

    private final Path folder;
    private final Process process;
    private final URI address;

    private ChromiumProcess(Path folder, Process process, URI address) {
        this.folder = folder;
        this.process = process;
        this.address = address;
    }

    /** Whether this machine has the program. */
    static boolean installed() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, Chromium.PROGRAM)));
    }

    static ChromiumProcess start() throws IOException {
        var folder = TemporaryFolder.create(Chromium.PROGRAM);
        var process = new ProcessBuilder(command(folder))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new ChromiumProcess(folder, process, address(process));
    }

    /** Where the browser accepts connections of {@link DevTools}. */
    URI address() {
        return address;
    }

    @Override
    public void close() {
        var all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(
                one -> one.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join());
        TemporaryFolder.delete(folder);
    }

    private static List<String> command(Path folder) {
        var command = new ArrayList<>(List.of(
                Chromium.PROGRAM,
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "--window-size=1200,800",
                "--no-first-run",
                "--no-proxy-server",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-extensions",
                "--disable-gpu",
                "--disable-sync"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--no-sandbox");
        }
        return command;
    }

    /** Reads the browser's log up to its address, and leaves the rest of it to a thread. */
    private static URI address(Process process) throws IOException {
        var log = process.errorReader(StandardCharsets.UTF_8);
        for (var line = log.readLine(); line != null; line = log.readLine()) {
            if (line.startsWith(LISTENING)) {
                ScriptedUpstream.daemon("chromium-log", () -> discard(log)).start();
                return URI.create(line.substring(LISTENING.length()));
            }
        }
        throw new IOException(Chromium.PROGRAM + " ended before it was ready");
    }

    private static void discard(BufferedReader log) {
        try {
            log.transferTo(Writer.nullWriter());
        } catch (IOException ended) {
            // The browser is closed.
        }
    }
}
