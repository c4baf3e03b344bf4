package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers and their versions. */
class ContainerTest {
    private static final Map<String, Predicate<Container>> CAPABILITIES = Map.of(
            "blocksForeignWrites", Container::blocksForeignWrites,
            "holdsShortResponses", Container::holdsShortResponses,
            "reportsEndEarly", Container::reportsEndEarly,
            "reentersAtLastChunk", Container::reentersAtLastChunk,
            "dispatchesAfterTasks", Container::dispatchesAfterTasks,
            "closesInputAtLength", Container::closesInputAtLength,
            "resetsStatusAtEvents", Container::resetsStatusAtEvents,
            "printsFailedDispatches", Container::printsFailedDispatches,
            "keepsConnectionsOfCutResponses", Container::keepsConnectionsOfCutResponses);

    @ParameterizedTest
    @CsvSource({
        "Apache Tomcat/10.1.61,               dispatchesAfterTasks reentersAtLastChunk",
        "Apache Tomcat/11.0.27,               closesInputAtLength dispatchesAfterTasks reentersAtLastChunk",
        "Apache Tomcat (TomEE)/10.1.59,       dispatchesAfterTasks reentersAtLastChunk",
        "jetty/12.1.12,                       ''",
        "WildFly Full 39.0.1.Final (WildFly Core 31.0.3.Final) - 2.3.20.Final, ''",
        "IBM WebSphere Liberty/26.0.0.5,      blocksForeignWrites holdsShortResponses printsFailedDispatches",
        "Eclipse GlassFish  7.0.21,           closesInputAtLength keepsConnectionsOfCutResponses reportsEndEarly resetsStatusAtEvents",
        "Eclipse GlassFish  8.0.0,            closesInputAtLength keepsConnectionsOfCutResponses reportsEndEarly resetsStatusAtEvents",
        "Payara Server  6.2025.10 #badassfish, closesInputAtLength keepsConnectionsOfCutResponses reportsEndEarly",
        "'',                                  ''"
    })
    void knowsWhatEachServerDoes(String serverInfo, String expected) {
        assertThat(capabilities(Container.of(serverInfo))).isEqualTo(expected);
    }

    @Test
    void recognizesTomcatThatHidesItsName() {
        assertThat(capabilities(Container.of(application("Apache", ContainerTest.class.getClassLoader()))))
                .isEqualTo("closesInputAtLength dispatchesAfterTasks reentersAtLastChunk");
        assertThat(capabilities(Container.of(application("Apache", new WithoutTomcat()))))
                .isEmpty();
    }

    /** As in the process of these tests, and in a program with an embedded Jetty. */
    @Test
    void isNoTomcatWhereJettyServesBesideClassesOfTomcat() {
        var jetty = Container.of(application("jetty/12.1.12", ContainerTest.class.getClassLoader()));
        assertThat(capabilities(jetty)).isEmpty();
        assertThat(jetty.exchangeMemory() + jetty.leastForUnsentPiece()).isZero();
        assertThat(Container.of("Apache Tomcat/10.1.61").exchangeMemory()).isPositive();
    }

    @Test
    void warnsOfAnOldVersion() {
        assertThat(Container.of("Apache Tomcat/10.1.54").versionWarning()).isPresent();
        assertThat(Container.of("Apache Tomcat/10.1.61").versionWarning()).isEmpty();
    }

    /** What stands in for GlassFish here does what {@code AsyncContextImpl.notifyAsyncListeners} does before each event. */
    @ParameterizedTest
    @ValueSource(strings = {"Eclipse GlassFish  7.0.21", "jetty/12.1.12"})
    void addsListenersWithoutAResponseThatGlassFishResets(String serverInfo) {
        var response = new Object() {
            final Object facade = proxy(HttpServletResponse.class, (self, method, arguments) -> null);
            Object added = "none";
        };
        var async = (AsyncContext) proxy(AsyncContext.class, (self, method, arguments) -> {
            switch (method.getName()) {
                case "addListener" -> response.added = arguments.length == 3 ? arguments[2] : response.facade;
                case "getResponse" -> {
                    return response.facade;
                }
                default -> {}
            }
            return null;
        });
        var listener = (AsyncListener) proxy(AsyncListener.class, (self, method, arguments) -> null);
        Container.of(serverInfo).listen(async, listener);
        assertThat(response.added instanceof HttpServletResponse).isEqualTo(!serverInfo.contains("GlassFish"));
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(ContainerTest.class.getClassLoader(), new Class<?>[] {type}, handler);
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

    @ParameterizedTest
    @CsvSource({
        "Apache Tomcat/10.1.55, 10.1.61",
        "Apache Tomcat/10.1.59, 10.1.61",
        "Apache Tomcat/10.1.60, 10.1.61",
        "Apache Tomcat (TomEE)/10.1.59, 10.1.61",
        "Apache Tomcat/11.0.22, 11.0.27",
        "Apache Tomcat/11.0.24, 11.0.27",
        "Apache Tomcat/11.0.26, 11.0.27"
    })
    void warnsOfATomcatThatMixesUpAnswers(String serverInfo, String floor) {
        assertThat(Container.of(serverInfo).versionWarning().orElseThrow())
                .startsWith(serverInfo + " ")
                .contains("CVE-2026-101356", "update", floor, "UpgradeProtocol");
    }

    @ParameterizedTest
    @CsvSource({
        "Apache Tomcat/10.1.0,     10.1.61",
        "Apache Tomcat/10.1.54,    10.1.61",
        "Apache Tomcat/11.0.0-M26, 11.0.27",
        "Apache Tomcat/11.0.21,    11.0.27",
        "jetty/12.0.33,            12.1"
    })
    void saysWhichVersionAnOlderContainerNeeds(String serverInfo, String floor) {
        assertThat(Container.of(serverInfo).versionWarning().orElseThrow())
                .startsWith(serverInfo + " ")
                .contains("older", "update", floor)
                .doesNotContain("CVE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Apache Tomcat/10.1.61",
                "Apache Tomcat/10.1.100",
                "Apache Tomcat/11.0.27",
                "Apache Tomcat/11.1.0",
                "Apache Tomcat/12.0.1",
                "jetty/12.1.0",
                "jetty/12.1.12",
                "jetty/13.0.0"
            })
    void isContentWithTheFloorsAndWhatIsAboveThem(String serverInfo) {
        assertThat(Container.of(serverInfo).versionWarning()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WildFly Full 39.0.1.Final (WildFly Core 31.0.3.Final) - 2.3.20.Final",
                "IBM WebSphere Liberty/26.0.0.5",
                "Eclipse GlassFish  7.0.21",
                "Eclipse GlassFish  8.0.0",
                "Payara Server  6.2025.10 #badassfish",
                "Apache Tomcat",
                "Apache Tomcat/Hidden",
                "Apache",
                "jetty/null",
                ""
            })
    void saysNothingOfContainersWithoutAFloorOrAVersion(String serverInfo) {
        assertThat(Container.of(serverInfo).versionWarning()).isEmpty();
    }
}
