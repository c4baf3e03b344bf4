package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A running server with its instance; closing it ends the process and all that it started. One thread at a time. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final AppServer server;
    private final Site site;
    private final Process process;
    private int redeployments;

    private ServerProcess(AppServer server, Site site, Process process) {
        this.server = server;
        this.site = site;
        this.process = process;
    }

    /** Makes an instance, starts it and deploys; whether the WAR started is asked by {@link #awaitDeployed}. */
    static ServerProcess start(Run run, Map<String, String> environment, Map<String, String> settings, String recipe)
            throws IOException, InterruptedException {
        var server = run.server();
        var site = Site.create(run, environment, settings, recipe);
        server.prepare(site);
        var builder = builder(server, site, server.command(site));
        var started = new ServerProcess(server, site, builder.start());
        try {
            server.deploy(site);
            return started;
        } catch (IOException | AssertionError broken) {
            started.close();
            throw broken;
        }
    }

    /** Runs a tool of the server to its end, as long as a server may take to start; how it ended shows elsewhere. */
    static void tool(AppServer server, Site site, List<String> command) throws IOException, InterruptedException {
        var running = builder(server, site, command).start();
        if (!running.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
            running.destroyForcibly();
            throw new AssertionError("still running: " + command);
        }
    }

    /** A command with exactly the environment of the server, whose output is added to {@code console.log} of the site. */
    private static ProcessBuilder builder(AppServer server, Site site, List<String> command) {
        var console = ProcessBuilder.Redirect.appendTo(
                site.folder().resolve("console.log").toFile());
        var builder = new ProcessBuilder(command)
                .directory(site.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(console);
        var kept = new TreeMap<>(builder.environment());
        kept.keySet().retainAll(Set.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ"));
        builder.environment().clear();
        builder.environment().putAll(kept);
        builder.environment().put("JAVA_HOME", site.jdk().toString());
        builder.environment().putAll(site.environment());
        builder.environment().putAll(server.environment(site));
        return builder;
    }

    Site site() {
        return site;
    }

    void redeploy() throws IOException, InterruptedException {
        redeployments++;
        server.redeploy(site);
    }

    void undeploy() throws IOException, InterruptedException {
        server.undeploy(site);
    }

    Path drainFile() {
        return server.drainFile(site);
    }

    Optional<Pattern> consoleLine() {
        return server.consoleLine();
    }

    /** All that the process and the server's tools wrote to their standard output and error. */
    String console() {
        return read(site.folder().resolve("console.log"));
    }

    /** How many deployments' classes may be loaded after the redeployments so far. */
    int mostDeployments() {
        return server.mostDeployments(redeployments);
    }

    /** Waits until the WAR says that it is alive. */
    void awaitDeployed() throws InterruptedException {
        eventually(() -> "the WAR is deployed\n" + everything(), START, () -> live() || gone());
        if (gone()) {
            throw new AssertionError("the server ended\n" + everything());
        }
    }

    /** Waits until nothing answers for the WAR any more. */
    void awaitUndeployed() throws InterruptedException {
        eventually(() -> "the WAR is undeployed", START, () -> !live());
    }

    /** Waits until the log holds this text so many times. */
    void awaitLog(String text, int times) throws InterruptedException {
        eventually(() -> text + " in the log\n" + everything(), START, () -> count(text) >= times);
    }

    /** How many times the log holds this text. */
    int count(String text) {
        return log().split(Pattern.quote(text), -1).length - 1;
    }

    /** Whether the WAR answers that it is alive. */
    boolean live() {
        return well("/health/live");
    }

    /** Whether the WAR answers this question after its health with 200. */
    boolean well(String path) {
        try {
            var request = RawRequest.of("GET", site.baseUri().getPath() + path);
            return RawClient.exchange(site.baseUri(), request).status() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Sends {@code SIGTERM} to the JVM. */
    void terminate() {
        ProcessHandle.of(jvm()).orElseThrow().destroy();
    }

    boolean gone() {
        return !process.isAlive();
    }

    /** All of the server's log files. */
    String log() {
        try (var files = Files.isDirectory(server.logs(site)) ? Files.list(server.logs(site)) : Stream.<Path>empty()) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(ServerProcess::read)
                    .collect(Collectors.joining());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** What {@code jcmd} says of the server's JVM. */
    String jcmd(String... command) throws IOException, InterruptedException {
        var jcmd = new ProcessBuilder(site.jdk().resolve("bin/jcmd").toString(), Long.toString(jvm()));
        jcmd.command().addAll(List.of(command));
        var running = jcmd.redirectErrorStream(true).start();
        var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (running.waitFor() != 0) {
            throw new AssertionError("jcmd failed: " + said);
        }
        return said;
    }

    /** The process itself, or the innermost java of those that its script started. */
    private long jvm() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .filter(ServerProcess::isJava)
                .filter(each -> each.descendants().noneMatch(ServerProcess::isJava))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no JVM runs\n" + everything()))
                .pid();
    }

    private static boolean isJava(ProcessHandle handle) {
        return handle.info().command().orElse("").endsWith("/java");
    }

    private String everything() {
        return console() + log();
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void close() {
        var all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        boolean ended = process.onExit()
                .thenApply(exited -> true)
                .completeOnTimeout(false, STOP.toSeconds(), TimeUnit.SECONDS)
                .join();
        all.forEach(ProcessHandle::destroyForcibly);
        if (!ended) {
            throw new AssertionError("the server did not stop within " + STOP);
        }
    }
}
