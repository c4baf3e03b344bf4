package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.errors.ConflictException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.models.organization.spendlimits.SpendLimitPeriod;
import com.anthropic.models.organization.spendlimits.increaserequests.IncreaseRequestApproveParams;
import com.anthropic.models.organization.spendlimits.increaserequests.IncreaseRequestListParams;
import com.anthropic.models.organization.spendlimits.increaserequests.SpendLimitIncreaseRequest;
import com.anthropic.models.organization.spendlimits.increaserequests.SpendLimitIncreaseRequestStatus;
import com.anthropic.services.blocking.organization.spendlimits.IncreaseRequestService;
import dev.warder.testkit.Container;
import dev.warder.testkit.Postgres;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests of clients for higher spend limits, which administrators approve and deny by the official client. */
class IncreaseContract extends PrincipalGround {
    private static final String REQUESTS = "increase_requests";
    private static final String LIST = "/v1/organizations/spend_limit_increase_requests";

    @RegisterExtension
    private final Postgres postgres = new Postgres();

    IncreaseContract(Container.Starter starter) {
        super(starter);
    }

    /** A node with the clients ada, whose limit is used up, bob and boss, who has the right to change all. */
    private Container ready(String name, String database) throws Exception {
        var node = node(name, database);
        createClient(node, "ada", ", 'budgets': [{'amount': '0', 'period': 'day'}]");
        createClient(node, "bob", ", 'budgets': 'unlimited'");
        createClient(node, "boss", ", 'budgets': 'unlimited'");
        createToken(node, "laptop", "ada", "");
        createToken(node, "desk", "bob", "");
        createToken(node, "boss", "boss", "'rights': ['admin:write']");
        return node;
    }

    /** What the client of a token sends. */
    private RawResponse own(Container node, String token, String method, String resource, String json)
            throws IOException {
        var request = Ground.request(node, method, API + resource).field("authorization", "Bearer " + issued(token));
        return Ground.send(node, json.isEmpty() ? request : request.json(json.replace('\'', '"')));
    }

    private AdminSdk client(Container node, String token) {
        return AdminSdk.of(node, issued(token));
    }

    private static IncreaseRequestService requests(AdminSdk client) {
        return client.organization().spendLimits().increaseRequests();
    }

    @Test
    void anApprovedRequestSetsTheLimitInPostgres() throws Exception {
        anApprovedRequestSetsTheLimit(postgres.anotherAddress());
    }

