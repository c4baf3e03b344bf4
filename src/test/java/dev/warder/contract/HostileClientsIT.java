package dev.warder.contract;

import dev.warder.testkit.GatewayProcess;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** On Tomcat in the gate, and on each in the slice. */
class HostileClientsIT {
    @Nested
    class OnTomcat extends HostileClients {
        OnTomcat() {
            super(GatewayProcess.Form.TOMCAT);
        }
    }

    @Nested
    @Tag("turn-only")
    class OnJetty extends HostileClients {
        OnJetty() {
            super(GatewayProcess.Form.JETTY);
        }
    }

    @Nested
    @Tag("turn-only")
    class Standalone extends HostileClients {
        Standalone() {
            super(GatewayProcess.Form.STANDALONE);
        }
    }
}
