package dev.warder.adminapi;

import static dev.warder.testkit.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warder.adminapi.RefusedChangeException.Cause;
import dev.warder.auth.ClientCertificates;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.ClientSettings;
import dev.warder.auth.IssuedTokens;
import dev.warder.config.FileWatch;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditChain;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.PolicyFollower;
import dev.warder.policy.PolicyFollower.Decision;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import dev.warder.testkit.AtOnce;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.LogLine;
import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What administrators change, in a database of each supported kind. */
interface AdministrationContract {
    PolicyName ADA = PolicyName.client("ada");
    PolicyName BLUE = new PolicyName(PolicyName.Kind.TEAM, "blue");

    Administration.Request REQUEST = new Administration.Request(
            new AuditEntry.Actor("root", "192.0.2.1", "req_1"), Optional.empty(), Optional.empty());

    String LOST = "the database has lost entries of the audit that this node has had: ";

    /** An empty database, the same for each call of one test. */
    DataSource database();

    /** One node. */
    final class Node {
        private final LivePolicy live;
        private final PolicyFollower follower;
        private final Administration administration;

        Node(DataSource source) {
            this(source, Optional.empty());
        }

        Node(DataSource source, Optional<Path> journal) {
            live = LivePolicy.ofDatabase(Optional.empty());
            var issued = new IssuedTokens();
            follower = new PolicyFollower(
                    source, List.of(content -> issued.replace(content.tokens().values()), live::accept), journal);
            var clients = new ClientSettings(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "X-Token",
                    false,
                    true,
                    ClientCertificates.OFF);
            administration = new Administration(
                    follower,
                    ClientDirectory.of(clients, Optional.of(live), issued, new FileWatch(), InstantSource.system()),
                    Optional.of(live),
                    Optional.empty());
        }
    }

    private Node node() {
        return new Node(database());
    }

    static JsonObject object(String json) {
        return JsonTree.parseObject(json.replace('\'', '"')).orElseThrow();
    }

    private static JsonObject person() {
        return object("{'kind': 'person'}");
    }

    private static Administration.Condition revision(long number) {
        return new Administration.Condition(false, OptionalLong.of(number));
    }

    /** Each of them reads the newest content under the lock, however old its own copy is. */
    @Test
    default void nodesThatChangeAtTheSameTimeLoseNothing() throws Exception {
        int nodes = 4;
        int each = 10;
        AtOnce.run(nodes, number -> {
            var node = node();
            for (int j = 0; j < each; j++) {
                node.administration.create(PolicyName.client("c-" + number + "-" + j), person(), REQUEST);
            }
            return true;
        });
        var node = node();
        node.follower.look();
        assertThat(node.live.current().principals()).hasSize(nodes * each);
        assertThat(node.follower.known().revision()).isEqualTo((long) nodes * each);
        assertThat(verified(node)).isEqualTo((long) nodes * each);
    }

    @Test
    default void theAuditHasWhatWasBeforeAndAfterWithoutASecret() throws Exception {
        var node = node();
        long first = node.administration.create(ADA, person(), REQUEST).result().revision();
        node.administration.merge(ADA, object("{'tags': ['a']}"), revision(first), REQUEST);
        var token = node.administration.createToken("laptop", "ada", object("{'rights': ['managed']}"), REQUEST);
        String id = token.secret().orElseThrow().id();
        node.administration.mergeToken(id, object("{'rights': ['web']}"), revision(3), REQUEST);
        node.administration.remove(ADA, Administration.Condition.NONE, REQUEST);
        var entries = node.administration.auditAfter(0, 100);
        assertThat(entries)
                .extracting(entry -> entry.item().action() + " " + entry.item().subject())
                .containsExactly(
                        "create client/ada",
                        "change client/ada",
                        "create token/" + id,
                        "change token/" + id,
                        "remove client/ada",
                        "revoke token/" + id);
        assertThat(entries.get(1).item().before()).isEqualTo("{\"name\":\"ada\",\"kind\":\"person\"}");
        assertThat(entries.get(1).item().after()).contains("\"tags\":[\"a\"]");
        var revoked = entries.get(5).item();
        assertThat(revoked.before())
                .isEqualTo("{\"name\":\"laptop\",\"client\":\"ada\",\"terms\":{\"rights\":[\"web\"]}}")
                .isEqualTo(entries.get(3).item().after());
        assertThat(revoked.after()).isEmpty();
        assertThat(entries).allMatch(entry -> entry.actor().equals(REQUEST.actor()));
        assertThat(entries.toString())
                .doesNotContain(token.secret().orElseThrow().reveal())
                .doesNotContain(node.follower
                        .known()
                        .tokens()
                        .values()
                        .iterator()
                        .next()
                        .sha256());
        assertThat(verified(node)).isEqualTo(6);
    }

