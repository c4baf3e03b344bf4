package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import dev.warder.testkit.RecordedRequest;
import dev.warder.testkit.Script;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;

/**
 * Ground for contracts about several managed credentials, named {@code c0}, {@code c1} and so on.
 */
abstract class PoolContract extends GroundContract {
    /** A request's body. */
    static final String QUESTION = "{\"model\":\"claude-x\",\"max_tokens\":9,\"messages\":[]}";

    /** What the upstream answers unless a test says otherwise. */
    static final String FINE = Messages.message("Hello.");

    private static final int MOST = 128;

    @BeforeAll
    final void hushTheClient() {
        log.level("org.apache.hc", Level.INFO);
        IntStream.range(0, MOST).forEach(n -> log.plant(key(n)));
    }

    /** A container of this name with so many keys. */
    final Container pool(String name, int keys) throws Exception {
        return pool(name, several(keys));
    }

    final Container pool(String name, Deployment deployment) throws Exception {
        return deployed(name, deployment);
    }

    /** A shared container with so many keys, of which none is out of use. */
    final Container shared(int keys) throws Exception {
        return shared(several(keys));
    }

    /** The same of this deployment. */
    final Container shared(Deployment deployment) throws Exception {
        return ground.shared(deployment);
    }

    /** The deployment with so many keys. */
    final Deployment several(int keys) {
        String all = IntStream.range(0, keys)
                .mapToObj(n -> "c" + n + "=jndi:warder/secret.k" + n)
                .collect(Collectors.joining("; "));
        var deployment = ground.guarded().with("upstream.credentials", all);
        for (int n = 0; n < keys; n++) {
            deployment = deployment.withJndi("warder/secret.k" + n, key(n));
        }
        return deployment;
    }

    /** The key of the credential {@code c<number>}. */
    static String key(int number) {
        return "sk-" + "ant-api03-" + "pool%03d".formatted(number).repeat(5);
    }

    /** Asks for a message. */
    static RawResponse ask(Container pool) throws Exception {
        return send(pool, question(pool));
    }

    static RawRequest question(Container pool) {
        return authenticated(pool, "POST", "/v1/messages").json(QUESTION);
    }

    /** An answer with an error document of this text. */
    static Script error(int status, String text) {
        return json(status, Messages.error("api_error", text));
    }

    /** The names of the credentials that came upstream, of which each request had exactly one. */
    final List<String> sentWith() {
        return upstream.requests().stream().map(PoolContract::name).toList();
    }

    static String name(RecordedRequest sent) {
        var values = sent.fields().values("x-api-key");
        assertThat(values).hasSize(1);
        assertThat(sent.fields().has("Authorization")).isFalse();
        return IntStream.range(0, MOST)
                .filter(n -> key(n).equals(values.get(0)))
                .mapToObj(n -> "c" + n)
                .findFirst()
                .orElseThrow();
    }
}
