package dev.warder.testkit;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;

/**
 * The built WAR in a JVM of its own, for tests that hostile clients try to end: in embedded Tomcat, embedded Jetty, or
 * standalone. The heap is 512 MiB unless an option says otherwise, and an {@link OutOfMemoryError} ends the process, so
 * that {@link #alive} is false. Heap and MBean are read through the JVM's local management agent. Thread-safe.
 */
public final class GatewayProcess implements AutoCloseable {
    /** What the WAR runs in. */
    public enum Form {
        /** Embedded Tomcat, see {@link TomcatContainer}. */
        TOMCAT,
        /** Embedded Jetty, see {@link JettyContainer}. */
        JETTY,
        /** {@code java -jar warder.war}. */
        STANDALONE
    }

    static final char RELOAD = 'l';
    static final char REPLACE = 'r';
    static final char UNDEPLOY = 'u';
    static final char COLLECT = 'c';

    private static final Pattern DONE = Pattern.compile("Done, class loaders: (\\d+)");
    private static final Pattern READY = Pattern.compile("is ready: (\\S+)");
    private static final long START_SECONDS = 60;
    private static final long STOP_SECONDS = 20;

    private final Path folder;
    private final Process process;
    private final URI base;
    private final JMXConnector connector;
    private final MBeanServerConnection beans;

    @SuppressWarnings("BanJNDI") // The local agent of a process that was started here.
    private GatewayProcess(Path folder, Process process) throws IOException, InterruptedException {
        this.folder = folder;
        this.process = process;
        this.base = awaitBase();
        this.connector = JMXConnectorFactory.connect(agent(process.pid()));
        this.beans = connector.getMBeanServerConnection();
    }