    /** By a user of the database with the right to write, in any column of any entry. */
    @Test
    default void aTamperedAuditIsFound() throws Exception {
        var node = node();
        for (var name : List.of("ada", "bob", "cyd")) {
            node.administration.create(PolicyName.client(name), person(), REQUEST);
        }
        assertThat(verified(node)).isEqualTo(3);
        for (var change : Map.of(
                        "UPDATE warder_audit SET actor = 'eve' WHERE number = 2", "entry 2",
                        "UPDATE warder_audit SET content_after = '{}' WHERE number = 3", "entry 3",
                        "UPDATE warder_audit SET address = '' WHERE number = 1", "entry 1",
                        "UPDATE warder_audit SET made_at = made_at - INTERVAL '1' SECOND WHERE number = 2", "entry 2",
                        "DELETE FROM warder_audit WHERE number = 2", "entry 2")
                .entrySet()) {
            try (var connection = database().getConnection();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate(change.getKey());
                connection.commit();
                assertThat(problem(node)).as(change.getKey()).contains(change.getValue());
                restore(statement, change.getKey(), node);
                connection.commit();
            }
        }
    }

    private static void restore(java.sql.Statement statement, String change, Node node) throws SQLException {
        statement.executeUpdate("DELETE FROM warder_audit");
        statement.executeUpdate("DELETE FROM warder_policy_object");
        statement.executeUpdate("UPDATE warder_policy_revision SET revision = 0, audit_number = 0, audit_hash = ''");
        statement.getConnection().commit();
        node.follower.look();
        for (var name : List.of("ada", "bob", "cyd")) {
            try {
                node.administration.create(PolicyName.client(name), person(), REQUEST);
            } catch (RefusedChangeException failed) {
                throw new AssertionError(change, failed);
            }
        }
    }

    /** The database of a backup counts again from a lower number. */
    @Test
    default void aDatabaseThatWasRestoredIsReadAgain() throws Exception {
        var node = node();
        node.administration.create(ADA, person(), REQUEST);
        node.administration.create(PolicyName.client("bob"), person(), REQUEST);
        execute(
                database(),
                "DELETE FROM warder_policy_object WHERE name = 'bob'",
                "DELETE FROM warder_audit WHERE number = 2",
                "UPDATE warder_policy_revision SET revision = 1, audit_number = 1, audit_hash ="
                        + " (SELECT hash FROM warder_audit WHERE number = 1)");
        // Another node has used the number again before this one looks.
        node().administration.create(PolicyName.client("cyd"), person(), REQUEST);
        node.follower.look();
        assertThat(node.live.current().entryOfClient("cyd", List.of())).isPresent();
        assertThat(node.live.current().entryOfClient("bob", List.of())).isEmpty();
        assertThat(node.live.current().entryOfClient("ada", List.of())).isPresent();
    }

