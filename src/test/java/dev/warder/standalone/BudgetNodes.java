package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;

/** Processes that share a database, with a data folder each, and one policy. They are killed and started again by one thread. */
final class BudgetNodes implements AutoCloseable {
    static final int COUNT = 2;

    private static final String ADMIN_TOKEN = "admin-" + "budgets0".repeat(4);

    /** Of Debian's package {@code libfaketime}. */
    private static final Path CLOCK_LIBRARY = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

    private final Path folder;
    private final String database;
    private final URI upstream;
    private final int clocks;
    private final Optional<String> earlier;
    private final List<WarderProcess> nodes = new ArrayList<>();
    private final AtomicReferenceArray<URI> bases = new AtomicReferenceArray<>(COUNT);
    private int starts;
    private int kills;
    private int version;

    /**
     * Creates them; none is started.
     *
     * @param folder has the file {@code clients}
     * @param clocks how many of them have the clock of {@link #changeClock}
     */
    BudgetNodes(Path folder, String database, URI upstream, int clocks) {
        this(folder, database, upstream, clocks, Optional.empty());
    }

    /** @param earlier the WAR of an earlier version, which the first node runs without a folder of its own */
    BudgetNodes(Path folder, String database, URI upstream, int clocks, Optional<String> earlier) {
        this.earlier = earlier;
        this.folder = folder;
        this.database = database;
        this.upstream = upstream;
        this.clocks = clocks;
    }

    static boolean canChangeClock() {
        return Files.exists(CLOCK_LIBRARY);
    }

    void start() throws Exception {
        for (int i = 0; i < COUNT; i++) {
            nodes.add(process(i));
            bases.set(i, nodes.get(i).base());
        }
    }

    private WarderProcess process(int node) throws IOException {
        var home = Files.createDirectories(folder.resolve("start" + starts++));
        String[] settings = {
            "--port=0",
            "--data.dir=" + folder.resolve("data" + node),
            "--admin.token=value:" + ADMIN_TOKEN,
            "--database.url=" + database,
            "--clients.file=" + folder.resolve("clients"),
            "--policy.file=" + folder.resolve("policy"),
            "--upstream.url=" + upstream,
            "--upstream.credentials=team=value:the-key"
        };
        if (node == 0 && earlier.isPresent()) {
            var own = Stream.of(settings).filter(each -> !each.startsWith("--data.dir"));
            return new WarderProcess(home, Map.of(), command(home, earlier.get(), own));
        }
        if (node >= clocks) {
            return Turns.inTurn() ? new WarderProcess(home, List.of(), settings) : new WarderProcess(home, settings);
        }
        return new WarderProcess(home, clock(), command(home, WarderProcess.war(), Stream.of(settings)));
    }

    private static List<String> command(Path home, String war, Stream<String> settings) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var before = Stream.of(java, "-Xmx192m", "-Djava.io.tmpdir=" + home.resolve("tmp"), "-jar", war);
        return Stream.concat(before, settings).toList();
    }

    /** The clock that never goes back is not changed, as on a machine whose time of day is set. */
    private Map<String, String> clock() {
        return Map.of(
                "LD_PRELOAD",
                CLOCK_LIBRARY.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                folder.resolve("clock").toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "DONT_FAKE_MONOTONIC",
                "1",
                // Otherwise each thread that waits for a time waits busily, with glibc 2.36.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    /** The time of day of the first nodes differs by this from now on, such as {@code +1h} or {@code +90} for seconds. */
    void changeClock(String by) throws IOException {
        replace("clock", by + "\n");
    }

    /** Each client may spend this from now on, in dollars. */
    void changeAmount(String amount) throws IOException {
        changeBudgets(amount, "UTC", List.of("lifetime"));
    }

    /** Each client may spend this in an hour, in a day and in a month, by the calendar of the zone from now on. */
    void changeZone(String amount, ZoneId zone) throws IOException {
        changeBudgets(amount, zone.getId(), List.of("hour", "day", "month"));
    }

    /** Each client may spend this, and send this many requests in a minute. */
    void changeAmount(String amount, int requests) throws IOException {
        changeBudgets(amount, "UTC", List.of("lifetime"), ", \"limits\": {\"requests_per_minute\": " + requests + "}");
    }

    private void changeBudgets(String amount, String zone, List<String> periods) throws IOException {
        changeBudgets(amount, zone, periods, "");
    }

    private void changeBudgets(String amount, String zone, List<String> periods, String limits) throws IOException {
        var budgets = periods.stream()
                .map(period -> "{\"amount\": \"" + amount + "\", \"period\": \"" + period + "\"}")
                .toList();
        replace(
                "policy",
                "{\"version\": " + ++version + ", \"zone\": \"" + zone + "\", \"clients\": [{\"name\": \"ci\","
                        + " \"kind\": \"service\", \"budgets\": " + budgets + limits + "}]}");
    }

    /** The version of the policy that was written last. */
    int version() {
        return version;
    }

    private void replace(String file, String content) throws IOException {
        var fresh = Files.writeString(folder.resolve("fresh"), content);
        Files.move(fresh, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The rows that a node exports. */
    long exported(int node) throws IOException {
        var request = RawRequest.of("GET", "/admin/api/ledger?format=jsonl").bearer(ADMIN_TOKEN);
        return RawClient.exchange(base(node), request).text().lines().count();
    }

    /** Where the node listens. */
    URI base(int node) {
        return bases.get(node);
    }

    /** Kills a node and starts it again. */
    void kill(int node) throws Exception {
        end(node);
        startAgain(node);
    }

    /** Kills a node. */
    void end(int node) throws Exception {
        kills++;
        nodes.get(node).kill();
    }

    void startAgain(int node) throws Exception {
        nodes.set(node, process(node));
        bases.set(node, nodes.get(node).base());
    }

    /** The same with all at once. */
    void killAll() throws Exception {
        for (var node : nodes) {
            kills++;
            node.kill();
        }
        for (int i = 0; i < COUNT; i++) {
            nodes.set(i, process(i));
        }
        for (int i = 0; i < COUNT; i++) {
            bases.set(i, nodes.get(i).base());
        }
    }

    /** How many of them were killed. */
    int kills() {
        return kills;
    }

    /** Stops them in order. */
    void stop() throws Exception {
        for (var node : nodes) {
            node.terminate();
            assertThat(node.exitCode()).isEqualTo(143);
        }
    }

    @Override
    public void close() {
        nodes.forEach(WarderProcess::close);
    }
}
