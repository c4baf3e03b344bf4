package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.FloodUpstream;
import dev.warder.testkit.FloodUpstream.Response;
import dev.warder.testkit.RequestFlood;
import dev.warder.testkit.Turns;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Honest clients, by the tens of thousands: each gets a whole response, and none is taken for lost. */
@Tag("turn-4")
class RequestFloodIT {
    private static final String TOKEN = "flood-" + "access0".repeat(4);
    private static final String MANAGED_KEY = "sk-" + "ant-api03-" + "managed0".repeat(5);
    private static final String OWN_KEY = "sk-" + "ant-api03-" + "clients0".repeat(5);
    private static final boolean LONG = Boolean.getBoolean("warder.long");

    private final Path folder;

    RequestFloodIT(@TempDir Path folder) {
        this.folder = folder;
    }

    /** What a cold start met: 4 of 20,000 clients waited until their own time-out. */
    @Test
    void answersEarlyRefusalsOfSmallUploadsFromAColdStart() throws Exception {
        try (var upstream = FloodUpstream.start(List.of(Response.EARLY));
                var warder = started(upstream.uri())) {
            var flood = flood(warder, List.of("X-Warder-Token: " + TOKEN + "\r\nx-api-key: " + OWN_KEY))
                    .fresh(LONG ? 100_000 : Turns.of(600, 20_000), "POST /anthropic/v1/messages");
            assertAllAnswered(flood, warder, "cold start");
        }
    }

    @Test
    void answersEveryRequest() throws Exception {
        long seed = System.nanoTime();
        try (var upstream = FloodUpstream.start(List.of(Response.values()));
                var warder = started(upstream.uri())) {
            var flood = flood(
                            warder,
                            List.of("x-api-key: " + TOKEN, "X-Warder-Token: " + TOKEN + "\r\nx-api-key: " + OWN_KEY))
                    .mixed(Integer.getInteger("warder.flood", LONG ? 300_000 : Turns.of(600, 20_000)), seed);
            assertAllAnswered(flood, warder, "seed " + seed);
        }
    }

    private WarderProcess started(URI upstream) throws Exception {
        Files.writeString(folder.resolve("token"), TOKEN);
        Files.writeString(folder.resolve("key"), MANAGED_KEY);
        return new WarderProcess(
                folder,
                "--port=0",
                "--upstream.url=" + upstream,
                "--upstream.credentials=main=file:" + folder.resolve("key"),
                "--clients.token=file:" + folder.resolve("token"));
    }

    private static RequestFlood flood(WarderProcess warder, List<String> credentials) throws Exception {
        return new RequestFlood(warder.base(), credentials);
    }

    private static void assertAllAnswered(RequestFlood flood, WarderProcess warder, String what) throws Exception {
        warder.terminate();
        warder.exitCode();
        long gone = warder.countLogLines("end=client-gone");
        System.out.println(
                flood.answered() + " answered, " + flood.unanswered().size() + " not, " + gone + " client-gone");
        assertThat(flood.unanswered())
                .as(what + ", " + flood.answered() + " answered, " + gone + " taken for lost")
                .isEmpty();
        assertThat(gone).as(what).isZero();
    }
}