    /**
     * A token of a client that has left would be that of the next client of its name. Earlier releases made tokens for clients of
     * {@code policy.file}.
     */
    @Test
    default void aNewClientDoesNotGetTheTokensOfAnEarlierOneOfItsName() throws Exception {
        var earlier = node();
        earlier.administration.create(ADA, person(), REQUEST);
        earlier.administration.createToken("laptop", "ada", object("{}"), REQUEST);
        execute(database(), "UPDATE warder_policy_object SET document = '', removed = TRUE");
        var node = node();
        assertThat(refusal(() -> node.administration.create(ADA, person(), REQUEST)))
                .isEqualTo(Cause.CLASH);
    }

    @Test
    default void aTokenIsNotMadeForAClientThatWasRemoved() throws Exception {
        var one = node();
        var two = node();
        one.administration.create(ADA, person(), REQUEST);
        two.follower.look();
        one.administration.remove(ADA, Administration.Condition.NONE, REQUEST);
        assertThat(refusal(() -> two.administration.createToken("laptop", "ada", object("{}"), REQUEST)))
                .isEqualTo(Cause.INVALID);
    }

    @Test
    default void namesOfTokensAndClientsAreNotMistakenForEachOther() throws Exception {
        var node = node();
        node.administration.create(ADA, person(), REQUEST);
        node.administration.create(PolicyName.client("bob"), person(), REQUEST);
        node.administration.createToken("carol", "bob", object("{}"), REQUEST);
        for (var name : List.of("CAROL", "ADA", "admin.token", "shared", "a b", "")) {
            assertThat(refusal(() -> node.administration.createToken(name, "bob", object("{}"), REQUEST)))
                    .as(name)
                    .isIn(Cause.CLASH, Cause.INVALID);
        }
        assertThat(refusal(() -> node.administration.create(PolicyName.client("Carol"), person(), REQUEST)))
                .isEqualTo(Cause.CLASH);
    }

    @Test
    default void aKeyIsForgottenWithItsDay() throws Exception {
        var node = node();
        var key = Administration.IdempotencyKey.read("root", Optional.of("k"), "create ada");
        var keyed = new Administration.Request(REQUEST.actor(), Optional.empty(), key);
        assertThat(node.administration.create(ADA, person(), keyed).isRepeated())
                .isFalse();
        assertThat(node.administration.create(ADA, person(), keyed).isRepeated())
                .isTrue();
        execute(database(), "UPDATE warder_idempotency SET made_at = made_at - INTERVAL '25' HOUR");
        assertThat(refusal(() -> node.administration.create(ADA, person(), keyed)))
                .isEqualTo(Cause.CLASH);
    }

    @Test
    default void aFileIsTakenOverWithItsZone() throws Exception {
        var node = node();
        String budget = "'budgets': [{'amount': '5', 'period': 'day'}]";
        var file = object("{'version': 1, 'zone': 'Europe/Berlin', 'clients': [{'name': 'ada', 'kind': 'person', "
                + budget + "}]}");
        node.administration.takeOver(Optional.of(file), Optional.empty(), REQUEST);
        assertThat(String.valueOf(node.live.current().budgetsByKey().get("client/ada/day")))
                .contains("Europe/Berlin");
        assertThat(node.administration.auditAfter(0, 100))
                .extracting(entry -> entry.item().action())
                .containsOnly("import");
    }

    /** Apart from clients, which {@code clients.file} alone does not have. */
    @Test
    default void aTokenOfAnotherClientIsNotTakenOver() throws Exception {
        var node = node();
        var tokens = Optional.of("laptop id=abcdefgh sha256=" + "a".repeat(64) + "\n");
        node.administration.takeOver(Optional.of(fileWithLaptopOf("ada")), tokens, REQUEST);
        assertThat(refusal(() -> node.administration.takeOver(Optional.of(fileWithLaptopOf("bob")), tokens, REQUEST)))
                .isEqualTo(Cause.CLASH);
        node.administration.takeOver(Optional.of(fileWithLaptopOf("ada")), tokens, REQUEST);
        node.administration.takeOver(Optional.empty(), tokens, REQUEST);
        assertThat(node.follower.known()).extracting(StoredPolicy::revision).isEqualTo(1L);
        assertThat(node.live.current().entryOfClient("bob", List.of())).isEmpty();
    }