    @Test
    void anApprovedRequestSetsTheLimitInH2() throws Exception {
        anApprovedRequestSetsTheLimit("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }

    @Test
    void aRepeatedRequestWithTheSameKeyIsMadeOnce() throws Exception {
        try (var node = ready("repeated", postgres.anotherAddress());
                var sdk = client(node, "boss")) {
            String asked = "{\"period\": \"daily\", \"amount\": \"500\", \"reason\": \"a demo\"}";
            var request = withKey(node, "one").json(asked);
            var made = created(Ground.send(node, request));
            requests(sdk).deny(made.getString("id"));
            assertThat(created(Ground.send(node, request)))
                    .as("the retry arrives after the decision")
                    .isEqualTo(made);
            assertThat(done(own(node, "laptop", "GET", REQUESTS, "")).getJsonArray("data"))
                    .hasSize(1);
            Answers.refused(
                    Ground.send(node, withKey(node, "one").json(asked.replace("500", "700"))),
                    422,
                    "invalid_request_error");
            Answers.refused(
                    Ground.send(node, withKey(node, "x".repeat(256)).json(asked)), 400, "invalid_request_error");
            assertThat(created(Ground.send(node, withKey(node, "two").json(asked)))
                            .getString("id"))
                    .isNotEqualTo(made.getString("id"));
        }
    }

    private RawRequest withKey(Container node, String key) {
        return Ground.request(node, "POST", API + REQUESTS)
                .field("authorization", "Bearer " + issued("laptop"))
                .field("idempotency-key", key);
    }

    private void anApprovedRequestSetsTheLimit(String database) throws Exception {
        try (var node = ready("approved", database);
                var sdk = client(node, "boss")) {
            assertThat(status(node, "laptop")).as("nothing is left").isEqualTo(429);
            var made = created(
                    own(node, "laptop", "POST", REQUESTS, "{'period': 'daily', 'amount': '500', 'reason': 'a demo'}"));
            assertThat(made.getString("status")).isEqualTo("pending");
            assertThat(made.getString("requested_amount")).isEqualTo("500");
            String id = made.getString("id");

            var listed = requests(sdk).list().autoPager().stream().toList();
            assertThat(listed).singleElement().satisfies(request -> {
                request.validate();
                assertThat(request.actor().asUser().userId()).isEqualTo("ada");
                assertThat(request.period()).isEqualTo(SpendLimitPeriod.DAILY);
                assertThat(request.spendSummary().orElseThrow().amount()).contains("0");
            });
            assertThatThrownBy(() -> requests(sdk).approve(id, amount("-1")))
                    .hasMessageContaining("amount: must be whole cents");
            var approved = requests(sdk).approve(id, amount("700"));
            approved.validate();
            assertThat(approved.status()).isEqualTo(SpendLimitIncreaseRequestStatus.APPROVED);
            assertThat(approved.resolvedBy().orElseThrow().asUserActor().userId())
                    .startsWith("boss (token ");
            assertThat(approved.spendLimit().orElseThrow().amount()).contains("700");
            assertThat(status(node, "laptop")).as("it is in use at once").isEqualTo(200);

            var seen = done(own(node, "laptop", "GET", REQUESTS, ""))
                    .getJsonArray("data")
                    .getJsonObject(0);
            assertThat(seen.getString("status") + " " + seen.getString("granted_amount"))
                    .isEqualTo("approved 700");
            assertThat(seen.isNull("resolved_by"))
                    .as("a client sees no administrator")
                    .isTrue();
            var resolved = requests(sdk).retrieve(id);
            assertThat(resolved.status()).isEqualTo(SpendLimitIncreaseRequestStatus.APPROVED);
            assertThat(resolved.spendSummary()).isEmpty();
            assertThatThrownBy(() -> requests(sdk).approve(id, amount("900")))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("The request is not pending: it is approved.");
            assertThatThrownBy(() -> requests(sdk).deny(id)).hasMessageContaining("not pending");
            assertThat(done(admin(node, "GET", "clients/ada")).toString())
                    .as("the second decision has changed nothing")
                    .contains("\"amount\":\"7.00\"");
            var audit = done(admin(node, "GET", "audit?limit=1000")).getJsonArray("data");
            assertThat(audit.subList(audit.size() - 2, audit.size()))
                    .extracting(entry -> entry.asJsonObject().getString("action") + " "
                            + entry.asJsonObject().getString("subject"))
                    .containsExactly("approve increase_request/" + id, "change client/ada");
            var ofLimits = Ground.request(node, "GET", "/v1/organizations/spend_limits/audit?limit=2")
                    .field("x-api-key", issued("boss"));
            assertThat(done(Ground.send(node, ofLimits)).getJsonArray("data"))
                    .as("the newest first")
                    .extracting(entry -> entry.asJsonObject().getString("subject"))
                    .containsExactly("client/ada", "increase_request/" + id);
        }
    }

    private static IncreaseRequestApproveParams amount(String cents) {
        return IncreaseRequestApproveParams.builder().amount(cents).build();
    }

    @Test
    void aDeniedRequestChangesNoLimit() throws Exception {
        try (var node = ready("denied", postgres.anotherAddress());
                var sdk = client(node, "boss")) {
            String before = admin(node, "GET", "clients/ada").text();
            String id = created(own(node, "laptop", "POST", REQUESTS, "{'period': 'monthly'}"))
                    .getString("id");
            var denied = requests(sdk).deny(id);
            denied.validate();
            assertThat(denied.status()).isEqualTo(SpendLimitIncreaseRequestStatus.DENIED);
            assertThat(admin(node, "GET", "clients/ada").text()).isEqualTo(before);
            var audit = done(admin(node, "GET", "audit?limit=1000")).getJsonArray("data");
            var last = audit.getJsonObject(audit.size() - 1);
            assertThat(last.getString("action") + " " + last.getString("subject"))
                    .isEqualTo("deny increase_request/" + id);
            assertThat(own(node, "laptop", "POST", REQUESTS, "{'period': 'monthly'}")
                            .status())
                    .as("another one may be made")
                    .isEqualTo(201);
        }
    }

    @Test
    void listsArePagedTheNewestFirst() throws Exception {
        try (var node = ready("paged", postgres.anotherAddress());
                var sdk = client(node, "boss")) {
            for (var period : List.of("daily", "weekly", "monthly")) {
                created(own(node, "laptop", "POST", REQUESTS, "{'period': '" + period + "'}"));
                created(admin(node, "POST", REQUESTS, "{'client': 'bob', 'period': '" + period + "'}"));
            }
            requests(sdk).deny("slir_1");
            assertThat(names(sdk, IncreaseRequestListParams.builder().limit(1)))
                    .containsExactly("6 bob", "5 ada", "4 bob", "3 ada", "2 bob", "1 ada");
            assertThat(names(sdk, IncreaseRequestListParams.builder().limit(2).addActorId("ada")))
                    .containsExactly("5 ada", "3 ada", "1 ada");
            assertThat(names(
                            sdk,
                            IncreaseRequestListParams.builder()
                                    .limit(2)
                                    .addActorId("ada")
                                    .addStatus(SpendLimitIncreaseRequestStatus.PENDING)))
                    .containsExactly("5 ada", "3 ada");
            String made = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((digest("increase requests [] []\n%zz") + "%zz").getBytes(StandardCharsets.UTF_8));
            for (var query :
                    List.of("?page=page_x", "?page=page_" + made, "?limit=0", "?status[]=open", "?order=asc")) {
                var refused = Ground.send(
                        node, Ground.request(node, "GET", LIST + query).field("x-api-key", issued("boss")));
                Answers.refused(refused, 400, "invalid_request_error");
            }
            var own = done(own(node, "laptop", "GET", REQUESTS + "?limit=2&client=bob", ""));
            assertThat(own.getJsonArray("data"))
                    .as("a client sees its own, whatever it asks for")
                    .extracting(each -> each.asJsonObject().getString("id"))
                    .containsExactly("slir_5", "slir_3");
            var rest = done(own(node, "laptop", "GET", REQUESTS + "?page=" + own.getString("next_page"), ""));
            assertThat(rest.getJsonArray("data"))
                    .extracting(each -> each.asJsonObject().getString("id"))
                    .containsExactly("slir_1");
        }
    }

    /** As anyone can make it, since it needs no key. */
    private static String digest(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, 9);
    }

    private static List<String> names(AdminSdk sdk, IncreaseRequestListParams.Builder params) {
        var names = new ArrayList<String>();
        for (SpendLimitIncreaseRequest each : requests(sdk).list(params.build()).autoPager()) {
            names.add(
                    each.id().replace("slir_", "") + " " + each.actor().asUser().userId());
        }
        return names;
    }

    @Test
    void eachCallerMayDoWhatItsTokenPermits() throws Exception {
        try (var node = ready("rights", postgres.anotherAddress())) {
            createToken(node, "reader", "bob", "'rights': ['admin:read']");
            String ask = "{'period': 'daily', 'reason': 'more'}";
            String id = created(own(node, "laptop", "POST", REQUESTS, ask)).getString("id");
            assertThat(created(own(node, "laptop", "POST", REQUESTS, ask)).getString("id"))
                    .as("a repetition is the same request")
                    .isEqualTo(id);
            Answers.refused(
                    own(node, "laptop", "POST", REQUESTS, "{'period': 'daily', 'amount': '1'}"),
                    409,
                    "invalid_request_error");
            Answers.refused(
                    own(node, "desk", "POST", REQUESTS, "{'client': 'ada', 'period': 'weekly'}"),
                    400,
                    "invalid_request_error");
            Answers.refused(own(node, "laptop", "GET", "clients", ""), 403, "permission_error");
            for (var body : List.of(
                    "{}",
                    "{'period': 'hourly'}",
                    "{'period': 'daily', 'amount': '1.5'}",
                    "{'period': 'daily', 'status': 'approved'}",
                    "{'period': 'daily', 'reason': 'a\\nb'}",
                    "{'period': 'daily', 'reason': '" + "x".repeat(501) + "'}")) {
                Answers.refused(own(node, "desk", "POST", REQUESTS, body), 400, "invalid_request_error");
            }
            Answers.refused(
                    admin(node, "POST", REQUESTS, "{'client': 'none', 'period': 'daily'}"), 404, "not_found_error");
            try (var sdk = client(node, "reader")) {
                assertThat(requests(sdk).list().items()).hasSize(1);
                assertThatThrownBy(() -> requests(sdk).approve(id, amount("1")))
                        .isInstanceOf(PermissionDeniedException.class);
                assertThatThrownBy(() -> requests(sdk).deny(id)).isInstanceOf(PermissionDeniedException.class);
            }
            try (var sdk = client(node, "boss")) {
                for (var unknown : List.of("slir_99", "slir_0", "x")) {
                    assertThatThrownBy(() -> requests(sdk).retrieve(unknown)).isInstanceOf(NotFoundException.class);
                    assertThatThrownBy(() -> requests(sdk).approve(unknown, amount("1")))
                            .isInstanceOf(NotFoundException.class);
                    assertThatThrownBy(() -> requests(sdk).deny(unknown)).isInstanceOf(NotFoundException.class);
                }
            }
            assertThat(ground.log().leaks()).isEmpty();
        }
    }

    @Test
    void aRequestOfARemovedClientIsNoneOfTheNextOneOfItsName() throws Exception {
        try (var node = ready("removed", postgres.anotherAddress());
                var sdk = client(node, "boss")) {
            String id = created(own(node, "laptop", "POST", REQUESTS, "{'period': 'daily'}"))
                    .getString("id");
            done(admin(node, "DELETE", "clients/ada"));
            assertThatThrownBy(() -> requests(sdk).approve(id, amount("1"))).isInstanceOf(NotFoundException.class);
            assertThat(requests(sdk).retrieve(id).status()).isEqualTo(SpendLimitIncreaseRequestStatus.PENDING);
            createClient(node, "ada", ", 'budgets': [{'amount': '1', 'period': 'day'}]");
            createToken(node, "new", "ada", "");
            assertThat(done(own(node, "new", "GET", REQUESTS, "")).getJsonArray("data"))
                    .as("another client of its name has no requests")
                    .isEmpty();
            assertThatThrownBy(() -> requests(sdk).approve(id, amount("1"))).isInstanceOf(ConflictException.class);
            String other = created(own(node, "new", "POST", REQUESTS, "{'period': 'daily'}"))
                    .getString("id");
            assertThat(other).isNotEqualTo(id);
            assertThat(requests(sdk).retrieve(id).status()).isEqualTo(SpendLimitIncreaseRequestStatus.DENIED);
        }
    }

    /** The response comes although no byte of the second body does; the memory of the first is free again when it ends. */
    @Test
    void aSecondBodyOfAClientIsRefusedBeforeItIsRead() throws Exception {
        try (var node = ready("bodies", postgres.anotherAddress());
                var first = RawClient.connect(node.baseUri());
                var second = RawClient.connect(node.baseUri())) {
            String body = "{\"period\": \"daily\"}";
            first.send(unsent(node, "laptop", body.length())).send(body.substring(1, 2));
            Eventually.holds(PATIENCE, () -> {
                try (var another = RawClient.connect(node.baseUri())) {
                    return another.send(unsent(node, "laptop", body.length()))
                                    .readHead()
                                    .status()
                            == 429;
                }
            });
            var refused = second.send(unsent(node, "laptop", 100_000)).readHead();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.fields().first("retry-after")).hasValue("2");
            created(own(node, "desk", "POST", REQUESTS, body));
            done(own(node, "laptop", "GET", REQUESTS, ""));
            created(admin(node, "POST", REQUESTS, "{'client': 'boss', 'period': 'weekly'}"));
            first.reset();
            Eventually.holds(
                    PATIENCE, () -> own(node, "laptop", "POST", REQUESTS, body).status() == 201);
            for (int i = 0; i < 20; i++) {
                assertThat(own(node, "laptop", "POST", REQUESTS, body).status())
                        .as("one after the other")
                        .isEqualTo(201);
            }
        }
    }

