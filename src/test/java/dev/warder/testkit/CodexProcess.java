package dev.warder.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One run of {@code codex exec} with its own home and working directory, in which its commands really run. A new session has no
 * sandbox. It requests nothing but its provider: the proxy for everything else is a port where nothing listens. Ends with
 * {@link #close}. Thread-safe.
 */
public final class CodexProcess implements AutoCloseable {
    /** The name of the program, whose npm package is {@code @openai/codex}. */
    public static final String PROGRAM = "codex";

    private static final Path INSTALLED = Path.of("target", PROGRAM, "node_modules", ".bin");
    private static final String CONFIG =
            """
            model_provider = "warder"

            [model_providers.warder]
            name = "Warder"
            base_url = "%s"
            wire_api = "responses"
            env_key = "WARDER_TOKEN"
            """;

    /** The address of the provider that Codex has of its own, to which it opens a WebSocket first. */
    private static final String BUILT_IN = """
            openai_base_url = "%s"
            """;

    private final Path folder;
    private final String token;
    private final String model;
    private final Process process;

    private CodexProcess(Path folder, String token, String model, List<String> arguments) throws IOException {
        this.folder = folder;
        this.token = token;
        this.model = model;
        this.process = process(arguments);
    }

    /**
     * What a finished run left.
     *
     * @param status the exit status
     * @param output standard output: the last message of the model
     * @param errors standard error: the session as a person sees it
     */
    public record Result(int status, String output, String errors) {}

    /** Where the program is, if this machine has it: the system property {@code codex}, the PATH, or {@code target/codex}. */
    public static Optional<Path> program() {
        var named = Stream.ofNullable(System.getProperty(PROGRAM)).map(Path::of);
        var path =
                Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)).map(Path::of);
        return Stream.concat(named, Stream.concat(path, Stream.of(INSTALLED)).map(folder -> folder.resolve(PROGRAM)))
                .filter(Files::isExecutable)
                .map(Path::toAbsolutePath)
                .findFirst();
    }

    /**
     * Starts a session with one prompt.
     *
     * @param baseUrl of the provider
     * @param token sent as its key
     * @param arguments of {@code codex exec}, the prompt last
     */
    public static CodexProcess start(String baseUrl, String token, String model, String... arguments)
            throws IOException {
        return configured(CONFIG.formatted(baseUrl), token, model, arguments);
    }

    /** As {@link #start}, with Codex's own provider at this address. */
    public static CodexProcess startBuiltIn(String baseUrl, String token, String model, String... arguments)
            throws IOException {
        return configured(BUILT_IN.formatted(baseUrl), token, model, arguments);
    }

    private static CodexProcess configured(String config, String token, String model, String... arguments)
            throws IOException {
        var folder = TemporaryFolder.create(PROGRAM);
        var home = Files.createDirectory(folder.resolve("home"));
        Files.createDirectory(folder.resolve("work"));
        Files.createFile(folder.resolve("nothing"));
        Files.writeString(home.resolve("config.toml"), config);
        var all = new ArrayList<>(List.of("--dangerously-bypass-approvals-and-sandbox"));
        all.addAll(List.of(arguments));
        return new CodexProcess(folder, token, model, all);
    }

    /** Continues the session of this run, which has ended, in another sandbox. */
    public CodexProcess resume(String sandbox, String prompt) throws IOException {
        return new CodexProcess(folder, token, model, List.of("--sandbox", sandbox, "resume", "--last", prompt));
    }

    private Process process(List<String> arguments) throws IOException {
        var home = folder.resolve("home");
        var command = new ArrayList<>(
                List.of(program().orElseThrow().toString(), "exec", "--skip-git-repo-check", "--model", model));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .directory(work().toFile())
                .redirectInput(folder.resolve("nothing").toFile())
                .redirectOutput(folder.resolve("output").toFile())
                .redirectError(folder.resolve("errors").toFile());
        var nothing = "http://127.0.0.1:" + FreePort.next();
        for (var variable : List.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")) {
            builder.environment().put(variable, nothing);
        }
        builder.environment().put("NO_PROXY", "127.0.0.1");
        builder.environment().put("HOME", home.toString());
        builder.environment().put("CODEX_HOME", home.toString());
        builder.environment().put("WARDER_TOKEN", token);
        builder.environment().put("CODEX_API_KEY", token);
        return builder.start();
    }

    /** Where its commands run. */
    public Path work() {
        return folder.resolve("work");
    }

    /** Waits for the end; an {@link AssertionError} when that takes longer. */
    public Result await(Duration limit) throws IOException, InterruptedException {
        if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new AssertionError("codex runs longer than " + limit + "\n" + read("errors"));
        }
        return new Result(process.exitValue(), read("output"), read("errors"));
    }

    /** Ends the program as the kernel would, without a word to its provider. */
    public void kill() {
        var all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().orTimeout(20, TimeUnit.SECONDS).join());
    }

    /** Ends the program and deletes its files. */
    @Override
    public void close() {
        kill();
        TemporaryFolder.delete(folder);
    }

    private String read(String file) throws IOException {
        return new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.UTF_8);
    }
}