    private static JsonObject fileWithLaptopOf(String client) {
        return object("{'version': 1, 'clients': [{'name': '" + client
                + "', 'kind': 'person', 'token_names': ['laptop'], 'budgets': 'unlimited'}]}");
    }

    @Test
    default void aDatabaseThatIsAwayIsReportedAndChangesNothing() throws Exception {
        var node = node();
        assertThat(node.live.awaitsDatabase()).isTrue();
        node.administration.create(ADA, person(), REQUEST);
        execute(database(), "ALTER TABLE warder_policy_revision RENAME TO warder_policy_gone");
        assertThatThrownBy(() -> node.administration.create(PolicyName.client("bob"), person(), REQUEST))
                .isInstanceOf(SQLException.class);
        node.follower.look();
        assertThat(node.follower.isDatabaseAway()).isTrue();
        assertThat(node.live.current().entryOfClient("ada", List.of())).isPresent();
        execute(database(), "ALTER TABLE warder_policy_gone RENAME TO warder_policy_revision");
        node.follower.look();
        assertThat(node.follower.isDatabaseAway() || node.live.awaitsDatabase()).isFalse();
        assertThat(node.follower.known()).extracting(StoredPolicy::revision).isEqualTo(1L);
    }

    /** A database that does not respond keeps the threads of administrators for this long at most. */
    @Test
    default void nobodyWaitsForAnotherWithoutALimit() throws Exception {
        var follower = new PolicyFollower(database(), List.of(), Optional.empty(), Duration.ofMillis(20));
        PolicyFollower.Change<Throwable, SQLException> slow = (handle, newest, at) -> new Decision<>(
                StoredPolicy.Changes.none(newest),
                CompletableFuture.supplyAsync(() -> catchThrowable(follower::newest))
                        .join(),
                List.of());
        assertThat(follower.change(slow)).isInstanceOf(SQLTimeoutException.class);
        assertThat(follower.newest().revision()).isZero();
    }

    private Node node(Path journal) {
        return new Node(database(), Optional.of(journal));
    }

    /** The database is as it was after its first change. */
    private void loseAllButOneChange() throws SQLException {
        execute(
                database(),
                "CREATE TABLE kept AS SELECT * FROM warder_audit",
                "DELETE FROM warder_audit WHERE number > 1",
                "DELETE FROM warder_policy_object WHERE revision > 1",
                "UPDATE warder_policy_revision SET revision = 1, audit_number = 1, audit_hash ="
                        + " (SELECT hash FROM warder_audit)");
    }

    /** The changes that the database lacks. */
    private static String missing(Node node) throws SQLException {
        var text = node.administration.auditMissing().orElse(LOST);
        assertThat(text).startsWith(LOST);
        return text.substring(LOST.length());
    }

    /** As after a kill whose end a database has lost, and after a restore of an older one. */
    @Test
    default void theStartNamesChangesThatTheDatabaseHasLost(@TempDir Path journal) throws Exception {
        var before = node(journal);
        for (var name : List.of("ada", "bob", "eve")) {
            before.administration.create(PolicyName.client(name), person(), REQUEST);
        }
        assertThat(missing(before)).isEmpty();
        loseAllButOneChange();
        var lost = "2 create client/bob, 3 create client/eve";
        for (int start = 0; start < 2; start++) {
            try (var log = LogCapture.start()) {
                var after = node(journal);
                after.follower.look();
                assertThat(log.lines("dev.warder.audit", Level.WARNING))
                        .singleElement()
                        .extracting(LogLine::text)
                        .asString()
                        .startsWith(LOST + lost + "; ");
                after.administration.create(PolicyName.client("new" + start), person(), REQUEST);
                assertThat(verified(after))
                        .as("later changes have their numbers")
                        .isEqualTo(2 + start);
                assertThat(missing(after)).isEqualTo(lost);
            }
        }
        assertThat(missing(node())).as("a node without data.dir").isEmpty();
        execute(
                database(),
                "DELETE FROM warder_audit WHERE number > 1",
                "INSERT INTO warder_audit SELECT * FROM kept WHERE number > 1");
        assertThat(missing(node(journal)))
                .as("where they are again")
                .isEqualTo("2 create client/new0, 3 create client/new1");
    }

