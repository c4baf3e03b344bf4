package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.TomcatContainer;
import org.junit.jupiter.api.Nested;

/**
 * The contracts that the build also runs with other versions of a library. Those executions of {@code pom.xml} run them on
 * Jetty and by this class on Tomcat, so that each class path is written once.
 */
class LibrariesOnTomcat {
    @Nested
    class Sdk extends SdkContract {
        @Override
        Container.Starter starter() {
            return TomcatContainer.STARTER;
        }
    }

    @Nested
    class SpringAi extends SpringAiContract {
        @Override
        Container.Starter starter() {
            return TomcatContainer.STARTER;
        }
    }
}
