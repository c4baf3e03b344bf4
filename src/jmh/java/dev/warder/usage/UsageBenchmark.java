package dev.warder.usage;

import dev.warder.database.DatabaseSettings;
import dev.warder.http.Call;
import dev.warder.http.RequestHints;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.json.BodyCosts;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.LedgerSettings;
import dev.warder.ledger.store.Charged;
import dev.warder.observe.Metrics;
import dev.warder.observe.Metrics.ModelNames;
import dev.warder.record.AccessLog;
import dev.warder.record.LogSettings;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestObserver;
import dev.warder.record.RequestObservers;
import dev.warder.record.RequestRecord;
import dev.warder.record.UsedCredential;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.h2.jdbcx.JdbcDataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What counting costs: of a stream for each event, and of a small message with its record and observers. The observers run on
 * the calling thread, and no gate notes an intent: that costs about as much again as the row in the journal.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class UsageBenchmark {
    private static final int EVENTS = 1000;
    private static final String START =
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":[],"usage":{"input_tokens":1200,"output_tokens":1}}}

            """;
    private static final String EVENT =
            """
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" a few more words"}}

            """;
    private static final String MESSAGE =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-5\","
                    + "\"content\":[{\"type\":\"text\",\"text\":\"" + "a few more words ".repeat(45) + "\"}],"
                    + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":1200,\"output_tokens\":300}}";

    private static RequestUsage.Recorder recorder() {
        return new RequestUsage.Recorder(
                Rows.shipped("cheap=0.76"),
                new MessageThreads(),
                UnknownMembers.UNLIMITED,
                new TryIds(InstantSource.system(), new Random(1)),
                OutputRate.DEFAULT,
                InstantSource.system(),
                System::nanoTime);
    }

    private static RequestUsage admitted(RequestUsage.Recorder recorder, Call call) {
        var facts = new RequestUsage.Facts(
                call.id(),
                call.dialect(),
                Optional.of("session"),
                Optional.empty(),
                RequestHints.NONE,
                Optional.of("claude-sonnet-5"),
                Optional.of("claude-sonnet-5"),
                OptionalLong.of(2048),
                OptionalLong.of(100),
                BodyCosts.NONE,
                false,
                Optional.empty(),
                Optional.empty(),
                () -> 0);
        return recorder.admitted(facts, Optional.of("ci"), Optional.empty());
    }

    private static Call call() {
        return new Call("req_1", "POST", new RequestTarget("/v1/messages", Optional.empty()), Route.MESSAGES);
    }

    /** A stream that comes in pieces. */
    @State(Scope.Benchmark)
    public static class Stream {
        /** Bytes that arrive at once: pieces that cut events, a bit more than one event, and many. */
        @Param({"60", "139", "8192"})
        public int piece;

        final RequestUsage.Recorder recorder = recorder();
        final List<byte[]> pieces = new ArrayList<>();

        /** Cuts the stream. */
        @Setup
        public void cut() {
            byte[] all = (START + EVENT.repeat(EVENTS)).getBytes(StandardCharsets.US_ASCII);
            for (int at = 0; at < all.length; at += piece) {
                pieces.add(Arrays.copyOfRange(all, at, Math.min(all.length, at + piece)));
            }
        }
    }

    /** Reads the usage; one operation is one event. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long event(Stream stream) {
        var used = admitted(stream.recorder, call()).newTry("primary");
        var reader = new UsageReader(used, true, "", () -> {});
        stream.pieces.forEach(reader::read);
        return used.soFar().input();
    }

    /** The observers of requests. */
    @State(Scope.Benchmark)
    public static class Observed {
        /** Which ones. */
        @Param({"none", "log", "metrics", "memory", "journal", "all"})
        public String by;

        final RequestUsage.Recorder recorder = recorder();
        final byte[] message = MESSAGE.getBytes(StandardCharsets.US_ASCII);
        RequestObservers observers;
        Ledger ledger;
        private Path folder;

        /** Creates them, for each iteration: requests come faster than a database stores them. */
        @Setup(Level.Iteration)
        public void observe() throws IOException {
            folder = Files.createTempDirectory("warder-benchmark");
            var log = Logger.getLogger("dev.warder.access");
            log.setUseParentHandlers(false);
            if (log.getHandlers().length == 0) {
                log.addHandler(new Nowhere());
            }
            var list = new ArrayList<RequestObserver>();
            if (by.equals("log") || by.equals("all")) {
                list.add(new AccessLog(LogSettings.Format.TEXT));
            }
            if (by.equals("metrics") || by.equals("all")) {
                list.add(new Metrics(Set.of("primary"), Set.of(), new ModelNames(PriceBook::shipped)));
            }
            if (by.equals("memory") || by.equals("journal") || by.equals("all")) {
                ledger = ledger(folder, !by.equals("memory"));
                ledger.start();
                list.add(ledger);
            }
            observers = new RequestObservers(list);
        }

        private static Ledger ledger(Path folder, boolean journal) {
            var database = new JdbcDataSource();
            database.setUrl("jdbc:h2:file:" + folder.resolve("warder"));
            return Ledger.of(
                            new LedgerSettings(Duration.ofDays(400)),
                            new DatabaseSettings(
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    journal ? Optional.of(folder) : Optional.empty()),
                            Optional.of(database),
                            Thread::new,
                            Charged.Lookup.NONE)
                    .orElseThrow();
        }

        /** Ends their threads. */
        @TearDown(Level.Iteration)
        public void close() throws IOException {
            if (ledger != null) {
                ledger.close();
                if (ledger.lostRows() > 0) {
                    throw new IllegalStateException("rows were lost: something else was measured");
                }
            }
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Formats the line, as each handler does, and drops it. */
    private static final class Nowhere extends Handler {
        private final Formatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord line) {
            formatter.format(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Records a small message, its usage and its cost; one operation is one request. */
    @Benchmark
    public RequestRecord request(Observed observed) {
        var call = call();
        var record = new RequestRecord(call, "/v1/messages", observed.observers, System::nanoTime);
        record.client("ci");
        record.model("claude-sonnet-5");
        record.read(2048);
        record.usage(admitted(observed.recorder, call));
        var credential = new UsedCredential("primary", "api-key");
        var begun = record.beginTry(credential, URI.create("https://api.example.com"));
        begun.sendBegan();
        begun.sent();
        begun.responded(200);
        record.credential(credential);
        var reader = new UsageReader(begun.usage().orElseThrow(), false, "", () -> {});
        reader.read(observed.message);
        reader.end();
        record.status(200);
        record.firstByte();
        record.latency().arrived();
        record.latency().delivered();
        begun.whole();
        record.end(RequestEnd.OK, 1024);
        return record;
    }
}
