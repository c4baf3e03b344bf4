package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.ConfigException;
import dev.warder.http.Attributes;
import dev.warder.http.Readiness;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.LogLine;
import jakarta.servlet.ServletContextEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.plus.jndi.Resource;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarderListenerTest {
    private final ServletContextHandler handler = new ServletContextHandler("/listened");
    private final ServletContextEvent event = new ServletContextEvent(handler.getServletContext());
    private final WarderListener listener = new WarderListener();

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
            assertThat(Attributes.get(handler.getServletContext(), Readiness.class)
                            .draining())
                    .isTrue();
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

    private void set(String name, String value) {
        handler.setInitParameter("warder." + name, value);
    }
}
