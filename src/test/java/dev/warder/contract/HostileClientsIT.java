package dev.warder.contract;

import dev.warder.testkit.GatewayProcess;
import org.junit.jupiter.api.Nested;

class HostileClientsIT {
    @Nested
    class OnTomcat extends HostileClients {
        OnTomcat() {
            super(GatewayProcess.Form.TOMCAT);
        }
    }

    @Nested
    class OnJetty extends HostileClients {
        OnJetty() {
            super(GatewayProcess.Form.JETTY);
        }
    }

    @Nested
    class Standalone extends HostileClients {
        Standalone() {
            super(GatewayProcess.Form.STANDALONE);
        }
    }
}
