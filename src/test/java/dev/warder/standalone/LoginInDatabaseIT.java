package dev.warder.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.ScriptedUpstream;
import dev.warder.testkit.TokenServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A login in the database of {@code data.dir}. */
class LoginInDatabaseIT {
    private static final String LONG_AGO = "1577836800";

    private final Path folder;

    LoginInDatabaseIT(@TempDir Path folder) {
        this.folder = folder;
    }

    /** A refresh token counts once: were the new one lost, the login would be. */
    @Test
    void aRenewedLoginSurvivesAKill() throws Exception {
        try (var tokens = TokenServer.start();
                var upstream = ScriptedUpstream.plain()) {
            upstream.script((request, reply) -> reply.json(200, "{}"));
            try (var first = warder("first", tokens, upstream)) {
                assertThat(ask(first)).as("no login is stored").isEqualTo(502);
                first.terminate();
                first.exitCode();
            }
            store("{\"access_token\":\"" + TokenServer.foreign(1) + "\",\"refresh_token\":\"" + tokens.login()
                    + "\",\"expires_at\":" + LONG_AGO + "}");
            String renewed;
            try (var killed = warder("killed", tokens, upstream)) {
                assertThat(ask(killed)).isEqualTo(200);
                renewed = token(upstream.take());
                assertThat(tokens.knows(renewed)).isTrue();
                killed.kill();
            }
            try (var next = warder("next", tokens, upstream)) {
                assertThat(ask(next)).isEqualTo(200);
                assertThat(token(upstream.take())).isEqualTo(renewed);
            }
            assertThat(tokens.refreshes().value()).isOne();
            assertThat(tokens.reuses().value()).isZero();
        }
    }

    private WarderProcess warder(String name, TokenServer tokens, ScriptedUpstream upstream) throws Exception {
        return new WarderProcess(
                Files.createDirectories(folder.resolve(name)),
                "--port=0",
                "--data.dir=" + folder.resolve("data"),
                "--upstream.url=" + upstream.uri(),
                "--upstream.credentials=team=oauth",
                "--oauth.tokenUrl=" + tokens.url(),
                "--oauth.clientId=the-client",
                "--oauth.store=jdbc");
    }

    private static int ask(WarderProcess warder) throws Exception {
        var request = HttpRequest.newBuilder(warder.base().resolve("/v1/messages"))
                .header("x-api-key", warder.token())
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString("{\"model\":\"claude-x\",\"max_tokens\":9,\"messages\":[]}"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static String token(RecordedRequest sent) {
        return sent.fields().first("Authorization").orElseThrow().substring("Bearer ".length());
    }

    private void store(String login) throws SQLException {
        var database = new JdbcDataSource();
        database.setURL("jdbc:h2:file:" + folder.resolve("data").resolve("warder"));
        database.setUser("warder");
        try (var connection = database.getConnection();
                var merge = connection.prepareStatement(
                        "MERGE INTO warder_oauth_token (name, generation, token) KEY (name) VALUES ('team', 7, ?)")) {
            merge.setString(1, login);
            merge.executeUpdate();
        }
    }
}
