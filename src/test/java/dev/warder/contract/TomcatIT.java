package dev.warder.contract;

import dev.warder.testkit.TomcatContainer;
import org.junit.jupiter.api.Nested;

class TomcatIT {
    @Nested
    class Relay extends RelayContract {
        Relay() {
            super(TomcatContainer::start);
        }
    }
}
