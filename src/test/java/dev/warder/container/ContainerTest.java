package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerTest {
    private static final Map<String, Predicate<Container>> CAPABILITIES = Map.of(
            "blocksForeignWrites", Container::blocksForeignWrites,
            "holdsShortResponses", Container::holdsShortResponses,
            "reportsEndEarly", Container::reportsEndEarly,
            "reentersAtLastChunk", Container::reentersAtLastChunk,
            "dispatchesAfterTasks", Container::dispatchesAfterTasks,
            "printsFailedDispatches", Container::printsFailedDispatches,
            "keepsConnectionsOfCutResponses", Container::keepsConnectionsOfCutResponses);

    @ParameterizedTest
    @CsvSource({
        "Apache Tomcat/10.1.61,               dispatchesAfterTasks reentersAtLastChunk",
        "Apache Tomcat/11.0.27,               dispatchesAfterTasks reentersAtLastChunk",
        "Apache Tomcat (TomEE)/10.1.59,       dispatchesAfterTasks reentersAtLastChunk",
        "jetty/12.1.12,                       ''",
        "WildFly Full 39.0.1.Final (WildFly Core 31.0.3.Final) - 2.3.20.Final, ''",
        "IBM WebSphere Liberty/26.0.0.5,      blocksForeignWrites holdsShortResponses printsFailedDispatches",
        "Eclipse GlassFish  7.0.21,           keepsConnectionsOfCutResponses reportsEndEarly",
        "Eclipse GlassFish  8.0.0,            keepsConnectionsOfCutResponses reportsEndEarly",
        "Payara Server  6.2025.10 #badassfish, keepsConnectionsOfCutResponses reportsEndEarly",
        "'',                                  ''"
    })
    void knowsWhatEachServerDoes(String serverInfo, String expected) {
        assertThat(capabilities(Container.of(serverInfo))).isEqualTo(expected);
    }

    @Test
    void recognizesTomcatThatHidesItsName() {
        assertThat(capabilities(Container.of(application("Apache", ContainerTest.class.getClassLoader()))))
                .isEqualTo("dispatchesAfterTasks reentersAtLastChunk");
        assertThat(capabilities(Container.of(application("Apache", new WithoutTomcat()))))
                .isEmpty();
    }

    @Test
    void warnsOfAnOldVersion() {
        assertThat(Container.of("Apache Tomcat/10.1.54").versionWarning()).isPresent();
        assertThat(Container.of("Apache Tomcat/10.1.61").versionWarning()).isEmpty();
    }

    private static String capabilities(Container container) {
        return CAPABILITIES.entrySet().stream()
                .filter(capability -> capability.getValue().test(container))
                .map(Map.Entry::getKey)
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** An application whose server has loaded its classes by {@code server}. */
    private static ServletContext application(String serverInfo, ClassLoader server) {
        return (ServletContext)
                Proxy.newProxyInstance(server, new Class<?>[] {ServletContext.class}, (self, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getServerInfo");
                    return serverInfo;
                });
    }

    /** The class loader of a server that is not made of Tomcat. */
    private static final class WithoutTomcat extends ClassLoader {
        WithoutTomcat() {
            super(ContainerTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.apache.coyote.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }
}