    /**
     * Starts the WAR at the root of a free port of 127.0.0.1 and waits until it is ready, 60 s at most.
     *
     * @param settings by their public names; secrets as references, such as {@code value:TEXT}
     * @param options of the virtual machine, which win over those of this class
     */
    public static GatewayProcess start(Form form, Map<String, String> settings, String... options)
            throws IOException, InterruptedException {
        var folder = TemporaryFolder.create("gateway");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dwarder.tests.lookMillis=100",
                "-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp"))));
        if (!Turns.inTurn()) {
            // One that runs for some seconds: without the second compiler it needs less of the processors.
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(List.of(options));
        command.addAll(form == Form.STANDALONE ? standalone(settings) : embedded(form, settings));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            return new GatewayProcess(folder, process);
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    /** The address of the context, without a slash at its end. */
    public URI baseUri() {
        return base;
    }

    /** Whether the process runs: an {@link OutOfMemoryError} ends it. */
    public boolean alive() {
        return process.isAlive();
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** All that it wrote to standard output and error, its log included. */
    public String log() {
        return read(folder.resolve("log"));
    }

    /** A numeric attribute of the application's MBean, such as {@code CollectedBytes}. */
    public long number(String attribute) {
        try {
            var name = beans.queryNames(new ObjectName("dev.warder:type=Gateway,*"), null)
                    .iterator()
                    .next();
            return ((Number) beans.getAttribute(name, attribute)).longValue();
        } catch (IOException | JMException unreadable) {
            throw new AssertionError("cannot read " + attribute + "\n" + log(), unreadable);
        }
    }

    /** See {@link Container#reload}; for embedded forms. Returns when that is done, 60 s at most. */
    public void reload() throws IOException, InterruptedException {
        order(RELOAD);
    }

    /** See {@link Container#replace}; for embedded forms. Returns when that is done, 60 s at most. */
    public void replace() throws IOException, InterruptedException {
        order(REPLACE);
    }

    /** Undeploys; for embedded forms. Returns when that is done, 60 s at most. */
    public void undeploy() throws IOException, InterruptedException {
        order(UNDEPLOY);
    }

    /** How many class loaders of deployments are left after a collection; for embedded forms. */
    public int applicationLoaders() throws IOException, InterruptedException {
        return order(COLLECT);
    }

    /** The names of the threads that run. */
    public List<String> threads() {
        try {
            var threads = ManagementFactory.newPlatformMXBeanProxy(
                    beans, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
            return Stream.of(threads.dumpAllThreads(false, false))
                    .map(ThreadInfo::getThreadName)
                    .toList();
        } catch (IOException unreadable) {
            throw new AssertionError("cannot read the threads\n" + log(), unreadable);
        }
    }

    /** Stops the whole process, as a long collection of garbage does, until {@link #goOn}. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Ends a {@link #pause}. */
    public void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("the gateway cannot be sent " + name);
        }
    }

    private int order(char order) throws IOException, InterruptedException {
        int before = done().size();
        process.getOutputStream().write(order);
        process.getOutputStream().flush();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        for (var done = done(); ; done = done()) {
            if (done.size() > before) {
                return done.get(before);
            }
            if (System.nanoTime() > end || process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the gateway did not obey " + order + "\n" + log());
            }
        }
    }

    /** The class loaders left after each order. */
    private List<Integer> done() {
        return DONE.matcher(log())
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
    }

    /** Bytes of the heap that are in use after a full collection. */
    public long heapAfterCollection() {
        try {
            var memory = ManagementFactory.newPlatformMXBeanProxy(
                    beans, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
            memory.gc();
            return memory.getHeapMemoryUsage().getUsed();
        } catch (IOException unreadable) {
            throw new AssertionError("cannot read the heap\n" + log(), unreadable);
        }
    }

    /** Sends SIGTERM and waits for the end, 20 s at most; SIGKILL then. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            connector.close();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException alreadyGone) {
            // The other side of the connector has ended.
        }
        TemporaryFolder.delete(folder);
    }

    private static List<String> standalone(Map<String, String> settings) {
        var command = new ArrayList<>(List.of("-jar", war(), "--port=0"));
        settings.forEach((name, value) -> command.add("--" + name + "=" + value));
        return command;
    }

    private static List<String> embedded(Form form, Map<String, String> settings) {
        var command = new ArrayList<>(List.of(
                "-Dwarder.war=" + war(),
                "-cp",
                System.getProperty("java.class.path"),
                GatewayMain.class.getName(),
                form.name()));
        settings.forEach((name, value) -> command.add(name + "=" + value));
        return command;
    }

    private static String war() {
        return Deployment.builtWar().war().toString();
    }

    private URI awaitBase() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < end) {
            var ready = READY.matcher(log());
            if (ready.find()) {
                return URI.create(ready.group(1));
            }
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw new AssertionError("the gateway did not start\n" + log());
    }

    private static JMXServiceURL agent(long pid) throws IOException {
        try {
            var machine = VirtualMachine.attach(Long.toString(pid));
            try {
                return new JMXServiceURL(machine.startLocalManagementAgent());
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException never) {
            throw new IOException("cannot attach to the gateway", never);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The program of a {@link GatewayProcess}: one container with the built WAR, until its standard input ends. */
    static final class GatewayMain {
        private static final long RENEWAL_MILLIS = 5;

        private GatewayMain() {}

        /**
         * Runs until standard input ends; {@code arguments} are {@code TOMCAT} or {@code JETTY}, and settings as {@code
         * NAME=VALUE}
         */
        public static void main(String[] arguments) throws Exception {
            var deployment = Deployment.builtWar().withOwnLibraries();
            for (var setting : List.of(arguments).subList(1, arguments.length)) {
                deployment = deployment.with(setting.split("=", 2)[0], setting.split("=", 2)[1]);
            }
            Container.Starter starter =
                    switch (GatewayProcess.Form.valueOf(arguments[0])) {
                        case TOMCAT -> GatewayMain::startTomcat;
                        case JETTY -> JettyContainer::start;
                        case STANDALONE ->
                            throw new IllegalArgumentException("the standalone form has its own program");
                    };
            try (var container = starter.start(deployment)) {
                if (!container.deployed()) {
                    throw new IllegalStateException("the WAR did not start");
                }
                System.out.println("Warder is ready: " + container.baseUri());
                obey(System.in, container);
            }
            System.exit(0);
        }

        /** After an application has stopped, it renews a thread every few milliseconds, instead of one of 200 a second. */
        private static Container startTomcat(Deployment deployment) throws Exception {
            var connector = new Connector();
            var container = TomcatContainer.start(deployment, connector);
            ((ThreadPoolExecutor) connector.getProtocolHandler().getExecutor()).setThreadRenewalDelay(RENEWAL_MILLIS);
            return container;
        }

        /** Carries the orders out, and reports after each how many class loaders of the application are left. */
        private static void obey(InputStream in, Container container) throws IOException {
            var loaders = new ArrayList<WeakReference<ClassLoader>>();
            loaders.add(new WeakReference<>(container.applicationLoader()));
            for (int order = in.read(); order >= 0; order = in.read()) {
                switch (order) {
                    case GatewayProcess.RELOAD -> container.reload();
                    case GatewayProcess.REPLACE -> container.replace();
                    case GatewayProcess.UNDEPLOY -> container.undeploy();
                    default -> System.gc();
                }
                if (order == GatewayProcess.RELOAD || order == GatewayProcess.REPLACE) {
                    loaders.add(new WeakReference<>(container.applicationLoader()));
                }
                System.out.println("Done, class loaders: " + left(loaders));
            }
        }

        private static long left(List<WeakReference<ClassLoader>> loaders) {
            return loaders.stream().filter(loader -> loader.get() != null).count();
        }
    }
}
