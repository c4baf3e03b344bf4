package dev.warder.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BuiltWarIT {
    static Stream<Named<Container.Starter>> containers() {
        return Stream.of(Named.of("Jetty", JettyContainer::start), Named.of("Tomcat", TomcatContainer::start));
    }

    @ParameterizedTest
    @MethodSource("containers")
    void deploysWithTheFilesOfConf(Container.Starter starter) throws Exception {
        var deployment = Deployment.builtWar().at("/gw").withConf("http://127.0.0.1:9", "k".repeat(20), "t".repeat(20));
        try (var container = starter.start(deployment)) {
            assertThat(container.deployed()).isTrue();
            var response = RawClient.exchange(container.baseUri(), RawRequest.of("GET", "/gw/WEB-INF/web.xml"));
            assertThat(response.status()).isBetween(400, 499);
        }
    }
}
