package dev.warder.contract;

import dev.warder.testkit.JettyContainer;
import org.junit.jupiter.api.Nested;

class JettyIT {
    @Nested
    class Relay extends RelayContract {
        Relay() {
            super(JettyContainer::start);
        }
    }
}
