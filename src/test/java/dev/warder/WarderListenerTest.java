package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.admin.GatewayMXBean;
import dev.warder.auth.ClientAuthFilter;
import dev.warder.auth.Gate;
import dev.warder.auth.Inquiry;
import dev.warder.auth.Verdict;
import dev.warder.config.ConfigException;
import dev.warder.http.Application;
import dev.warder.http.Attributes;
import dev.warder.http.GatewayFilter;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.LogLine;
import dev.warder.testkit.TestApplication;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.plus.jndi.Resource;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Start and stop of the application and of its modules. */
class WarderListenerTest {
    private static final String FAULT = "a fault of the test";

    private final ServletContextHandler handler = new ServletContextHandler("/listened");
    private final ServletContextEvent event = new ServletContextEvent(handler.getServletContext());
    private final WarderListener listener = new WarderListener();

    private final List<String> done = new ArrayList<>();
    private final Modules modules = new Modules();

    @BeforeEach
    void giveAServer() {
        handler.setServer(new Server());
    }

    @Test
    void drainsBeforeTheFirstRequestWhereTheFileIsThereAlready(@TempDir Path folder) throws Exception {
        var file = Files.createFile(folder.resolve("warder.drain"));
        set("drain.file", file.toString());
        listener.contextInitialized(event);
        try {
            var gateway = Attributes.find(handler.getServletContext(), GatewayMXBean.class);
            assertThat(gateway.orElseThrow().isDraining()).isTrue();
        } finally {
            listener.contextDestroyed(event);
        }
    }

    @Test
    void namesADatabaseThatCannotBeUsedTogetherWithTheOtherProblems() throws Exception {
        var bound = new Resource("jdbc/warder", "no DataSource");
        set("limits.streams", "none");
        try {
            assertThatThrownBy(() -> listener.contextInitialized(event))
                    .isInstanceOfSatisfying(ConfigException.class, refused -> assertThat(refused.problems())
                            .anyMatch(problem -> problem.startsWith("limits.streams"))
                            .anyMatch(problem -> problem.startsWith("jdbc/warder")));
        } finally {
            bound.unbindENC();
            bound.release();
        }
    }

    @Test
    void namesTheContainerOfAConfigurationThatIsRefused() {
        set("limits.streams", "none");
        try (var log = LogCapture.start()) {
            assertThatThrownBy(() -> listener.contextInitialized(event)).isInstanceOf(ConfigException.class);
            assertThat(log.lines("dev.warder", Level.INFO))
                    .extracting(LogLine::text)
                    .filteredOn(
                            text -> text.contains(handler.getServletContext().getServerInfo()))
                    .hasSize(1);
        }
    }