    /** The head of a request whose body is still to come. */
    private String unsent(Container node, String token, int length) {
        return "POST " + node.contextPath() + API + REQUESTS + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + issued(token) + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    /** One thread works for all clients, and another one for administrators. */
    @Test
    void manyRequestsOfAClientKeepNoAdministratorWaiting() throws Exception {
        try (var node = ready("busy", postgres.anotherAddress())) {
            var threads = Executors.newFixedThreadPool(24);
            try {
                var ends = new AtomicBoolean();
                var calls = new ArrayList<Future<?>>();
                for (int i = 0; i < 24; i++) {
                    calls.add(threads.submit(() -> {
                        while (!ends.get()) {
                            own(node, "laptop", "GET", REQUESTS, "");
                        }
                        return null;
                    }));
                }
                for (int i = 0; i < 20; i++) {
                    done(admin(node, "GET", "clients/ada"));
                }
                ends.set(true);
                for (var call : calls) {
                    call.get();
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void aRequestIsApprovedOnceByTwoAdministratorsAtOnce() throws Exception {
        try (var node = ready("both", postgres.anotherAddress())) {
            String id = created(own(node, "laptop", "POST", REQUESTS, "{'period': 'daily'}"))
                    .getString("id");
            var threads = Executors.newFixedThreadPool(4);
            try {
                var statuses = new ArrayList<Future<Integer>>();
                for (int i = 1; i <= 4; i++) {
                    String cents = Integer.toString(100 * i);
                    statuses.add(threads.submit(() -> Ground.send(
                                    node,
                                    Ground.request(node, "POST", LIST + "/" + id + "/approve")
                                            .field("x-api-key", issued("boss"))
                                            .json("{\"amount\":\"" + cents + "\"}"))
                            .status()));
                }
                var found = new ArrayList<Integer>();
                for (var status : statuses) {
                    found.add(status.get());
                }
                assertThat(found).containsExactlyInAnyOrder(200, 409, 409, 409);
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