    /** A node that runs while its database is replaced, such as by a replica that lags, and one that was started with another one. */
    @Test
    default void aNodeAlsoKnowsTheChangesOfOthersThatItRead(@TempDir Path journal, @TempDir Path fresh)
            throws Exception {
        var node = node(journal);
        node.follower.look();
        for (var name : List.of("ada", "bob", "eve")) {
            node().administration.create(PolicyName.client(name), person(), REQUEST);
        }
        node.follower.look();
        loseAllButOneChange();
        try (var log = LogCapture.start()) {
            node.follower.look();
            assertThat(log.lines("dev.warder.audit", Level.WARNING)).hasSize(1);
        }
        assertThat(missing(node)).isEqualTo("2 create client/bob, 3 create client/eve");
        var other = node(fresh);
        other.follower.look();
        assertThat(missing(other)).as("a node that never had them").isEmpty();
        execute(
                database(),
                "DELETE FROM warder_audit",
                "DELETE FROM warder_policy_object",
                "UPDATE warder_policy_revision SET revision = 0, audit_number = 0, audit_hash = ''");
        other = node(fresh);
        other.follower.look();
        assertThat(missing(other)).as("a new database").isEqualTo("1 create client/ada");
    }

    @Test
    default void whatANodeKeepsOfTheAuditIsBounded(@TempDir Path journal) throws Exception {
        var node = node(journal);
        var file = JsonTree.newArray();
        for (int i = 0; i < 500; i++) {
            file.add(object("{'name': 'c" + i + "', 'kind': 'person', 'budgets': 'unlimited'}"));
        }
        node.administration.takeOver(
                Optional.of(JsonTree.newObject()
                        .add("version", 1)
                        .add("clients", file)
                        .build()),
                Optional.empty(),
                REQUEST);
        node.administration.create(ADA, person(), REQUEST);
        try (var lines = Files.lines(journal.resolve("audit.entries"))) {
            assertThat(lines.count()).isEqualTo(200);
        }
        execute(database(), "DELETE FROM warder_audit");
        assertThat(missing(node(journal))).startsWith("302 import client/").endsWith(", 501 create client/ada");
    }

    /** A change is in the database then, and has to be acknowledged. */
    @Test
    default void aChangeIsMadeWhereItCannotBeNoted(@TempDir Path folder) throws Exception {
        var journal = folder.resolve("absent");
        var node = node(journal);
        node.administration.create(ADA, person(), REQUEST);
        assertThat(verified(node)).isOne();
        Files.createDirectory(journal);
        node.administration.create(PolicyName.client("bob"), person(), REQUEST);
        execute(database(), "DELETE FROM warder_audit");
        assertThat(missing(node(journal))).isEqualTo("1 create client/ada, 2 create client/bob");
    }

    /** The number of entries, all of which are intact. */
    private static long verified(Node node) throws SQLException {
        var chain = new AuditChain();
        for (var entry : node.administration.auditAfter(0, 100_000)) {
            assertThat(chain.add(entry)).isEmpty();
        }
        return chain.length();
    }

    private static String problem(Node node) throws SQLException {
        var chain = new AuditChain();
        for (var entry : node.administration.auditAfter(0, 100)) {
            var problem = chain.add(entry);
            if (problem.isPresent()) {
                return problem.get();
            }
        }
        return "none";
    }

    private static Cause refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable change) {
        return catchThrowableOfType(RefusedChangeException.class, change).reason();
    }
}
