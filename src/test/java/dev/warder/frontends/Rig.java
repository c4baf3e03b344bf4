package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TemporaryFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.logging.Level;

/** A front end before one or two nodes, each of them Warder in a container with an upstream of its own. One thread at a time. */
final class Rig implements AutoCloseable {
    /** The shared access token of every node. */
    static final String ACCESS_TOKEN = "shared-" + "access0".repeat(4);

    /** The managed key of every node. */
    static final String MANAGED_KEY = "sk-" + "ant-api03-" + "managed0".repeat(5);

    /**
     * Warder in a container.
     *
     * @param drainFile starts draining when it appears
     */
    record Node(ScriptedUpstream upstream, Container container, Path drainFile) {}

    private final FrontEnd kind;
    private final LogCapture log;
    private final Path folder;
    private final List<Node> nodes = new ArrayList<>();
    private final Deque<Ending> open = new ArrayDeque<>();

    private final RunningFrontEnd front;

    private Rig(FrontEnd kind, Container.Starter starter, int count, UnaryOperator<Deployment> more) throws Exception {
        this.kind = kind;
        folder = TemporaryFolder.create("rig");
        log = LogCapture.start().level("org.apache.hc", Level.INFO).plant(ACCESS_TOKEN, MANAGED_KEY);
        open.push(log::close);
        for (int i = 0; i < count; i++) {
            add(starter, more);
        }
        front = RunningFrontEnd.start(kind, List.of(address(0), address(count - 1)));
        open.push(front::close);
    }

    /** Starts everything, with one node or two. */
    static Rig start(FrontEnd kind, Container.Starter starter, int count) throws Exception {
        return start(kind, starter, count, deployment -> deployment);
    }

    /** The same with further settings. */
    static Rig start(FrontEnd kind, Container.Starter starter, int count, UnaryOperator<Deployment> more)
            throws Exception {
        return new Rig(kind, starter, count, more);
    }

    /** Front end and container, for reports. */
    String name() {
        return kind.name() + " before " + nodes.get(0).container().name();
    }

    /** Where clients find the front end. */
    URI uri() {
        return front.uri();
    }

    /** The front end. */
    RunningFrontEnd front() {
        return front;
    }

    /** The nodes. */
    List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** The upstream of the only node. */
    ScriptedUpstream upstream() {
        return nodes.get(0).upstream();
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            open.pop().run();
        }
        TemporaryFolder.delete(folder);
        assertThat(log.leaks()).isEmpty();
    }

    private URI address(int node) {
        return nodes.get(node).container().baseUri();
    }

    private void add(Container.Starter starter, UnaryOperator<Deployment> more) throws Exception {
        var upstream = ScriptedUpstream.plain();
        open.push(upstream::close);
        var drainFile = folder.resolve("drain-" + nodes.size());
        var deployment = Deployment.builtWar()
                .withConf(upstream.uri().toString(), MANAGED_KEY, ACCESS_TOKEN)
                .with("drain.file", drainFile.toString());
        var container = starter.start(more.apply(deployment));
        open.push(container::close);
        assertThat(container.deployed()).isTrue();
        nodes.add(new Node(upstream, container, drainFile));
    }

    /** Ends one of the parts. */
    private interface Ending {
        void run() throws IOException;
    }

    /** Files below {@code target/} with what was measured, for the pages of the documentation. */
    static final class Report {
        private Report() {}

        /** Adds text to a file. */
        static synchronized void append(String file, String text) throws IOException {
            var folder = Files.createDirectories(Path.of("target"));
            Files.writeString(folder.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        /** Adds one figure to {@code front-ends.md}. */
        static void figure(Rig rig, String what, Object value) throws IOException {
            append("front-ends.md", "| %s | %s | %s |%n".formatted(rig.name(), what, value));
        }
    }
}
