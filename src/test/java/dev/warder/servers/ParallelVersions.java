package dev.warder.servers;

import static dev.warder.servers.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Messages;
import dev.warder.testkit.RawEvent;
import dev.warder.testkit.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Tomcat's parallel deployment: {@code warder##2.war} beside {@code warder.war}, each with a descriptor of its own. */
final class ParallelVersions {
    private static final String OTHER_PROMPT = "The second version says: be briefer.";
    private static final String DESCRIPTORS = "conf/Catalina/localhost/";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private final ServerGround ground;

    ParallelVersions(ServerGround ground) {
        this.ground = ground;
    }

    /** A stream of the first version goes on to its end while new requests meet the second, until that is gone again. */
    void newRequestsMeetTheSecondWhileAStreamOfTheFirstGoesOn() throws Exception {
        var mayEnd = new CountDownLatch(1);
        ground.upstream().next(Script.events(Messages.ping(), mayEnd, Messages.end()));
        try (var client = ground.client()) {
            client.send(ground.streaming()).readHead();
            assertThat(client.readEvent().orElseThrow().name()).isEqualTo("ping");
            ground.upstream().take();
            deploySecond();
            eventually(() -> "the second version answers", LIMIT, () -> prompt().contains(OTHER_PROMPT));
            mayEnd.countDown();
            assertThat(ServerGround.rest(client)).extracting(RawEvent::name).endsWith("message_stop");
        }
        Files.delete(ground.server().site().folder().resolve("webapps/warder##2.war"));
        eventually(() -> "the first version answers again", LIMIT, () -> prompt().contains(ServerGround.PROMPT));
    }

    private void deploySecond() throws IOException {
        var site = ground.server().site();
        var first = Files.readString(site.folder().resolve(DESCRIPTORS + "warder.xml"));
        Files.writeString(
                site.folder().resolve(DESCRIPTORS + "warder##2.xml"), first.replace(ServerGround.PROMPT, OTHER_PROMPT));
        site.place("webapps/warder##2.war");
    }

    /** What a new request brings upstream; nothing while no version takes it. */
    private String prompt() {
        try {
            int status = ground.exchange(ground.streaming()).status();
            return status == 200 ? ground.upstream().take().text() : "";
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }
}
