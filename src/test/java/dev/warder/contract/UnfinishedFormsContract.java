package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.AtOnce;
import dev.warder.testkit.Container;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers without a token begin forms and do not end them. */
@OnEachContainer
@Tag("turn-4")
class UnfinishedFormsContract extends GroundContract {
    /** In a slice more than memory could be taken for. */
    private static final int FORMS = Turns.of(1_000, 6_000);

    /** Bytes of each, so that a few hundred need all memory that one network may have. */
    private static final int PART = 3_500;

    private static final int LOOKS = 10;
    private static final int THREADS = 4;

    @ParameterizedTest
    @ValueSource(strings = {"/admin/login", "/me"})
    void leaveOthersSigningIn(String path) throws Exception {
        var token = token();
        var clients = Files.writeString(folder.resolve("clients"), line(token, "ada"));
        var container = ground.container(
                "forms" + path.replace('/', '-'),
                ground.usual().with("clients.file", clients.toString()).withSecret("admin.token", ADMIN_TOKEN));
        var begun = request(container, "POST", path)
                        .field("Content-Type", "application/x-www-form-urlencoded")
                        .field("Transfer-Encoding", "chunked")
                        .head()
                + Integer.toHexString(PART) + "\r\n" + "a".repeat(PART) + "\r\n";
        var open = new ArrayList<RawClient>();
        try {
            for (int look = 0; look < LOOKS; look++) {
                AtOnce.run(THREADS, thread -> begin(container, begun)).forEach(open::addAll);
                signIn(container);
                var own = form(request(container, "POST", "/me"), "action=sign-in&token=" + token);
                assertStatus(303, send(container, own));
            }
            var displaced = open.get(0).readResponse();
            assertThat(displaced.status()).isEqualTo(429);
            assertThat(displaced.fields().lists("Connection", "close")).isTrue();
            assertThat(open.get(0).closedByPeer()).isTrue();
        } finally {
            for (var client : open) {
                client.close();
            }
        }
    }

    private static List<RawClient> begin(Container container, String begun) throws IOException {
        var open = new ArrayList<RawClient>();
        for (int i = 0; i < FORMS / LOOKS / THREADS; i++) {
            open.add(connect(container).send(begun));
        }
        return open;
    }
}
