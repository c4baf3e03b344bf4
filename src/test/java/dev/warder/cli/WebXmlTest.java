package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.GatewaySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that an operator wrote into the descriptor. */
class WebXmlTest {
    private final Path webapp;

    WebXmlTest(@TempDir Path webapp) {
        this.webapp = webapp;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<context-param><param-name>warder.clients.open</param-name><param-value>true</param-value></context-param>",
                "<filter><filter-name>F</filter-name><filter-class>dev.warder.auth.ClientAuthFilter</filter-class><init-param>"
                        + "<param-name>clients.open</param-name><param-value> true </param-value></init-param></filter>",
                "<servlet><servlet-name>S</servlet-name><servlet-class>dev.warder.exchange.ProxyServlet</servlet-class><init-param>"
                        + "<param-name>clients.open</param-name><param-value>true</param-value></init-param></servlet>",
                "<env-entry><env-entry-name>warder/clients.open</env-entry-name>"
                        + "<env-entry-type>java.lang.String</env-entry-type><env-entry-value>true</env-entry-value></env-entry>",
            })
    void countWhereverTheyStand(String element) throws Exception {
        assertThat(config(element, Map.of()).clients().open()).isTrue();
    }

    @Test
    void giveWayToTheCommandLine() throws Exception {
        String open = "<context-param><param-name>warder.clients.open</param-name><param-value>true</param-value>"
                + "</context-param>";
        assertThat(config(open, Map.of("clients.open", "false")).clients().open())
                .isFalse();
    }

    @Test
    void doNotCountForFiltersOfOthers() throws Exception {
        String other = "<filter><filter-name>F</filter-name><filter-class>org.example.F</filter-class><init-param>"
                + "<param-name>clients.open</param-name><param-value>true</param-value></init-param></filter>";
        assertThat(config(other, Map.of()).clients().configured()).isFalse();
    }

    @Test
    void areNoneWithoutADescriptor() {
        assertThat(WebXml.read(webapp)).isEqualTo(WebXml.NONE);
    }

    private GatewaySettings config(String element, Map<String, String> settings)
            throws CommandLine.UsageException, IOException {
        Path file = Files.createDirectories(webapp.resolve("WEB-INF")).resolve("web.xml");
        Files.writeString(
                file,
                "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\">" + element + "</web-app>");
        return new Entries(settings, WebXml.read(webapp)).check(name -> Optional.empty());
    }
}
