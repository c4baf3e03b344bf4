package dev.warder.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerVersionTest {
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
        assertThat(new ContainerVersion(serverInfo).warning().orElseThrow())
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
        assertThat(new ContainerVersion(serverInfo).warning().orElseThrow())
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
        assertThat(new ContainerVersion(serverInfo).warning()).isEmpty();
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
        assertThat(new ContainerVersion(serverInfo).warning()).isEmpty();
    }
}
