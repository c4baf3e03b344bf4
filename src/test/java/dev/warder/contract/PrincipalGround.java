package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Ground of the contracts of the policy in the database: nodes with one, and administrators. */
abstract class PrincipalGround extends PolicyGround {
    static final String API = "/admin/api/";

    private final Map<String, String> secrets = new TreeMap<>();
    private Optional<Container> shared = Optional.empty();
    private int started;

    /** A node that uses the policy in this database. */
    final Container node(String name, String database) throws Exception {
        return start(name, deployment(database));
    }

    final Deployment deployment(String database) {
        return ground.usual()
                .withDatabase(database)
                .with("policy.database", "true")
                .withSecret("admin.token", ADMIN_TOKEN);
    }

    /** Starts a node and waits until it has read the database. */
    final Container start(String name, Deployment deployment) throws Exception {
        var container = deployed(name + ++started, deployment);
        eventually(() -> send(container, administrator(container, "GET", "/health/ready"))
                        .status()
                == 200);
        return container;
    }

    /** A node of all tests of the class that want no more than clients of their own, with none when it is asked for. */
    final Container shared(Postgres postgres) throws Exception {
        if (shared.isEmpty()) {
            shared = Optional.of(node("shared", postgres.anotherAddress()));
        }
        removeClients(shared.get());
        return shared.get();
    }

    /** Removes all clients and teams, and with them their tokens: a client of the same name is another one. */
    final void removeClients(Container node) throws IOException {
        for (var kind : List.of("clients", "teams")) {
            for (var each : done(admin(node, "GET", kind + "?limit=1000"))
                    .getJsonArray("data")
                    .getValuesAs(JsonObject.class)) {
                done(admin(node, "DELETE", kind + "/" + each.getString("name")));
            }
        }
    }

    /** The response to an administrator's request below {@code /admin/api/}. */
    final RawResponse admin(Container container, String method, String resource) throws IOException {
        return send(container, administrator(container, method, API + resource));
    }

    final RawResponse admin(Container container, String method, String resource, String json) throws IOException {
        return send(container, administrator(container, method, API + resource).json(json.replace('\'', '"')));
    }

    /** The same for the version that was read last. */
    final RawResponse adminIfMatch(Container container, String method, String resource, String etag, String json)
            throws IOException {
        return send(
                container,
                administrator(container, method, API + resource)
                        .field("if-match", etag)
                        .json(json.replace('\'', '"')));
    }

    /** Creates a client. */
    final void createClient(Container container, String name, String members) throws IOException {
        created(admin(container, "POST", "clients", "{'name': '" + name + "', 'kind': 'service'" + members + "}"));
    }

    /** Creates a token of this name, and keeps it. */
    final JsonObject createToken(Container container, String name, String client, String terms) throws IOException {
        return keep(name, requestToken(container, name, client, terms));
    }

    /** The response to the creation of a token. */
    final RawResponse requestToken(Container container, String name, String client, String terms) throws IOException {
        return admin(
                container,
                "POST",
                "tokens",
                "{'name': '" + name + "', 'client': '" + client + "', 'terms': {" + terms + "}}");
    }

    /** Keeps the token of this response, which created it. */
    final JsonObject keep(String name, RawResponse response) {
        var created = created(response);
        keep(name, created.getString("token"));
        return created;
    }

    /** Keeps a token that was created before. */
    final void keep(String name, String secret) {
        log.plant(secret);
        secrets.put(name, secret);
    }

    static JsonObject created(RawResponse response) {
        assertStatus(201, response);
        return Answers.json(response);
    }

    static JsonObject done(RawResponse response) {
        assertStatus(200, response);
        return Answers.json(response);
    }

    static String etag(RawResponse response) {
        return response.fields().values("etag").get(0);
    }

    /** The status of a request for the model by this token. */
    final int status(Container container, String token) throws IOException {
        return use(container, token).status();
    }

    final RawResponse use(Container container, String token) throws IOException {
        return send(container, message(container, token, "claude-haiku-4-5"));
    }

    final RawRequest message(Container container, String token, String model) {
        return request(container, "POST", MESSAGES)
                .field("x-api-key", issued(token))
                .json(body(model));
    }

    /** The text of a token that was created. */
    final String issued(String token) {
        return secrets.getOrDefault(token, "none");
    }
}
