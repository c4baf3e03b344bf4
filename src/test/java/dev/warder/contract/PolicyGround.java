package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.AccessToken;
import dev.warder.testkit.BoundDatabase;
import dev.warder.testkit.BudgetCheck;
import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Limit;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Ground of the contracts of {@code policy.file}: access tokens by name, and files that change. */
abstract class PolicyGround extends GroundContract {
    /**
     * For the end of a removed client's access, which each node finds at its next look. That no look is later than operators may rely
     * on is shown by {@code ScheduleTest}.
     */
    static final Duration REMOVED = Limit.seconds(5);

    static final String MESSAGES = "/v1/messages";

    /** It costs 1 dollar for a million tokens of input, and 5 of output. */
    static final String MODEL = "claude-haiku-4-5";

    /** Tokens of {@code clients.file} with their attributes. */
    private static final Map<String, String> TOKENS = new TreeMap<>(Map.of(
            "build", "",
            "laptop", "",
            "desktop", "",
            "ci", " rights=passthrough,managed,workspace",
            "writer", "",
            "narrow", " models=claude-sonnet*",
            "stranger", " rights=passthrough,managed,workspace"));

    /**
     * {@code ada} may use everything. {@code build} is limited to some paths and, with its team, to Haiku; {@code
     * writer} to messages; {@code narrow} by its token to Sonnet. The tokens {@code stranger}, {@code shared} and
     * {@code build}, which is not that of the client of this name, belong to no client.
     */
    static final String CLIENTS =
            """
            "teams": [{"name": "blue", "models": ["claude-haiku*", "claude-sonnet*"]}],
            "clients": [
              {"name": "ada", "kind": "person", "token_names": ["laptop", "desktop"]},
              {"name": "build", "kind": "service", "token_names": ["ci"], "teams": ["blue"],
               "models": ["claude-haiku*", "claude-opus*"],
               "paths": ["/v1/messages*", "/v1/models*", "/v1/chat/completions", "/openai/v1/models*", "/anthropic*"]},
              {"name": "writer", "kind": "service", "paths": ["/v1/messages", "/v1/chat/completions"]},
              {"name": "narrow", "kind": "person", "models": ["claude-sonnet*", "claude-haiku*"]}
            ]
            """;

    private final Map<String, AccessToken> tokens = new TreeMap<>();
    private final Map<String, String> attributes = new TreeMap<>(TOKENS);
    /** Those of the running test, in which budgets must agree at its end. */
    private final List<String> databases = new ArrayList<>();

    @BeforeAll
    final void createTokens() throws IOException {
        for (var name : TOKENS.keySet()) {
            addToken(name);
        }
    }

    /** Adds a token of this name and with this attribute, such as {@code rights=web}, to the file of tokens. */
    final void addToken(String name, String attribute) throws IOException {
        attributes.put(name, " " + attribute);
        addToken(name);
    }

    /** Adds a token of this name to the file of tokens. */
    final void addToken(String name) throws IOException {
        var token = AccessToken.generate(new SecureRandom());
        log.plant(token.reveal());
        tokens.put(name, token);
        write(
                "clients",
                tokens.entrySet().stream()
                        .map(each ->
                                each.getValue().line(each.getKey()) + attributes.getOrDefault(each.getKey(), "") + "\n")
                        .collect(Collectors.joining()));
    }

    /** The usual WAR with the tokens, a policy file of this name, and names for models. */
    final Deployment governed(String file) {
        return governed(ground.usual(), file);
    }

    /** The same for another deployment than the usual one. */
    final Deployment governed(Deployment plain, String file) {
        return plain.with("clients.file", folder.resolve("clients").toString())
                .with("policy.file", path(file))
                .with("openai.models", Completions.ALIASES + ";gpt-small=claude-haiku-4-5")
                .with(
                        "models.aliases",
                        "fast=claude-haiku-4-5;strong=claude-opus-5-5;claude-haiku-mine=claude-opus-5-5");
    }

    /** The path of a file with this name. */
    final String path(String file) {
        return folder.resolve(file).toString();
    }

    /** Writes a file as careful administrators do it: the new version is whole before it has the name. */
    final void write(String file, String json) throws IOException {
        var fresh = Files.writeString(folder.resolve("fresh"), json);
        Files.move(fresh, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Waits until the node has compared the version of its policy with that of other nodes. */
    final void awaitReady(Container container) throws Exception {
        eventually(() -> send(container, request(container, "laptop", "GET", "/health/ready"))
                        .status()
                == 200);
    }

    /** A policy of this version with these other members. */
    static String policy(int version, String members) {
        return "{\"version\": " + version + ", " + members + "}";
    }

    /** A request with the token of this name. */
    final RawRequest request(Container container, String token, String method, String target) {
        return request(container, method, target).field("x-api-key", secret(token));
    }

    /** A request as OpenAI's clients send it. */
    final RawRequest openAi(Container container, String token, String method, String target) {
        return request(container, method, target).bearer(secret(token));
    }

    /** The text of a token, which no response may contain. */
    final String secret(String token) {
        return Objects.requireNonNull(tokens.get(token)).reveal();
    }

    static String chat(String model) {
        return Completions.WHOLE.replace(Completions.ALIAS, model);
    }

    /** Asserts a refusal in the Messages API's shape, and returns its message. */
    static String forbidden(RawResponse answer) {
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        return Answers.refused(answer, 403);
    }

    /** The same in OpenAI's shape. */
    static String forbiddenAsOpenAi(RawResponse answer) {
        assertThat(answer.fields().values("x-should-retry")).containsExactly("false");
        return Completions.refused(answer, 403, "permission_error", "permission_error");
    }

    /** The response to a message with the token of this name. */
    final RawResponse message(Container container, String token) throws IOException {
        return send(container, request(container, token, "POST", MESSAGES).json(body(MODEL)));
    }

    /** A message of the upstream with so many tokens. */
    static String message(int input, int output) {
        return "{\"id\":\"msg_test\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + MODEL
                + "\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                + "\"usage\":{\"input_tokens\":" + input + ",\"output_tokens\":" + output + "}}";
    }

    /** A new database of H2 in memory for this test. */
    final String database() {
        return checked("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }

    /** This database, in which budgets must agree at the end of this test. */
    final String checked(String database) {
        databases.add(database);
        return database;
    }

    @AfterEach
    final void theNumbersInTheDatabasesFitTogether() throws SQLException {
        for (var each : databases) {
            BudgetCheck.agrees(BoundDatabase.of(each));
        }
        databases.clear();
    }
}
