package dev.warder.testkit;

import java.nio.file.Path;

/** Runs in a JVM of its own with an environment of the test's: deploys a probe WAR with conf/ and prints what it sees. */
final class ConfProbe {
    private ConfProbe() {}

    public static void main(String[] arguments) throws Exception {
        var deployment = Deployment.of(Path.of(arguments[1])).withConfAsGiven();
        Container.Starter starter = arguments[0].equals("jetty") ? JettyContainer::start : TomcatContainer::start;
        try (var container = starter.start(deployment)) {
            for (var name : new String[] {"upstream.url", "secret.key", "secret.token"}) {
                var request = RawRequest.of("GET", "/probe/jndi?warder/" + name);
                System.out.println(
                        RawClient.exchange(container.baseUri(), request).text());
            }
        }
    }
}