    /** One fails while the parts are created, one before the threads are started. */
    @ParameterizedTest
    @ValueSource(strings = {"getContextPath", "setAttribute"})
    void aStartThatFailsInTheContainerLeavesNothing(String failing) {
        var application = (ServletContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ServletContext.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(failing)) {
                        throw new IllegalStateException(FAULT);
                    }
                    return method.invoke(handler.getServletContext(), arguments);
                });
        leavesNothing(new ServletContextEvent(application));
    }

    @Test
    void aStartThatFailsAfterItsThreadsWereStartedLeavesNothing() {
        var broken = new BrokenLog("Warder is ready");
        var logger = Logger.getLogger("dev.warder");
        var before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.addHandler(broken);
        try {
            leavesNothing(event);
            assertThat(broken.threads).isGreaterThan(4);
            assertThat(broken.beans).isGreaterThan(1);
        } finally {
            logger.removeHandler(broken);
            logger.setLevel(before);
        }
    }

    private void leavesNothing(ServletContextEvent failing) {
        var before = threads();
        assertThatThrownBy(() -> listener.contextInitialized(failing)).hasMessage(FAULT);
        assertThat(threads()).isSubsetOf(before);
        assertThat(beans()).isEmpty();
        listener.contextDestroyed(failing);
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("warder-"))
                .collect(Collectors.toSet());
    }

    private static Set<ObjectName> beans() {
        try {
            var all = new ObjectName("dev.warder:context=\"/listened\",*");
            return ManagementFactory.getPlatformMBeanServer().queryNames(all, null);
        } catch (MalformedObjectNameException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Fails at a line that begins like this, and notes what there is then. */
    private static final class BrokenLog extends Handler {
        private final String beginning;
        private int threads;
        private int beans;

        BrokenLog(String beginning) {
            this.beginning = beginning;
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getMessage().startsWith(beginning)) {
                threads = threads().size();
                beans = beans().size();
                throw new IllegalStateException(FAULT);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void aFilterOfAnApplicationThatDidNotStartNamesWhatIsMissing() {
        assertThatThrownBy(() -> initialized(new ClientAuthFilter()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no Application here: is web.xml complete?");
    }

    @Test
    void aFilterThatTheApplicationDoesNotKnowStopsTheDeployment() {
        listener.contextInitialized(event);
        try {
            assertThatThrownBy(() -> initialized(new UnknownFilter())).hasMessageContaining("UnknownFilter");
        } finally {
            listener.contextDestroyed(event);
        }
    }

    private static final class UnknownFilter extends GatewayFilter<String> {
        private static final long serialVersionUID = 1;
    }

    /** A server may destroy a filter after the same context has started again. */
    @Test
    void aFilterTakesDownTheApplicationThatItHasJoined() throws ServletException {
        var earlier = TestApplication.none();
        Attributes.put(handler.getServletContext(), Application.class, earlier);
        var filter = initialized(new ClientAuthFilter());
        var later = TestApplication.none();
        Attributes.put(handler.getServletContext(), Application.class, later);
        filter.destroy();
        assertThat(earlier.readiness().stopping()).isTrue();
        assertThat(later.readiness().stopping()).isFalse();
    }

    private Filter initialized(Filter filter) throws ServletException {
        filter.init((FilterConfig) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {FilterConfig.class},
                (proxy, method, arguments) -> handler.getServletContext()));
        return filter;
    }

    private void set(String name, String value) {
        handler.setInitParameter("warder." + name, value);
    }

    @Test
    void modulesStartInOrderAndStopInTheReverseOrder() {
        for (var name : List.of("first", "second", "third")) {
            modules.add(name, () -> done.add("starts " + name), () -> done.add("stops " + name));
        }
        modules.start();
        modules.stop();
        assertThat(done)
                .containsExactly(
                        "starts first", "starts second", "starts third", "stops third", "stops second", "stops first");
    }

    @Test
    void allModulesStopAlsoAfterOneThatFails() {
        modules.add("the first", () -> done.add("first"));
        modules.add("the second", () -> {
            throw new IllegalStateException(FAULT);
        });
        modules.add("the third", () -> {
            throw new NoClassDefFoundError(FAULT);
        });
        modules.add("the last", () -> done.add("last"));
        try (var log = LogCapture.start()) {
            modules.stop();
            assertThat(done).containsExactly("last", "first");
            assertThat(log.lines("dev.warder.Modules", Level.SEVERE))
                    .extracting(line -> line.text())
                    .satisfiesExactly(
                            text -> assertThat(text).startsWith("Failed to close the third"),
                            text -> assertThat(text).startsWith("Failed to close the second"));
        }
    }

    @Test
    void otherModulesStopAfterAFailureThatCannotBeLogged() {
        modules.add("the first", () -> done.add("first"));
        modules.add("the last", () -> {
            throw new IllegalStateException(FAULT);
        });
        var broken = new UnloadableLog();
        Logger.getLogger("").addHandler(broken);
        try {
            modules.stop();
        } finally {
            Logger.getLogger("").removeHandler(broken);
        }
        assertThat(broken.reached).isTrue();
        assertThat(done).containsExactly("first");
    }

    @Test
    void gatesAreAskedByTheirTurnsAndNotInTheOrderOfTheirModules() {
        Gate ledger = new Granting();
        Gate budgets = new Granting();
        Gate added = new Granting();
        Gate alsoAdded = new Granting();
        modules.gate(Modules.Turn.LEDGER, ledger);
        modules.gate(Modules.Turn.ADDED, added);
        modules.gate(Modules.Turn.ADDED, alsoAdded);
        modules.gate(Modules.Turn.BUDGETS, budgets);
        assertThat(modules.gates()).containsExactly(budgets, added, alsoAdded, ledger);
    }

    private static final class Granting implements Gate {
        @Override
        public Needs needs() {
            return Needs.HEAD;
        }

        @Override
        public Verdict ask(Inquiry inquiry) {
            return Verdict.granted();
        }
    }

    /** As on a server that can load no further class. */
    private static final class UnloadableLog extends Handler {
        private boolean reached;

        @Override
        public void publish(LogRecord record) {
            reached = true;
            throw new NoClassDefFoundError(FAULT);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
