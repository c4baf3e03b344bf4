package dev.warder.servers;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The contract on each server and Java release; without {@code mvn -Pservers} none of them is asked for. One run works at
 * a time, while others wait in their silent streams.
 */
@Execution(ExecutionMode.CONCURRENT)
class EveryServer {
    @Nested
    class Choice extends ChosenRows {}

    @Nested
    class GlassFish7On17 extends ServerContract {
        GlassFish7On17() {
            super(Rows.of("glassfish7", 17));
        }
    }

    @Nested
    class GlassFish8On25 extends ServerContract {
        GlassFish8On25() {
            super(Rows.of("glassfish8", 25));
        }
    }

    @Nested
    class JettyOn17 extends ServerContract {
        JettyOn17() {
            super(Rows.of("jetty", 17));
        }
    }

    @Nested
    class JettyOn25 extends ServerContract {
        JettyOn25() {
            super(Rows.of("jetty", 25));
        }
    }

    @Nested
    class LibertyOn17 extends ServerContract {
        LibertyOn17() {
            super(Rows.of("liberty", 17));
        }
    }

    @Nested
    class PayaraOn17 extends ServerContract {
        PayaraOn17() {
            super(Rows.of("payara", 17));
        }
    }

    @Nested
    class Tomcat10On17 extends ServerContract {
        Tomcat10On17() {
            super(Rows.of("tomcat10", 17));
        }
    }

    @Nested
    class Tomcat10On25 extends ServerContract {
        Tomcat10On25() {
            super(Rows.of("tomcat10", 25));
        }
    }

    @Nested
    class Tomcat11On17 extends ServerContract {
        Tomcat11On17() {
            super(Rows.of("tomcat11", 17));
        }
    }

    @Nested
    class Tomcat11On25 extends ServerContract {
        Tomcat11On25() {
            super(Rows.of("tomcat11", 25));
        }
    }

    @Nested
    class WildFlyOn17 extends ServerContract {
        WildFlyOn17() {
            super(Rows.of("wildfly", 17));
        }
    }
}
