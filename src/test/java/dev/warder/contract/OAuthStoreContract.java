package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.TokenServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Level;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** Where a login lies, and who else writes there. */
class OAuthStoreContract extends OAuthGroundContract {
    private static final String WITHOUT = "The login of credential team has no refresh token; log in again.";

    @Test
    void takesUpWhatAnotherProcessHasStored() throws Exception {
        store("changed", login(1, FAR));
        var container = deploy("changed", login("changed", ""));
        assertThat(ask(container).status()).isEqualTo(200);
        assertThat(token(ground.upstream().take())).isEqualTo(TokenServer.foreign(1));
        store("changed", login(2, FAR));
        Eventually.holds(DeployedContract.SOON, () -> {
            ask(container);
            return token(ground.upstream().take()).equals(TokenServer.foreign(2));
        });
        store("changed", login(3, PAST));
        Eventually.holds(DeployedContract.SOON, () -> {
            ask(container);
            return server.knows(token(ground.upstream().take()));
        });
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void warnsAtStartOfALoginInTheShapeOfADeveloper() throws Exception {
        store(
                "shaped",
                "{\"claudeAiOauth\":{\"accessToken\":\"" + TokenServer.foreign(1) + "\",\"refreshToken\":\""
                        + server.login() + "\",\"expiresAt\":" + FAR + "000}}");
        var container = deploy("shaped", login("shaped", ""));
        assertThat(line(Level.WARNING, "claudeAiOauth"))
                .startsWith("oauth.store: ")
                .contains("operator's own OAuth client", "never stored");
        assertThat(ask(container).status()).isEqualTo(200);
        assertThat(token(ground.upstream().take())).isEqualTo(TokenServer.foreign(1));
    }

    /** The command {@code auth status} says it in the same words, see StandaloneTest. */
    @Test
    void callsAnExpiredLoginWithoutARefreshTokenUnusableEverywhere() throws Exception {
        store("expired", "{\"access_token\":\"" + server.login() + "\",\"expires_at\":" + PAST + "}");
        var container = deploy(
                "expired", login("expired", "").with("passthrough", "false").withSecret("admin.token", ADMIN_TOKEN));
        Eventually.holds(
                DeployedContract.SOON, () -> get(container, "/health/ready").status() == 503);
        assertThat(known(container, "/health/ready").text()).contains("credential-team", WITHOUT);
        assertThat(Answers.refused(ask(container), 502, "api_error")).contains("\"team\"");
        var page = Ground.send(container, administrator(container, "GET", "/admin/credentials"));
        assertThat(page.text()).contains("\"usable\":false", WITHOUT);
        assertThat(ground.log().lines("dev.warder", Level.SEVERE))
                .anySatisfy(line -> assertThat(line.text()).contains("team", WITHOUT));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void startsWithoutALogin() throws Exception {
        var container = deploy("missing", login("missing", ""));
        var answer = ask(container);
        assertThat(Answers.refused(answer, 502, "api_error")).contains("\"team\"");
        assertThat(get(container, "/health/ready").status()).isEqualTo(200);
        assertThat(get(container, "/health/ready").text()).doesNotContain("team", "no login is stored");
        assertThat(known(container, "/health/ready").text()).contains("team", "no login is stored");
        assertThat(ground.upstream().requests()).isEmpty();
        var own = Ground.request(container, "POST", "/v1/messages")
                .field("X-Warder-Token", Contract.ACCESS_TOKEN)
                .field("Authorization", "Bearer " + Contract.OWN_OAUTH)
                .json(QUESTION);
        ok(container, own);
        assertThat(token(ground.upstream().take())).isEqualTo(Contract.OWN_OAUTH);
        store("missing", login(1, FAR));
        Eventually.holds(
                DeployedContract.SOON,
                () -> !known(container, "/health/ready").text().contains("no login is stored"));
        assertThat(ask(container).status()).isEqualTo(200);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void keepsTheLoginInTheDatabase() throws Exception {
        String url = "jdbc:h2:mem:" + folder.getFileName() + ";DB_CLOSE_DELAY=-1";
        var container = deploy("rows", oauth("").with("oauth.store", "jdbc").withDatabase(url));
        assertThat(Answers.refused(ask(container), 502, "api_error")).contains("\"team\"");
        // Tomcat takes every driver from the DriverManager when an application stops.
        var database = new JdbcDataSource();
        database.setURL(url);
        try (var connection = database.getConnection()) {
            put(connection, login(1, PAST));
            Eventually.holds(DeployedContract.SOON, () -> ask(container).status() == 200);
            String token = token(ground.upstream().take());
            assertThat(server.knows(token)).isTrue();
            assertThat(stored(connection)).contains(token);
        }
        assertThat(server.refreshes().value()).isOne();
    }

    private static void put(Connection connection, String login) throws SQLException {
        try (var merge = connection.prepareStatement(
                "MERGE INTO warder_oauth_token (name, generation, token) KEY (name) VALUES ('team', 7, ?)")) {
            merge.setString(1, login);
            merge.executeUpdate();
        }
    }

    private static String stored(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT token FROM warder_oauth_token WHERE name = 'team' AND generation = 8")) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
